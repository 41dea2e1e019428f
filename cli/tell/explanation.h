// One entry explained, as a few lines for a person.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/explain.h"

#include <string>
#include <vector>

namespace syncline::cli {

std::vector<std::string> lines_of(const Explanation& explanation);

/// One more: that a pass would do nothing at all, since the undo of that name took `destination`
/// back.
std::string held_explanation(const std::string& undo, const std::string& destination);

}  // namespace syncline::cli
