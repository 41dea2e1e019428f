// SPDX-License-Identifier: MIT
#include "text/base64.h"

#include <cstddef>
#include <cstdint>

namespace syncline::cli {

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view three = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i)
      bits = bits << 8U | (i < three.size() ? static_cast<std::uint8_t>(three[i]) : 0U);
    for (unsigned i = 0; i < 4; ++i)
      text += i <= three.size() ? letters[bits >> (18 - 6 * i) & 63U] : '=';
  }
  return text;
}

}  // namespace syncline::cli
