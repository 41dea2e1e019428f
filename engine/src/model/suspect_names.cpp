// SPDX-License-Identifier: MIT
#include "model/suspect_names.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace syncline {
namespace {

enum class Byte : std::uint8_t { taken, refused, beyond_ascii };

// Looked up, since the name of each new file is asked about.
constexpr std::array<Byte, 256> table_of_bytes() {
  std::array<Byte, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte)
    table[byte] = byte < 0x20 || byte == 0x7f ? Byte::refused
                  : byte > 0x7f               ? Byte::beyond_ascii
                                              : Byte::taken;
  for (const char c : {'\\', ':', '*', '?', '"', '<', '>', '|'})
    table[static_cast<unsigned char>(c)] = Byte::refused;
  return table;
}
constexpr std::array<Byte, 256> bytes = table_of_bytes();

Byte byte_of(char c) {
  return bytes[static_cast<unsigned char>(c)];
}

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
  const auto has = [&](Byte what) {
    return std::ranges::any_of(name, [&](char c) { return byte_of(c) == what; });
  };
  return name.ends_with(' ') || name.ends_with('.') || has(Byte::refused) ||
         (has(Byte::beyond_ascii) && !is_utf8(name));
}

}  // namespace syncline
