// SPDX-License-Identifier: MIT
#include "syncline/digest.h"

#include <string_view>

namespace syncline {

std::string to_string(const Digest& digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : digest.md5) {
    const auto value = std::to_integer<unsigned>(byte);
    text += digits[value / 16];
    text += digits[value % 16];
  }
  if (digest.chunks > 1) {
    text += '-';
    text += std::to_string(digest.chunks);
  }
  return text;
}

}  // namespace syncline
