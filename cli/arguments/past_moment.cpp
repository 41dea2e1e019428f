// SPDX-License-Identifier: MIT
#include "arguments/past_moment.h"

#include "arguments/named_moment.h"
#include "arguments/number.h"
#include "arguments/times.h"
#include "text/local_time.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>
#include <stdexcept>
#include <string>

namespace syncline::cli {
namespace {

using Clock = std::chrono::system_clock;
using std::chrono::nanoseconds;

constexpr std::string_view blanks = " \t";

std::string_view next_word(std::string_view& text) {
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  const std::size_t end = std::min(text.find_first_of(blanks, begin), text.size());
  const std::string_view word = text.substr(begin, end - begin);
  text.remove_prefix(end);
  return word;
}

/// "h" for "hours"; empty: it is no unit.
std::string_view short_unit(std::string_view name) {
  struct Unit {
    std::string_view name;
    std::string_view short_name;
  };
  constexpr std::array units{Unit{"second", "s"}, Unit{"sec", "s"},  Unit{"minute", "min"},
                             Unit{"min", "min"},  Unit{"hour", "h"}, Unit{"day", "d"},
                             Unit{"week", "w"}};
  if (name.ends_with('s') && name.size() > 1) name.remove_suffix(1);
  const auto unit = std::ranges::find_if(
      units, [&](const Unit& known) { return name == known.name || name == known.short_name; });
  return unit == units.end() ? std::string_view{} : unit->short_name;
}

/// "2 hours", "an hour", "1 day 3 hours", "90m", "1h30m".
std::optional<nanoseconds> length(std::string_view text) {
  std::string time;
  for (std::string_view word = next_word(text); !word.empty(); word = next_word(text)) {
    if (word == "a" || word == "an") word = "1";
    time += word;
    if (word.find_first_not_of("0123456789.") != std::string_view::npos) continue;
    const std::string_view unit = short_unit(next_word(text));
    if (unit.empty()) return std::nullopt;
    time += unit;
  }
  if (!is_time(time)) return std::nullopt;
  return parse_interval(time);
}

std::optional<Clock::time_point> so_long_ago(std::string_view text, Clock::time_point now) {
  constexpr std::string_view ago = " ago";
  if (!text.ends_with(ago)) return std::nullopt;
  const auto time = length(text.substr(0, text.size() - ago.size()));
  if (!time) return std::nullopt;
  return now - std::chrono::duration_cast<Clock::duration>(*time);
}

/// Cuts "Z" or "+01:00" off the end of `text`: seconds east of Greenwich; none: it has no zone.
std::optional<int> cut_zone(std::string_view& text) {
  if (text.ends_with('Z')) {
    text.remove_suffix(1);
    return 0;
  }
  constexpr std::size_t size = 6;
  if (text.size() < size) return std::nullopt;
  const std::string_view zone = text.substr(text.size() - size);
  const auto hours = number_in<int>(zone.substr(1, 2));
  const auto minutes = number_in<int>(zone.substr(4));
  const bool is_zone = (zone[0] == '+' || zone[0] == '-') && zone[3] == ':' && hours && minutes;
  if (!is_zone) return std::nullopt;
  text.remove_suffix(size);
  return (zone[0] == '-' ? -1 : 1) * (*hours * 3600 + *minutes * 60);
}

/// Cuts ".625" off the end of `text`.
nanoseconds cut_fraction(std::string_view& text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return {};
  std::string fraction{text.substr(dot + 1)};
  fraction.resize(9, '0');
  const auto count = number_in<std::uint32_t>(fraction);
  if (!count) return {};
  text = text.substr(0, dot);
  return nanoseconds(*count);
}

/// "2026-11-25T08:47:51.625+00:00", as the log and JSON have it.
std::optional<Clock::time_point> with_zone(std::string_view text) {
  const auto zone = cut_zone(text);
  if (!zone) return std::nullopt;
  const nanoseconds fraction = cut_fraction(text);
  const auto named = read_named_moment(text);
  if (!named || !named->year || !named->minute) return std::nullopt;
  std::tm at{};
  at.tm_year = *named->year - 1900;
  at.tm_mon = *named->month - 1;
  at.tm_mday = *named->day;
  at.tm_hour = named->hour.value_or(0);
  at.tm_min = *named->minute;
  at.tm_sec = named->second.value_or(0);
  return Clock::from_time_t(::timegm(&at) - *zone) +
         std::chrono::duration_cast<Clock::duration>(fraction);
}

/// The day that `text` begins with, which loses it: "today", "yesterday".
std::optional<NamedMoment> named_day(std::string_view& text, std::time_t now) {
  std::string_view rest = text;
  const std::string_view word = next_word(rest);
  if (word != "today" && word != "yesterday") return std::nullopt;
  std::tm day{};
  ::localtime_r(&now, &day);
  day.tm_hour = 12;  // no clock is set back or forth over a day's end then
  day.tm_isdst = -1;
  if (word == "yesterday") --day.tm_mday;
  ::mktime(&day);
  text = rest;
  NamedMoment named;
  named.year = day.tm_year + 1900;
  named.month = day.tm_mon + 1;
  named.day = day.tm_mday;
  return named;
}

std::optional<NamedMoment> of_calendar(std::string_view text, std::time_t now) {
  auto day = named_day(text, now);
  std::string_view rest = text;
  const std::string first{next_word(rest)};
  const std::string second{next_word(rest)};
  if (!next_word(rest).empty()) return std::nullopt;
  if (!day) return read_named_moment(second.empty() ? first : first + 'T' + second);
  if (first.empty()) return day;
  const auto time = read_named_moment(first);
  if (!second.empty() || !time || time->day || !time->minute) return std::nullopt;
  day->hour = time->hour;
  day->minute = time->minute;
  day->second = time->second;
  return day;
}

}  // namespace

Clock::time_point parse_past_moment(std::string_view text, Clock::time_point now) {
  if (const auto moment = so_long_ago(text, now)) return *moment;
  const std::time_t now_s = Clock::to_time_t(now);
  auto moment = with_zone(text);
  const auto named = moment ? std::nullopt : of_calendar(text, now_s);
  if (!moment && !named)
    refuse_value(
        "a moment such as \"yesterday 18:00\", \"2 hours ago\" or \"2026-11-25 18:00\", or the "
        "name of a pass such as 20261125T084751Z",
        text);
  if (named) {
    const auto last = last_such(*named, now_s);
    if (last) moment = Clock::from_time_t(*last);
  }
  if (moment && *moment <= now) return *moment;
  throw std::invalid_argument(fmt::format("must be a moment in the past, not '{}': it is {} now",
                                          escape(text), seconds_time(now_s)));
}

}  // namespace syncline::cli
