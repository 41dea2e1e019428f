// Why a pass could not begin or go on, and how what would get further is typed.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/refusal.h"

#include <string>

namespace syncline::cli {

/// One line.
std::string refusal_words(const Refusal& refusal);

}  // namespace syncline::cli
