// SPDX-License-Identifier: MIT
#include "arguments/times.h"

#include "arguments/number.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace syncline::cli {
namespace {

struct Unit {
  std::string_view name;
  double seconds;
};
// The largest first, which is the order that they come in.
constexpr std::array time_units{Unit{"w", 604'800}, Unit{"d", 86'400}, Unit{"h", 3600},
                                Unit{"min", 60},    Unit{"m", 60},     Unit{"s", 1},
                                Unit{"ms", 0.001}};

/// Of "1h30m" 5400, of a number alone so many of `plain_unit` seconds; none for what is no time.
std::optional<double> seconds_in(std::string_view text, double plain_unit) {
  if (const auto number = number_in<double>(text))
    return std::isfinite(*number) ? std::optional{*number * plain_unit} : std::nullopt;
  double sum = 0;
  for (auto least = time_units.begin(); !text.empty();) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto number = number_in<double>(text.substr(0, digits));
    text.remove_prefix(digits);
    const std::string_view name = text.substr(0, text.find_first_of("0123456789."));
    const auto unit =
        std::find_if(least, time_units.end(), [&](const Unit& u) { return u.name == name; });
    if (!number || unit == time_units.end()) return std::nullopt;
    sum += *number * unit->seconds;
    least = unit + 1;
    text.remove_prefix(name.size());
  }
  return sum;
}

/// So that neither the conversion nor adding it to a moment can overflow, nor a tiny one become
/// zero.
std::chrono::nanoseconds as_duration(double seconds) {
  constexpr double century = 100 * 365.25 * 86400;
  const double nanoseconds = std::min(seconds, century) * 1e9;
  return std::chrono::nanoseconds(std::max<std::int64_t>(1, std::llround(nanoseconds)));
}

}  // namespace

std::chrono::nanoseconds parse_interval(std::string_view text) {
  const auto seconds = seconds_in(text, 1);
  if (!seconds || *seconds <= 0)
    refuse_value("a positive number of seconds such as 60 or 0.5, or a time such as 5m or 1h30m",
                 text);
  return as_duration(*seconds);
}

std::chrono::nanoseconds parse_minutes(std::string_view text) {
  const auto seconds = seconds_in(text, 60);
  if (!seconds || *seconds <= 0)
    refuse_value("a positive number of minutes such as 90 or 0.5, or a time such as 45s or 1h30m",
                 text);
  return as_duration(*seconds);
}

std::optional<std::uint32_t> parse_window(std::string_view text) {
  const auto seconds = seconds_in(text, 1);
  if (!seconds || *seconds > std::numeric_limits<std::int32_t>::max() ||
      *seconds != std::floor(*seconds))
    refuse_value("a whole number of seconds such as 1, or a time such as 2s", text);
  if (*seconds < 0) return std::nullopt;
  return static_cast<std::uint32_t>(*seconds);
}

bool is_time(std::string_view text) {
  const auto seconds = seconds_in(text, 1);
  return seconds && *seconds > 0;
}

}  // namespace syncline::cli
