// SPDX-License-Identifier: MIT
#include "text/escape.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>

namespace syncline::cli {

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
    const Utf8Character c = first_character(bytes);
    const std::size_t length = c.length == 0 ? 1 : c.length;
    const bool is_shown = c.length != 0 && (is_harmless(c.code_point) || c.code_point == '\t');
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
    const Utf8Character c = first_character(json);
    const std::size_t length = c.length == 0 ? 1 : c.length;
    if (c.length == 0 || is_harmless(c.code_point)) {
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
