// SPDX-License-Identifier: MIT
#include "arguments/values.h"

#include "text/escape.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>

namespace syncline::cli {
namespace {

/// Only where all of `text` is the number and the type can hold it.
template <typename Number>
std::optional<Number> parse_whole(std::string_view text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

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
  if (const auto number = parse_whole<double>(text))
    return std::isfinite(*number) ? std::optional{*number * plain_unit} : std::nullopt;
  double sum = 0;
  for (auto least = time_units.begin(); !text.empty();) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto number = parse_whole<double>(text.substr(0, digits));
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

[[noreturn]] void refuse(std::string_view expected, std::string_view found) {
  throw std::invalid_argument(fmt::format("must be {}, not '{}'", expected, escape(found)));
}

}  // namespace

std::chrono::nanoseconds parse_interval(std::string_view text) {
  const auto seconds = seconds_in(text, 1);
  if (!seconds || *seconds <= 0)
    refuse("a positive number of seconds such as 60 or 0.5, or a time such as 5m or 1h30m", text);
  return as_duration(*seconds);
}

unsigned parse_workers(std::string_view text) {
  constexpr unsigned most = 1024;
  const auto workers = parse_whole<unsigned>(text);
  if (!workers || *workers == 0 || *workers > most) {
    refuse(fmt::format("a whole number from 1 to {}", most), text);
  }
  return *workers;
}

std::uint64_t parse_size(std::string_view text) {
  constexpr std::string_view expected = "a size such as 1000, 1.5M or 2GiB";
  constexpr std::string_view units = "bkmgtp";
  const std::string_view digits = text.substr(0, text.find_first_not_of("0123456789."));
  std::string_view rest = text.substr(digits.size());
  const auto number = parse_whole<double>(digits);
  if (!number) refuse(expected, text);

  double unit = 1;
  const auto lower = [](char letter) { return static_cast<char>(letter | 0x20); };
  if (!rest.empty() && units.find(lower(rest.front())) != std::string_view::npos) {
    const std::size_t power = units.find(lower(rest.front()));
    rest.remove_prefix(1);
    double base = 1024;
    if (rest.size() >= 2 && lower(rest[0]) == 'i' && lower(rest[1]) == 'b') {
      rest.remove_prefix(2);
    } else if (!rest.empty() && lower(rest.front()) == 'b') {
      rest.remove_prefix(1);
      base = 1000;
    }
    unit = std::pow(base, static_cast<double>(power));
  }
  if (!rest.empty() && rest != "+1" && rest != "-1") refuse(expected, text);
  const double bytes = *number * unit;
  if (bytes >= 0x1p63) refuse("less than 8192P", text);
  auto size = static_cast<std::uint64_t>(bytes);
  if (rest == "+1") ++size;
  if (rest == "-1") {
    if (size == 0) refuse(expected, text);
    --size;
  }
  return size;
}

DeletionPolicy parse_deletion_limit(std::string_view text) {
  if (text.ends_with('%')) {
    const auto percent = parse_whole<double>(text.substr(0, text.size() - 1));
    if (percent && *percent >= 0 && *percent <= 100) return deletion::AtMostPercent{*percent};
  } else if (const auto entries = parse_whole<std::uint64_t>(text)) {
    return deletion::AtMostEntries{*entries};
  }
  refuse("a number of entries such as 500, or 0% to 100%", text);
}

DigestBackend parse_digest_backend(std::string_view text) {
  if (text == "auto") return DigestBackend::automatic;
  if (text == "evp") return DigestBackend::evp;
  if (text == "simd") return DigestBackend::simd;
  refuse("auto, evp or simd", text);
}

Reflink parse_reflink(std::string_view text) {
  if (text == "auto") return Reflink::automatic;
  if (text == "always") return Reflink::always;
  if (text == "never") return Reflink::never;
  refuse("auto, always or never", text);
}

Order parse_order(std::string_view text) {
  if (text == "name") return Order::by_name;
  if (text == "smallest") return Order::smallest;
  if (text == "newest") return Order::newest;
  refuse("name, smallest or newest", text);
}

std::uint64_t parse_rate(std::string_view text) {
  constexpr std::string_view units = "bkmgtp";
  constexpr const char* expected =
      "0, or a rate of at least 512 bytes a second such as 500 (KiB), 1.5m or 20MB";
  constexpr double least = 512;
  const std::string_view digits = text.substr(0, text.find_first_not_of("0123456789."));
  const auto number = parse_whole<double>(digits);
  if (!number) refuse(expected, text);
  std::string unit{text.substr(digits.size())};
  for (char& letter : unit) letter = static_cast<char>(letter | 0x20);  // ASCII's lower case
  if (unit.empty()) unit = 'k';
  const std::size_t power = units.find(unit.front());
  const std::string_view kind = std::string_view{unit}.substr(1);
  const bool is_decimal = kind == "b" && power != 0;
  if (power == std::string_view::npos || (!kind.empty() && !is_decimal && kind != "ib"))
    refuse(expected, text);
  const double rate = *number * std::pow(is_decimal ? 1000 : 1024, power);
  if (rate == 0) return 0;
  if (rate < least || rate > 1e18) refuse(expected, text);
  return static_cast<std::uint64_t>(rate);
}

std::chrono::nanoseconds parse_minutes(std::string_view text) {
  const auto seconds = seconds_in(text, 60);
  if (!seconds || *seconds <= 0)
    refuse("a positive number of minutes such as 90 or 0.5, or a time such as 45s or 1h30m", text);
  return as_duration(*seconds);
}

std::optional<std::uint32_t> parse_window(std::string_view text) {
  const auto seconds = seconds_in(text, 1);
  if (!seconds || *seconds > std::numeric_limits<std::int32_t>::max() ||
      *seconds != std::floor(*seconds))
    refuse("a whole number of seconds such as 1, or a time such as 2s", text);
  if (*seconds < 0) return std::nullopt;
  return static_cast<std::uint32_t>(*seconds);
}

bool is_time(std::string_view text) {
  const auto seconds = seconds_in(text, 1);
  return seconds && *seconds > 0;
}

void add_info(std::string_view list, InfoWords& words) {
  // Those of rsync 3.5 (rsync --info=help).
  constexpr std::array<std::string_view, 15> known{
      "ALL",  "BACKUP", "COPY",     "DEL",    "FLIST", "MISC",  "MOUNT",  "NAME",
      "NONE", "NONREG", "PROGRESS", "REMOVE", "SKIP",  "STATS", "SYMSAFE"};
  while (true) {
    const std::string_view item = list.substr(0, list.find(','));
    const std::size_t letters = item.find_last_not_of("0123456789") + 1;
    std::string word{item.substr(0, letters)};
    for (char& letter : word)
      if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    if (std::ranges::find(known, word) == known.end())
      throw std::invalid_argument(fmt::format(
          "knows no '{}': there are ALL, BACKUP, COPY, DEL, FLIST, MISC, MOUNT, NAME, NONE, "
          "NONREG, "
          "PROGRESS, REMOVE, SKIP, STATS and SYMSAFE, each perhaps with a level behind it",
          escape(item)));
    const std::string_view digits = item.substr(letters);
    const bool is_none = word == "NONE" || (!digits.empty() && digits.find_first_not_of('0') ==
                                                                   std::string_view::npos);
    const bool is_more = !is_none && !digits.empty() && digits != "1";
    const bool is_all = word == "ALL" || word == "NONE";
    if (is_all || word == "PROGRESS") words.progress = !is_none;
    if (is_all || word == "NAME") words.names = !is_none;
    if (is_all || word == "STATS") words.stats = is_more;
    if (item.size() == list.size()) return;
    list.remove_prefix(item.size() + 1);
  }
}

std::uint64_t parse_allocation_limit(std::string_view text) {
  constexpr std::uint64_t least = 1U << 20U;
  const std::uint64_t size = parse_size(text);
  if (size != 0 && size < least) refuse("0, or a size of at least 1M", text);
  return size;
}

bool is_number(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  return std::from_chars(text.data(), end, value).ptr == end && !text.empty();
}

}  // namespace syncline::cli
