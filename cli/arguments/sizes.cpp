// SPDX-License-Identifier: MIT
#include "arguments/sizes.h"

#include "arguments/number.h"

#include <cmath>
#include <cstddef>
#include <string>

namespace syncline::cli {

std::uint64_t parse_size(std::string_view text) {
  constexpr std::string_view expected = "a size such as 1000, 1.5M or 2GiB";
  constexpr std::string_view units = "bkmgtp";
  const std::string_view digits = text.substr(0, text.find_first_not_of("0123456789."));
  std::string_view rest = text.substr(digits.size());
  const auto number = number_in<double>(digits);
  if (!number) refuse_value(expected, text);

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
  if (!rest.empty() && rest != "+1" && rest != "-1") refuse_value(expected, text);
  const double bytes = *number * unit;
  if (bytes >= 0x1p63) refuse_value("less than 8192P", text);
  auto size = static_cast<std::uint64_t>(bytes);
  if (rest == "+1") ++size;
  if (rest == "-1") {
    if (size == 0) refuse_value(expected, text);
    --size;
  }
  return size;
}

std::uint64_t parse_rate(std::string_view text) {
  constexpr std::string_view units = "bkmgtp";
  constexpr const char* expected =
      "0, or a rate of at least 512 bytes a second such as 500 (KiB), 1.5m or 20MB";
  constexpr double least = 512;
  const std::string_view digits = text.substr(0, text.find_first_not_of("0123456789."));
  const auto number = number_in<double>(digits);
  if (!number) refuse_value(expected, text);
  std::string unit{text.substr(digits.size())};
  for (char& letter : unit) letter = static_cast<char>(letter | 0x20);  // ASCII's lower case
  if (unit.empty()) unit = 'k';
  const std::size_t power = units.find(unit.front());
  const std::string_view kind = std::string_view{unit}.substr(1);
  const bool is_decimal = kind == "b" && power != 0;
  if (power == std::string_view::npos || (!kind.empty() && !is_decimal && kind != "ib"))
    refuse_value(expected, text);
  const double rate = *number * std::pow(is_decimal ? 1000 : 1024, power);
  if (rate == 0) return 0;
  if (rate < least || rate > 1e18) refuse_value(expected, text);
  return static_cast<std::uint64_t>(rate);
}

std::uint64_t parse_allocation_limit(std::string_view text) {
  constexpr std::uint64_t least = 1U << 20U;
  const std::uint64_t size = parse_size(text);
  if (size != 0 && size < least) refuse_value("0, or a size of at least 1M", text);
  return size;
}

}  // namespace syncline::cli
