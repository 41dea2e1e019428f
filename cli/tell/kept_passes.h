// Passes that are kept, and what they know of one entry: for people, for other programs, as JSON.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/undo.h"

#include <string>
#include <vector>

namespace syncline::cli {

/// Of an undo, those that it took back; none of another pass.
std::vector<std::string> names_taken_back(const KeptPass& pass);

inline constexpr const char* nothing_kept_line =
    "no pass is kept that can be taken back: only passes with --undo are";

/// A table that fits 80 columns, and what can be typed then.
std::vector<std::string> table_of(const KeptPasses& kept, const UndoPlace& place);
std::vector<std::string> table_of(const std::vector<KeptVersion>& versions, const UndoPlace& place,
                                  const std::string& path);

/// A line each, with a tab between what is told: name, start, end, bytes, what it did, its source.
std::vector<std::string> lines_of(const KeptPasses& kept);
/// Likewise: name, start, what the entry was.
std::vector<std::string> lines_of(const std::vector<KeptVersion>& versions);

/// On standard output.
void say_as_json(const KeptPasses& kept);
void say_as_json(const std::vector<KeptVersion>& versions);

/// "passes onto backup are held: syncline undo backup --release lets them go on"
std::string held_line(const UndoPlace& place);

}  // namespace syncline::cli
