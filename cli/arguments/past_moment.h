// Moments that are over, as people name them; what cannot be one is refused as values.h says.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string_view>

namespace syncline::cli {

/// A moment up to `now`, in local time unless it has a zone: "yesterday 18:00", "2 hours ago",
/// "2026-11-25 18:00", "18:00", and as the log and JSON have them; what is left out is whatever
/// makes it the last one. A date alone is its midnight.
std::chrono::system_clock::time_point parse_past_moment(std::string_view text,
                                                        std::chrono::system_clock::time_point now);

}  // namespace syncline::cli
