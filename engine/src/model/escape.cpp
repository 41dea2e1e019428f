// SPDX-License-Identifier: MIT
#include "syncline/escape.h"

#include <array>
#include <cstdint>

namespace syncline {
namespace {

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

void append_code(std::string& out, char byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto value = static_cast<std::uint8_t>(byte);
  switch (byte) {
    case '\n':
      out += "\\n";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\r':
      out += "\\r";
      return;
    default:
      out += {'\\', 'x', digits[value >> 4U], digits[value & 0xfU]};
  }
}

}  // namespace

Utf8Character first_character(std::string_view bytes) {
  const std::uint8_t lead = byte_at(bytes, 0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || bytes.size() < length) return {};

  char32_t code_point = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const std::uint8_t next = byte_at(bytes, i);
    if ((next & 0xc0U) != 0x80) return {};
    code_point = (code_point << 6U) | (next & 0x3fU);
  }
  constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
  if (code_point < smallest.at(length) || is_surrogate || code_point > 0x10ffff) return {};
  return {code_point, length};
}

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t length = first_character(bytes).length;
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

bool is_harmless(char32_t c) {
  const bool is_control = c < 0x20 || (c >= 0x7f && c <= 0x9f);
  const bool is_separator_or_override = c >= 0x2028 && c <= 0x202e;
  const bool is_isolate = c >= 0x2066 && c <= 0x2069;
  const bool is_mark_of_direction = c == 0x200e || c == 0x200f || c == 0x061c;
  return !is_control && !is_separator_or_override && !is_isolate && !is_mark_of_direction;
}

std::string escape(std::string_view bytes) {
  return escape_with("\\", bytes);
}

std::string escape_with(std::string_view special, std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + 2);
  while (!bytes.empty()) {
    const Utf8Character c = first_character(bytes);
    const std::size_t length = c.length == 0 ? 1 : c.length;
    if (c.length == 0 || !is_harmless(c.code_point)) {
      for (const char byte : bytes.substr(0, length)) append_code(out, byte);
    } else {
      if (special.find(bytes.front()) != std::string_view::npos) out += '\\';
      out += bytes.substr(0, length);
    }
    bytes.remove_prefix(length);
  }
  return out;
}

}  // namespace syncline
