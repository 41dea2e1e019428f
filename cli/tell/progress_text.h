// How far a pass has come, in words: for one line of a terminal, and for a log.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "tell/headway.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace syncline::cli {

/// At most `columns` wide: what matters less is left out first. `path`, raw bytes, may be empty:
/// the last entry that something was done with, shown where room is left.
std::string progress_line(const Headway& headway, std::string_view path, std::size_t columns,
                          bool colours);

/// All of it.
std::string progress_words(const Headway& headway);

}  // namespace syncline::cli
