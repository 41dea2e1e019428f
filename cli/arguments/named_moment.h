// Moments of the calendar as people shorten them, in local time.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <ctime>
#include <optional>
#include <string_view>

namespace syncline::cli {

/// As far as it was named.
struct NamedMoment {
  std::optional<int> year;
  std::optional<int> month;
  std::optional<int> day;
  std::optional<int> hour;
  std::optional<int> minute;
  std::optional<int> second;
};

/// "2030-12-31T23:59:30", "12-31", "14:00", "31", ":59"; none for what is no such moment.
std::optional<NamedMoment> read_named_moment(std::string_view text);

// What was left out is whatever brings it nearest to `now`: midnight where a date is named and no
// time, the full hour where that is. None: there is no such moment on that side of it.
std::optional<std::time_t> next_such(const NamedMoment& named, std::time_t now);
/// Likewise; `now` counts.
std::optional<std::time_t> last_such(const NamedMoment& named, std::time_t now);

}  // namespace syncline::cli
