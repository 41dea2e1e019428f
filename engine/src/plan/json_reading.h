// JSON as a plan has it, read piece by piece: as ObjectText writes it and in no other way, so that
// a line cannot say more than whoever reads it sees.
//
// A parser that builds a document took 6 us a step, and needed each line written anew to be
// compared.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "plan/malformed.h"

#include "syncline/timestamp.h"

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace syncline::planning {

/// `name` has another value than it may have.
[[noreturn]] void refuse(std::string_view name);

/// A text of which the beginning is taken away bit by bit.
class TextReading {
 public:
  explicit TextReading(std::string_view text) : rest_(text) {}

  /// Whether it was there.
  bool take_if(std::string_view text);
  /// Throws Malformed if something else comes.
  void take(std::string_view text);
  /// Up to the next quotation mark, which is taken too; it has no escapes.
  std::string_view take_word();
  /// Behind its first quotation mark, as ObjectText::bytes() writes it.
  std::string take_string();
  /// In its shortest form. False: none comes, or one that is too large.
  template <typename Number>
  bool take_number(Number& number) {
    const char* const begin = rest_.data();
    const auto [end, error] = std::from_chars(begin, begin + rest_.size(), number);
    if (error != std::errc{} || !is_shortest(begin, end)) return false;
    rest_.remove_prefix(static_cast<std::size_t>(end - begin));
    return true;
  }
  [[nodiscard]] bool is_over() const { return rest_.empty(); }

 private:
  static bool is_shortest(const char* begin, const char* end);

  std::string_view rest_;
};

/// The members of an object, in the order in which ObjectText gets them. All throw Malformed where
/// something else comes.
class ObjectReading {
 public:
  explicit ObjectReading(TextReading& text) : text_(text) { text_.take("{"); }

  /// Whether a member of that name is next.
  [[nodiscard]] bool is_next(std::string_view name) const { return value_of(name).has_value(); }
  /// Its value is next.
  TextReading& name(std::string_view name);
  /// Nothing else is in it.
  void end() { text_.take("}"); }

  std::string_view word(std::string_view name) { return value_of_word(this->name(name)); }
  std::optional<std::string_view> word_if(std::string_view name) {
    return has(name) ? std::optional{value_of_word(text_)} : std::nullopt;
  }
  template <std::unsigned_integral Number = std::uint64_t>
  Number number(std::string_view name) {
    return value_of_number<Number>(this->name(name), name);
  }
  template <std::unsigned_integral Number>
  std::optional<Number> number_if(std::string_view name) {
    return has(name) ? std::optional{value_of_number<Number>(text_, name)} : std::nullopt;
  }
  bool flag(std::string_view name);
  Timestamp time(std::string_view name) { return value_of_time(this->name(name), name); }
  std::optional<Timestamp> time_if(std::string_view name) {
    return has(name) ? std::optional{value_of_time(text_, name)} : std::nullopt;
  }
  std::string bytes(std::string_view name) { return value_of_bytes(this->name(name), name); }
  /// Empty: it is not there.
  std::string bytes_if(std::string_view name);
  /// Which of `words`.
  template <std::size_t count>
  std::size_t word_of(std::string_view name, const std::array<std::string_view, count>& words) {
    const std::string_view text = word(name);
    for (std::size_t i = 0; i < count; ++i)
      if (words[i] == text) return i;
    refuse(name);
  }
  /// `read` gets the object that it is.
  template <typename Read>
  auto object(std::string_view name, Read read) {
    return value_of_object(this->name(name), read);
  }
  template <typename Read>
  auto object_if(std::string_view name, Read read) {
    using Value = decltype(value_of_object(text_, read));
    return has(name) ? std::optional<Value>{value_of_object(text_, read)} : std::nullopt;
  }
  /// `read` gets the text, once for each value that is in the list.
  template <typename Read>
  void list(std::string_view name, Read read) {
    this->name(name).take("[");
    if (text_.take_if("]")) return;
    do read(text_);
    while (text_.take_if(","));
    text_.take("]");
  }

  static std::string_view value_of_word(TextReading& text) {
    text.take("\"");
    return text.take_word();
  }
  template <typename Read>
  static auto value_of_object(TextReading& text, Read read) {
    ObjectReading object{text};
    auto value = read(object);
    object.end();
    return value;
  }

 private:
  /// Goes on to its value, if it is.
  bool has(std::string_view name);
  template <typename Number>
  static Number value_of_number(TextReading& text, std::string_view name) {
    Number number = 0;
    if (!text.take_number(number)) refuse(name);
    return number;
  }
  /// The text from the value of that member on, if it is next.
  [[nodiscard]] std::optional<TextReading> value_of(std::string_view name) const;
  static Timestamp value_of_time(TextReading& text, std::string_view name);
  std::string value_of_bytes(TextReading& text, std::string_view name);

  TextReading& text_;
  bool is_first_ = true;
};

}  // namespace syncline::planning
