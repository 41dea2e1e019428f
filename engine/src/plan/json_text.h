// JSON as a plan has it: appended piece by piece, in one way only, for what is read back is
// compared with what would be written.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/timestamp.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace syncline::planning {

/// One object on a line. Members come in the order in which they are put.
class ObjectText {
 public:
  explicit ObjectText(std::string& out) : out_(out) { out_ += '{'; }
  ObjectText(const ObjectText&) = delete;
  ObjectText& operator=(const ObjectText&) = delete;
  ~ObjectText() { out_ += '}'; }

  /// What is appended to the result is the value.
  std::string& name(std::string_view name);
  /// `text`: ASCII without anything to be escaped.
  void word(std::string_view name, std::string_view text);
  void number(std::string_view name, std::uint64_t value);
  /// As many digits as give it back.
  void fraction(std::string_view name, double value);
  void flag(std::string_view name, bool value);
  /// [seconds, nanoseconds]
  void time(std::string_view name, const Timestamp& time);
  /// A name: as it is where it is UTF-8; else escaped for people, and beside that as NAME_base64.
  void bytes(std::string_view name, std::string_view bytes);

 private:
  std::string& out_;
  bool is_first_ = true;
};

void append_number(std::string& out, std::uint64_t value);

/// ASCII that stands in a string as it is.
bool is_plain(char byte);
/// `text`: UTF-8.
void append_string(std::string& out, std::string_view text);

/// RFC 4648.
void append_base64(std::string& out, std::string_view bytes);
/// What base64 (RFC 4648) stands for; nullopt: it is none.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace syncline::planning
