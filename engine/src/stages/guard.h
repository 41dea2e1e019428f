// Whether a pass may delete what it wants to: decided once, from the whole count, before the first
// unlink. All or nothing. Pure.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/mirror.h"

#include <optional>
#include <string>
#include <vector>

namespace syncline::stages {

/// What the guard judges.
struct Deletions {
  Tally wanted;
  Tally held;                         ///< what the destination held when it was walked
  bool is_known = false;              ///< an earlier pass has met these roots
  bool has_empty_source = false;      ///< and an index would know if that had ever been otherwise
  Tally removed;                      ///< within the last 24 hours, nobody having asked for it
  std::vector<std::string> examples;  ///< of what would go, as it shall be shown
  std::string nested;  ///< the folder in the destination that is named like the source
};

/// Why the deletions must not happen; nullopt when they may.
std::optional<std::string> why_held_back(const DeletionPolicy& policy, const Deletions& deletions);

}  // namespace syncline::stages
