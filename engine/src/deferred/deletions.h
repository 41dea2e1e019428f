// Whether a pass may delete, and the memory of what it deleted unasked.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/index.h"
#include "pass/pass.h"

#include <cstdint>
#include <optional>

namespace syncline {

struct DeletionVerdict {
  std::optional<HeldDeletions> held{};  ///< none: they may happen
};

/// An earlier pass of the same loop has met these very roots.
bool have_met(const engine::Pass& pass);

/// After the walk.
DeletionVerdict judge_deletions(const engine::Pass& pass, const index::History& history);

/// From this pass on the two roots know each other: it has ended well, and nothing is left in the
/// destination that it was not free to delete. So not one that deletes nothing whatever it finds,
/// be it that all of that is protected, or that could not see everything.
bool makes_known(const engine::Pass& pass, const DeletionVerdict& verdict);

/// What is about to be deleted unasked counts against the next 24 hours, come what may: where that
/// cannot be written down, nothing is deleted.
class CountedDeletions {
 public:
  explicit CountedDeletions(engine::Pass& pass);

  void begin(DeletionVerdict& verdict);
  /// Takes back what was not removed after all.
  void end();

 private:
  bool count(std::int64_t entries, std::int64_t bytes);

  engine::Pass& pass_;
  const bool is_counted_;
  const Tally wanted_;
  const Tally removed_before_;
  std::int64_t began_s_ = 0;
};

}  // namespace syncline
