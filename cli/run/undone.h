// Which passes an undo is about.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/undo.h"

#include <string>
#include <vector>

namespace syncline::cli {

/// Those that the undo of that name took back, the newest first.
std::vector<KeptPass> taken_back_by(const std::string& undo, const KeptPasses& kept);

/// Those that undo() would take back: those that are in effect, as far as `options` mean them, or
/// the rest of an undo that was interrupted.
std::vector<KeptPass> to_be_taken_back(const UndoOptions& options, const KeptPasses& kept);

}  // namespace syncline::cli
