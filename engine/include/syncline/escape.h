// Bytes from elsewhere, made safe to print.
//
// A file name holds any byte but '/' and NUL. Printed as it is, it could end a line and forge the
// next, move a terminal's cursor, or turn the reading direction. So every byte is shown as `\n`,
// `\t`, `\r` or `\xNN` that is not UTF-8, or belongs to a control character (C0, DEL, C1), to a
// line or paragraph separator or to a character that turns the reading direction. What is left
// is shown as it is, and `printf %b` gives the bytes back.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace syncline {

struct Utf8Character {
  char32_t code_point = 0;
  std::size_t length = 0;  ///< bytes; 0: no valid UTF-8 starts here
};

/// Of `bytes`, which are not empty, by RFC 3629: shortest form only, no surrogates, nothing above
/// U+10FFFF.
Utf8Character first_character(std::string_view bytes);

/// Whether all of it is.
bool is_utf8(std::string_view bytes);

/// It neither controls a terminal nor turns its writing direction. All that is not harmless lies
/// within the first 65,536 characters.
bool is_harmless(char32_t character);

/// A name or path; the backslash is doubled, so that the result stands for one name only.
std::string escape(std::string_view bytes);

/// The same, but each character of `special`, of ASCII, gets a backslash before it.
std::string escape_with(std::string_view special, std::string_view bytes);

}  // namespace syncline
