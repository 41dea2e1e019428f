// Moments as people shorten them; what cannot be one is refused as values.h says.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string_view>

namespace syncline::cli {

/// A moment after `now` in local time, in rsync's words: "2030-12-31T23:59", "12-31", "14:00",
/// "31", ":59"; what is left out is whatever makes it come next.
std::chrono::system_clock::time_point parse_moment(std::string_view text,
                                                   std::chrono::system_clock::time_point now);

}  // namespace syncline::cli
