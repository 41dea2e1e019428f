// SPDX-License-Identifier: MIT
#include "arguments/named_moment.h"

#include <charconv>

namespace syncline::cli {
namespace {

// False: no number from `least` to `most` of two digits, or four.
bool read(std::string_view digits, int least, int most, std::optional<int>& number) {
  int value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc{} || stop != end || value < least || value > most) return false;
  number = value;
  return true;
}

std::string_view cut_last(std::string_view& text, std::string_view marks) {
  const std::size_t at = text.find_last_of(marks);
  const std::string_view last = at == std::string_view::npos ? text : text.substr(at + 1);
  text = at == std::string_view::npos ? std::string_view{} : text.substr(0, at);
  return last;
}

bool read_date(std::string_view text, NamedMoment& named) {
  constexpr std::string_view marks = "-/";
  if (!read(cut_last(text, marks), 1, 31, named.day)) return false;
  if (text.empty()) return true;
  if (!read(cut_last(text, marks), 1, 12, named.month)) return false;
  if (text.empty()) return true;
  if (!read(text, 0, 9999, named.year)) return false;
  if (text.size() == 2) *named.year += 2000;
  return *named.year >= 1970;
}

bool read_time(std::string_view text, NamedMoment& named) {
  const std::size_t colon = text.find(':');
  const std::string_view hour = text.substr(0, colon);
  if (colon != std::string_view::npos) {
    const std::string_view rest = text.substr(colon + 1);
    const std::size_t second = rest.find(':');
    if (!read(rest.substr(0, second), 0, 59, named.minute)) return false;
    if (second != std::string_view::npos && !read(rest.substr(second + 1), 0, 59, named.second))
      return false;
  }
  return (hour.empty() && colon != std::string_view::npos) || read(hour, 0, 23, named.hour);
}

void fill(const NamedMoment& named, std::tm& at) {
  const bool has_date = named.day.has_value();
  if (named.year) at.tm_year = *named.year - 1900;
  if (named.month) at.tm_mon = *named.month - 1;
  if (named.day) at.tm_mday = *named.day;
  if (named.hour || has_date) at.tm_hour = named.hour.value_or(0);
  at.tm_min = named.minute.value_or(0);
  at.tm_sec = named.second.value_or(0);
  at.tm_isdst = -1;
}

/// The part that was left out is counted on, or back, the smallest one.
void step(const NamedMoment& named, int by, std::tm& at) {
  if (!named.day && !named.hour)
    at.tm_hour += by;
  else if (!named.day)
    at.tm_mday += by;
  else if (!named.month)
    at.tm_mon += by;
  else
    at.tm_year += by;
}

/// `by`: 1 for one after `now`, -1 for one before it.
std::optional<std::time_t> nearest(const NamedMoment& named, std::time_t now, int by) {
  std::tm at{};
  ::localtime_r(&now, &at);
  fill(named, at);
  // A month may lack that day, which mktime(3) makes one of the next; February has a 29th within
  // eight years.
  constexpr int most_steps = 12;
  for (int i = 0; i < most_steps; ++i) {
    std::tm candidate = at;
    const std::time_t moment = ::mktime(&candidate);
    const bool is_that_day = !named.day || candidate.tm_mday == *named.day;
    if ((by > 0 ? moment > now : moment <= now) && is_that_day) return moment;
    if (named.year) break;
    step(named, by, at);
  }
  return std::nullopt;
}

}  // namespace

std::optional<NamedMoment> read_named_moment(std::string_view text) {
  NamedMoment named;
  const std::size_t mark = text.find_first_of("Tt");
  const bool has_time = mark != std::string_view::npos || text.find(':') != std::string_view::npos;
  const std::string_view date = mark != std::string_view::npos ? text.substr(0, mark)
                                : has_time                     ? std::string_view{}
                                                               : text;
  if (!date.empty() && !read_date(date, named)) return std::nullopt;
  if (!has_time) return date.empty() ? std::nullopt : std::optional{named};
  const std::string_view time = mark != std::string_view::npos ? text.substr(mark + 1) : text;
  return read_time(time, named) ? std::optional{named} : std::nullopt;
}

std::optional<std::time_t> next_such(const NamedMoment& named, std::time_t now) {
  return nearest(named, now, 1);
}

std::optional<std::time_t> last_such(const NamedMoment& named, std::time_t now) {
  return nearest(named, now, -1);
}

}  // namespace syncline::cli
