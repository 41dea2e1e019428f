// Whether a pass may delete what it wants to: decided once, from the whole count, before the first
// unlink. All or nothing. Pure.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/mirror.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace syncline::engine {

/// What is known of the two roots.
enum class Contact : std::uint8_t {
  known,         ///< an earlier pass has met them
  first,         ///< none has
  unremembered,  ///< nobody could tell, for no index is kept
  lenient,       ///< none is known to have, and they are treated as if one had (Options::
                 ///< free_at_first, and passes of a loop that keeps no index)
};

/// What the guard judges.
struct Deletions {
  Tally wanted;
  Tally held;  ///< what the destination held when it was walked
  Contact contact = Contact::unremembered;
  bool has_empty_source = false;      ///< and an index would know if that had ever been otherwise
  bool can_be_undone = false;         ///< what goes can be brought back
  Tally removed;                      ///< within the last 24 hours, nobody having asked for it
  std::vector<std::string> examples;  ///< of what would go, as it shall be shown
  std::string nested;  ///< the folder that may have been meant for the destination; empty: none
};

/// Why the deletions must not happen; nullopt when they may.
std::optional<HeldDeletions> why_held_back(const DeletionPolicy& policy,
                                           const Deletions& deletions);

}  // namespace syncline::engine
