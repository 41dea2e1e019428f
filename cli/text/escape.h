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

#include <string>
#include <string_view>

namespace syncline::cli {

/// Whether all of it is, by RFC 3629.
bool is_utf8(std::string_view bytes);

/// A name or path; the backslash is doubled, so that the result stands for one name only.
std::string escape(std::string_view bytes);

/// The same between double quotes, with those inside escaped too: where it ends is plain to see.
std::string quote(std::string_view bytes);

/// A name as rsync prints it: a tab as it is, any other byte that escape() would not show as
/// `\#ooo`, octal, and the backslash only where such a code would begin. (rsync lets more through:
/// DEL, C1 in UTF-8, and what turns the reading direction.)
std::string escape_as_rsync(std::string_view bytes);

/// JSON in which such characters, which may stand in its strings as they are, are written as
/// `\uXXXX`: a parser gets the very same out of it.
std::string escape_json(std::string_view json);

/// A sentence that may have names in it: made one harmless line, backslashes left alone.
std::string one_line(std::string_view text);

}  // namespace syncline::cli
