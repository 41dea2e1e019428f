// How a pass went, in words.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/mirror.h"

#include <string>
#include <vector>

namespace syncline::cli {

/// For a log: one line that a program can take apart, bytes and counts exact, every term always
/// there.
std::string summary_line(const Summary& summary);

/// For a terminal: a few lines, what is zero left out.
std::vector<std::string> summary_for_people(const Summary& summary);

/// What nobody may miss, however quiet a run was asked for: why the mirror is not complete, and
/// what to do.
std::vector<std::string> shortcomings(const Summary& summary);

}  // namespace syncline::cli
