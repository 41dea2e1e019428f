// SPDX-License-Identifier: MIT
#include "text/shell_word.h"

#include <algorithm>
#include <cctype>

namespace syncline::cli {

std::string shell_word(std::string_view word) {
  constexpr std::string_view harmless = "/._-+:,@%=";
  const bool is_plain = std::ranges::all_of(word, [&](unsigned char c) {
    return std::isalnum(c) != 0 || harmless.find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (is_plain && !word.empty()) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + '\'';
}

}  // namespace syncline::cli
