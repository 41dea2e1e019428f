// One entry explained, as a few lines for a person.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/explain.h"

#include <string>
#include <vector>

namespace syncline::cli {

std::vector<std::string> lines_of(const Explanation& explanation);

}  // namespace syncline::cli
