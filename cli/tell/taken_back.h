// How an undo went, in words.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/undo.h"

#include <string>
#include <vector>

namespace syncline::cli {

/// "taken back: pass 20261125T084751Z: 3 brought back, 2 removed, 1 moved back"; `passes`: those
/// that were, the newest first.
std::string taken_back_line(const Summary& summary, const std::vector<KeptPass>& passes);

/// "brought back: 3 entries (1.2 MB)": an entry into another folder.
std::string brought_back_line(const Summary& summary);

}  // namespace syncline::cli
