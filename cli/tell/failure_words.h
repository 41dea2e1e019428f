// What could not be done with an entry, in words.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/failure.h"

#include <string>

namespace syncline::cli {

/// "could not open for reading: Permission denied": all of it but the path.
std::string failure_words(const Failure& failure);

}  // namespace syncline::cli
