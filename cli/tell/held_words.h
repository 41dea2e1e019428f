// Why nothing was deleted, and what would allow it, in words.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/held_deletions.h"

#include <string>

namespace syncline::cli {

/// One line.
std::string held_words(const HeldDeletions& held);

}  // namespace syncline::cli
