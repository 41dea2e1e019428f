// Times as people type them; what cannot be one is refused as values.h says.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace syncline::cli {

/// Seconds, fractions allowed, or with units, the largest first: "90s", "5m", "1h30m", "2d" (w d h
/// min m s ms). Above zero. Longer than a century is taken as a century.
std::chrono::nanoseconds parse_interval(std::string_view text);

/// Likewise, but a number alone is minutes, as rsync has it.
std::chrono::nanoseconds parse_minutes(std::string_view text);

/// Whole seconds, units allowed; none for a negative number, which means to the nanosecond.
std::optional<std::uint32_t> parse_window(std::string_view text);

/// Whether it would do as an interval.
bool is_time(std::string_view text);

}  // namespace syncline::cli
