// Which passes are taken back. Pure.
//
// Passes are a stack. An undo that is in effect hides those that it took back, and is no rung
// itself: going on from it leads to what was below. One that was taken back again gave its passes
// back, by an undo that stands for them from then on.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "kept/journal.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace syncline::engine {

/// Of `passes`, the newest first: the last one in effect that is no undo and changed something that
/// counts, and those that came after it.
std::vector<kept::PassRow> choose_last(const std::vector<kept::PassRow>& passes);
/// The one of that name, and those in effect that came after it; if it is an undo, the later undos
/// of what came before it, too. nullopt: there is none of that
/// name. Empty: it is not in effect.
std::optional<std::vector<kept::PassRow>> choose_named(const std::vector<kept::PassRow>& passes,
                                                       const std::string& name);
/// Those that began later than that second.
std::vector<kept::PassRow> choose_since(const std::vector<kept::PassRow>& passes,
                                        std::int64_t moment_s);
/// Those that an undo took on, and was interrupted before it was done with; empty unless it is the
/// newest.
std::vector<kept::PassRow> choose_interrupted(const std::vector<kept::PassRow>& passes);

}  // namespace syncline::engine
