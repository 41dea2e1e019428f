// Bytes from elsewhere, made safe to print (syncline/escape.h), in the forms that a command line
// needs.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/escape.h"

#include <string>
#include <string_view>

namespace syncline::cli {

/// As escape(), between double quotes, with those inside escaped too: where it ends is plain to
/// see.
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
