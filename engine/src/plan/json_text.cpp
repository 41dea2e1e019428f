// SPDX-License-Identifier: MIT
#include "plan/json_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

namespace syncline::planning {
namespace {

struct Character {
  char32_t code_point = 0;
  std::size_t length = 0;  ///< bytes; 0: no valid UTF-8 starts here
};

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

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
  const bool is_surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
  if (code_point < smallest.at(length) || is_surrogate || code_point > 0x10ffff) return {};
  return {code_point, length};
}

// What neither controls a terminal nor turns its writing direction.
bool is_harmless(char32_t c) {
  const bool is_control = c < 0x20 || (c >= 0x7f && c <= 0x9f);
  const bool is_separator_or_override = c >= 0x2028 && c <= 0x202e;
  const bool is_isolate = c >= 0x2066 && c <= 0x2069;
  const bool is_mark_of_direction = c == 0x200e || c == 0x200f || c == 0x061c;
  return !is_control && !is_separator_or_override && !is_isolate && !is_mark_of_direction;
}

bool is_plain(char byte) {
  return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

constexpr std::string_view hex_digits = "0123456789abcdef";

// All that is not harmless lies within the first 65,536 characters.
void append_code(std::string& out, char32_t c) {
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) out += hex_digits[(c >> shift) & 0xfU];
}

// `text` is UTF-8.
void append_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && is_plain(text[plain])) ++plain;
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const Character c = first_character(text);
    if (c.code_point == '"' || c.code_point == '\\')
      (out += '\\') += text.front();
    else if (is_harmless(c.code_point))
      out += text.substr(0, c.length);
    else
      append_code(out, c.code_point);
    text.remove_prefix(c.length);
  }
  out += '"';
}

// As logs have it: \xNN for each byte that is no UTF-8, or not harmless.
std::string escaped(std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    const Character c = first_character(bytes);
    const std::size_t length = c.length == 0 ? 1 : c.length;
    if (c.length != 0 && is_harmless(c.code_point)) {
      if (c.code_point == '\\') out += '\\';
      out += bytes.substr(0, length);
    } else {
      for (const char byte : bytes.substr(0, length)) {
        const auto value = static_cast<std::uint8_t>(byte);
        if (byte == '\n')
          out += "\\n";
        else if (byte == '\t')
          out += "\\t";
        else if (byte == '\r')
          out += "\\r";
        else
          out += {'\\', 'x', hex_digits[value >> 4U], hex_digits[value & 0xfU]};
      }
    }
    bytes.remove_prefix(length);
  }
  return out;
}

constexpr std::string_view letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void append_base64(std::string& out, std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view three = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i)
      bits = bits << 8U | (i < three.size() ? byte_at(three, i) : 0U);
    for (unsigned i = 0; i < 4; ++i)
      out += i <= three.size() ? letters[bits >> (18 - 6 * i) & 63U] : '=';
  }
}

template <typename Number>
void append_digits(std::string& out, Number value) {
  std::array<char, 24> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  out.append(text.data(), end);
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

std::string& ObjectText::name(std::string_view name) {
  if (!is_first_) out_ += ',';
  is_first_ = false;
  ((out_ += '"') += name) += "\":";
  return out_;
}

void ObjectText::word(std::string_view name, std::string_view text) {
  ((this->name(name) += '"') += text) += '"';
}

void ObjectText::number(std::string_view name, std::uint64_t value) {
  append_digits(this->name(name), value);
}

void ObjectText::flag(std::string_view name, bool value) {
  this->name(name) += value ? "true" : "false";
}

void ObjectText::time(std::string_view name, const Timestamp& time) {
  append_digits(this->name(name) += '[', time.seconds);
  append_digits(out_ += ',', time.nanoseconds);
  out_ += ']';
}

void ObjectText::bytes(std::string_view name, std::string_view bytes) {
  if (is_utf8(bytes)) {
    append_string(this->name(name), bytes);
    return;
  }
  append_string(this->name(name), escaped(bytes));
  append_base64(this->name(std::string{name} + "_base64") += '"', bytes);
  out_ += '"';
}

void append_number(std::string& out, std::uint64_t value) {
  append_digits(out, value);
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t at = 0; at < text.size(); at += 4) {
    const std::string_view four = text.substr(at, 4);
    const std::size_t digits = std::min(four.find('='), four.size());
    const bool is_last = at + 4 == text.size();
    if (digits < 2 || (digits < 4 && !is_last)) return std::nullopt;
    if (four.substr(digits).find_first_not_of('=') != std::string_view::npos) return std::nullopt;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::size_t value = i < digits ? letters.find(four[i]) : 0;
      if (value == std::string_view::npos) return std::nullopt;
      bits = bits << 6U | static_cast<std::uint32_t>(value);
    }
    for (std::size_t i = 0; i + 1 < digits; ++i)
      bytes += static_cast<char>(static_cast<std::uint8_t>(bits >> (16 - 8 * i)));
  }
  return bytes;
}

}  // namespace syncline::planning
