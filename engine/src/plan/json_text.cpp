// SPDX-License-Identifier: MIT
#include "plan/json_text.h"

#include "syncline/escape.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

namespace syncline::planning {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

void append_code(std::string& out, char32_t c) {
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) out += hex_digits[(c >> shift) & 0xfU];
}

constexpr std::string_view letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

template <typename Number>
void append_digits(std::string& out, Number value) {
  std::array<char, 32> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  out.append(text.data(), end);
}

}  // namespace

bool is_plain(char byte) {
  return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && is_plain(text[plain])) ++plain;
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const Utf8Character c = first_character(text);
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

void append_base64(std::string& out, std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view three = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i)
      bits = bits << 8U | (i < three.size() ? static_cast<std::uint8_t>(three[i]) : 0U);
    for (unsigned i = 0; i < 4; ++i)
      out += i <= three.size() ? letters[bits >> (18 - 6 * i) & 63U] : '=';
  }
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

void ObjectText::fraction(std::string_view name, double value) {
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
  append_string(this->name(name), escape(bytes));
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
