// Why nothing was deleted, and what would allow it, in words.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/held_deletions.h"

#include <string>

namespace syncline::cli {

/// One line. `keeps`: what goes is kept so that it can be taken back (Options::undo).
std::string held_words(const HeldDeletions& held, bool keeps = false);

}  // namespace syncline::cli
