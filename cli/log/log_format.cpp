// SPDX-License-Identifier: MIT
#include "log/log_format.h"

#include <algorithm>
#include <array>

namespace syncline::cli {

bool begins_as_log(std::string_view text) {
  constexpr std::string_view shape = "dddd-dd-ddTdd:dd:dd.ddd+dd:dd ";
  if (text.size() < shape.size()) return false;
  const auto fits = [](char expected, char found) {
    if (expected == 'd') return found >= '0' && found <= '9';
    if (expected == '+') return found == '+' || found == '-';
    return found == expected;
  };
  if (!std::equal(shape.begin(), shape.end(), text.begin(), fits)) return false;
  text.remove_prefix(shape.size());
  constexpr std::array<std::string_view, 3> levels{"info ", "warning ", "error "};
  return std::ranges::any_of(levels,
                             [&](std::string_view level) { return text.starts_with(level); });
}

}  // namespace syncline::cli
