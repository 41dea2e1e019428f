// SPDX-License-Identifier: MIT
#include "plan/json_reading.h"

#include "plan/json_text.h"

#include "syncline/escape.h"

#include <algorithm>
#include <utility>

namespace syncline::planning {
namespace {

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

// Of four digits. All that is escaped so lies within the first 65,536 characters.
char32_t code_of(std::string_view digits) {
  unsigned code = 0;
  const char* const end = digits.data() + digits.size();
  const bool are_digits = digits.size() == 4 && std::ranges::all_of(digits, is_hex_digit);
  if (!are_digits || std::from_chars(digits.data(), end, code, 16).ptr != end)
    throw Malformed("it has an escape that is none");
  return code;
}

void append_utf8(std::string& out, char32_t c) {
  const auto add = [&out](char32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) return add(c);
  if (c < 0x800) {
    add(0xc0U | c >> 6U);
  } else {
    add(0xe0U | c >> 12U);
    add(0x80U | (c >> 6U & 0x3fU));
  }
  add(0x80U | (c & 0x3fU));
}

std::string unescaped(std::string_view text) {
  std::string bytes;
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find('\\'), text.size());
    bytes += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    if (text.starts_with("\\u")) {
      append_utf8(bytes, code_of(text.substr(2, 4)));
      text.remove_prefix(6);
    } else {
      bytes += text.substr(1, 1);
      text.remove_prefix(2);
    }
  }
  return bytes;
}

}  // namespace

void refuse(std::string_view name) {
  throw Malformed("'" + std::string{name} + "' is not what it should be");
}

bool TextReading::take_if(std::string_view text) {
  if (!rest_.starts_with(text)) return false;
  rest_.remove_prefix(text.size());
  return true;
}

void TextReading::take(std::string_view text) {
  if (!take_if(text)) throw Malformed("'" + std::string{text} + "' is not where it should be");
}

std::string_view TextReading::take_word() {
  const std::size_t end = rest_.find('"');
  if (end == std::string_view::npos) throw Malformed("a text does not end");
  const std::string_view word = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return word;
}

// What has no escapes and is ASCII is written as it is; all else is written anew, to see whether it
// comes to the same.
std::string TextReading::take_string() {
  std::size_t end = 0;
  while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2 : 1;
  if (end >= rest_.size()) throw Malformed("a text does not end");
  const std::string_view text = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  if (std::ranges::all_of(text, is_plain)) return std::string{text};
  std::string bytes = unescaped(text);
  if (!is_utf8(bytes)) throw Malformed("a text is no UTF-8");
  std::string written;
  append_string(written, bytes);
  if (std::string_view{written}.substr(1, written.size() - 2) != text)
    throw Malformed("a text is written in another way");
  return bytes;
}

bool TextReading::is_shortest(const char* begin, const char* end) {
  return *begin == '-' ? begin[1] != '0' : end - begin == 1 || *begin != '0';
}

std::optional<TextReading> ObjectReading::value_of(std::string_view name) const {
  TextReading text = text_;
  const bool is_next = (is_first_ || text.take_if(",")) && text.take_if("\"") &&
                       text.take_if(name) && text.take_if("\":");
  return is_next ? std::optional{text} : std::nullopt;
}

bool ObjectReading::has(std::string_view name) {
  const auto value = value_of(name);
  if (!value) return false;
  text_ = *value;
  is_first_ = false;
  return true;
}

TextReading& ObjectReading::name(std::string_view name) {
  if (!has(name)) throw Malformed("'" + std::string{name} + "' is not where it should be");
  return text_;
}

bool ObjectReading::flag(std::string_view name) {
  TextReading& text = this->name(name);
  if (text.take_if("true")) return true;
  if (text.take_if("false")) return false;
  refuse(name);
}

std::string ObjectReading::bytes_if(std::string_view name) {
  if (!has(name)) return {};
  std::string bytes = value_of_bytes(text_, name);
  if (bytes.empty()) refuse(name);
  return bytes;
}

Timestamp ObjectReading::value_of_time(TextReading& text, std::string_view name) {
  constexpr std::uint32_t ns_per_s = 1'000'000'000;
  Timestamp time;
  text.take("[");
  if (!text.take_number(time.seconds)) refuse(name);
  text.take(",");
  if (!text.take_number(time.nanoseconds) || time.nanoseconds >= ns_per_s) refuse(name);
  text.take("]");
  return time;
}

// Where they are no UTF-8, what people get to read follows from them.
std::string ObjectReading::value_of_bytes(TextReading& text, std::string_view name) {
  text.take("\"");
  std::string read = text.take_string();
  const std::string as_base64 = std::string{name} + "_base64";
  if (!has(as_base64)) return read;
  const std::string_view base64 = value_of_word(text_);
  auto bytes = from_base64(base64);
  if (!bytes || is_utf8(*bytes) || escape(*bytes) != read) refuse(as_base64);
  std::string written;
  append_base64(written, *bytes);
  if (written != base64) refuse(as_base64);
  return std::move(*bytes);
}

}  // namespace syncline::planning
