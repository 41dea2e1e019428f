// Moments as programs write them, in UTC.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/timestamp.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace syncline::cli {

/// "2026-11-25T08:47:51.123456789Z", as RFC 3339 has it. Of a year before 0 or after 9999, which
/// has no room there, with a sign and as many digits as it takes (ISO 8601).
std::string rfc3339(const Timestamp& time);

/// When the pass began that is called `name` ("20261125T084751Z"), to the second; none: no pass is
/// called so.
std::optional<std::chrono::system_clock::time_point> start_of_pass(std::string_view name);

}  // namespace syncline::cli
