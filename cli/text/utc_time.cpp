// SPDX-License-Identifier: MIT
#include "text/utc_time.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <ctime>

namespace syncline::cli {
namespace {

constexpr std::int64_t seconds_a_day = 86'400;

/// In the Gregorian calendar, which is thought to have been in use for ever.
struct Civil {
  std::int64_t year;
  unsigned month;
  unsigned day;
  unsigned hour;
  unsigned minute;
  unsigned second;
};

// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years that begin in March have
// their odd day at the end, and 400 of them are always as long.
Civil civil(std::int64_t seconds) {
  constexpr std::int64_t days_to_0000_03_01 = 719'468;
  constexpr std::int64_t days_of_400_years = 146'097;
  std::int64_t days = seconds / seconds_a_day;
  if (seconds % seconds_a_day < 0) --days;
  const auto of_day = static_cast<unsigned>(seconds - days * seconds_a_day);
  days += days_to_0000_03_01;
  std::int64_t era = days / days_of_400_years;
  if (days % days_of_400_years < 0) --era;
  const auto of_era = static_cast<unsigned>(days - era * days_of_400_years);
  const unsigned year = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const unsigned of_year = of_era - (365 * year + year / 4 - year / 100);
  const unsigned march = (5 * of_year + 2) / 153;  // months since then
  const unsigned month = march < 10 ? march + 3 : march - 9;
  return {.year = era * 400 + year + (month <= 2 ? 1 : 0),
          .month = month,
          .day = of_year - (153 * march + 2) / 5 + 1,
          .hour = of_day / 3600,
          .minute = of_day / 60 % 60,
          .second = of_day % 60};
}

/// All of `text`, which are digits.
int number_in(std::string_view text) {
  int number = 0;
  for (const char digit : text) number = number * 10 + (digit - '0');
  return number;
}

}  // namespace

std::string rfc3339(const Timestamp& time) {
  const Civil at = civil(time.seconds);
  const bool is_usual = at.year >= 0 && at.year <= 9999;
  const std::string year =
      is_usual ? fmt::format("{:04}", at.year) : fmt::format("{:+05}", at.year);
  return fmt::format("{}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", year, at.month, at.day, at.hour,
                     at.minute, at.second, time.nanoseconds);
}

std::optional<std::chrono::system_clock::time_point> start_of_pass(std::string_view name) {
  constexpr std::string_view shape = "20261125T084751Z";
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool fits = std::ranges::equal(name, shape, [&](char c, char expected) {
    return is_digit(expected) ? is_digit(c) : c == expected;
  });
  if (!fits) return std::nullopt;
  std::tm at{};
  at.tm_year = number_in(name.substr(0, 4)) - 1900;
  at.tm_mon = number_in(name.substr(4, 2)) - 1;
  at.tm_mday = number_in(name.substr(6, 2));
  at.tm_hour = number_in(name.substr(9, 2));
  at.tm_min = number_in(name.substr(11, 2));
  at.tm_sec = number_in(name.substr(13, 2));
  return std::chrono::system_clock::from_time_t(::timegm(&at));
}

}  // namespace syncline::cli
