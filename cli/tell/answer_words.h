// What a pass would do with an entry that was asked about.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/explain.h"

#include <string>

namespace syncline::cli {

/// "the same: nothing would be done".
std::string answer_words(const Answer& answer);

}  // namespace syncline::cli
