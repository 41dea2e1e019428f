// Why something was done or read, in words.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"

#include <string>

namespace syncline::cli {

/// "size 12→14", "hard link of 'a'", "new, resumed at 93 %".
std::string reason_words(const Action& action);

/// "ctime changed", "not known"; where other entries belong to it, what can be said without them.
std::string reason_words(const Reason& reason);

}  // namespace syncline::cli
