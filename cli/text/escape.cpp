// SPDX-License-Identifier: MIT
#include "text/escape.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>

namespace syncline::cli {
namespace {

struct Character {
  char32_t code_point = 0;
  std::size_t length = 0;  ///< bytes; 0: no valid UTF-8 starts here
};

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

/// By RFC 3629: shortest form only, no surrogates, nothing above U+10FFFF.
Character first_character(std::string_view bytes) {
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
  const bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
  if (code_point < smallest.at(length) || surrogate || code_point > 0x10ffff) return {};
  return {code_point, length};
}

bool harmless(char32_t c) {
  const bool control = c < 0x20 || (c >= 0x7f && c <= 0x9f);
  const bool separator_or_override = c >= 0x2028 && c <= 0x202e;
  const bool isolate = c >= 0x2066 && c <= 0x2069;
  const bool mark_of_direction = c == 0x200e || c == 0x200f || c == 0x061c;
  return !control && !separator_or_override && !isolate && !mark_of_direction;
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

/// Besides what is never harmless, each character of `special` gets a backslash before it.
std::string escape_with(std::string_view special, std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + 2);
  while (!bytes.empty()) {
    const Character c = first_character(bytes);
    const std::size_t length = c.length == 0 ? 1 : c.length;
    if (c.length == 0 || !harmless(c.code_point)) {
      for (const char byte : bytes.substr(0, length)) append_code(out, byte);
    } else {
      if (special.find(bytes.front()) != std::string_view::npos) out += '\\';
      out += bytes.substr(0, length);
    }
    bytes.remove_prefix(length);
  }
  return out;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t length = first_character(bytes).length;
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

std::string escape(std::string_view bytes) {
  return escape_with("\\", bytes);
}

std::string escape_as_rsync(std::string_view bytes) {
  std::string out;
  const auto append = [&out](char byte) {
    const auto value = static_cast<std::uint8_t>(byte);
    for (const unsigned shift : {6U, 3U, 0U}) {
      if (shift == 6U) out += "\\#";
      out += static_cast<char>('0' + ((value >> shift) & 7U));
    }
  };
  const auto is_code = [](std::string_view text) {
    return text.size() > 4 && text.starts_with("\\#") &&
           text.substr(2, 3).find_first_not_of("0123456789") == std::string_view::npos;
  };
  while (!bytes.empty()) {
    const Character c = first_character(bytes);
    const std::size_t length = c.length == 0 ? 1 : c.length;
    const bool is_shown = c.length != 0 && (harmless(c.code_point) || c.code_point == '\t');
    if (is_shown && !is_code(bytes))
      out += bytes.substr(0, length);
    else
      for (const char byte : bytes.substr(0, length)) append(byte);
    bytes.remove_prefix(length);
  }
  return out;
}

// RFC 8259; all that is not harmless lies within the first 65,536 characters.
std::string escape_json(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  while (!json.empty()) {
    const Character c = first_character(json);
    const std::size_t length = c.length == 0 ? 1 : c.length;
    if (c.length == 0 || harmless(c.code_point)) {
      out += json.substr(0, length);
    } else {
      std::array<char, 8> code{};
      std::snprintf(code.data(), code.size(), "\\u%04x", static_cast<unsigned>(c.code_point));
      out += code.data();
    }
    json.remove_prefix(length);
  }
  return out;
}

std::string quote(std::string_view bytes) {
  return '"' + escape_with("\\\"", bytes) + '"';
}

std::string one_line(std::string_view text) {
  return escape_with("", text);
}

}  // namespace syncline::cli
