// SPDX-License-Identifier: MIT
#include "model/suspect_names.h"

#include <algorithm>
#include <cstddef>

namespace syncline {
namespace {

// RFC 3629, section 4: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  const auto is_tail = [&](std::size_t at) { return (byte(at) & 0xc0U) == 0x80U; };
  for (std::size_t at = 0; at < text.size();) {
    const unsigned first = byte(at);
    if (first < 0x80) {
      ++at;
      continue;
    }
    const std::size_t tails = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4) return false;
    for (std::size_t i = 1; i <= tails; ++i)
      if (!is_tail(at + i)) return false;
    const unsigned second = byte(at + 1);
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0) ||
        (first == 0xf0 && second < 0x90) || (first == 0xf4 && second >= 0x90))
      return false;
    at += tails + 1;
  }
  return true;
}

}  // namespace

bool is_suspect_name(std::string_view name) {
  constexpr std::string_view refused = "\\:*?\"<>|";
  const auto is_refused = [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f || refused.find(c) != std::string_view::npos;
  };
  return name.ends_with(' ') || name.ends_with('.') || std::ranges::any_of(name, is_refused) ||
         !is_utf8(name);
}

}  // namespace syncline
