// Files that the index does not know by their names: the destination may have them by others.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/rows.h"
#include "model/entry.h"
#include "walk/batch.h"
#include "walk/batch_counts.h"
#include "walk/batch_look.h"
#include "walk/moves.h"
#include "walk/steps.h"

#include <optional>
#include <string>
#include <vector>

namespace syncline::engine {

/// What there is of a file.
struct Found {
  const Remembered* known = nullptr;
  bool is_held = false;             ///< it waits for the end of the walk
  bool was_brought = false;         ///< the destination had it elsewhere
  bool begins_alike = false;        ///< by that it was found
  std::vector<std::string> twin{};  ///< FileTask::twin
};

/// For one thread, over the names of one batch.
class MovedFiles {
 public:
  MovedFiles(Pass& pass, Folder& folder, const Batch& batch, BatchLook& look, BatchCounts& counts,
             Steps& steps);

  /// By a rename of this pass, what was looked at may be somewhere else.
  [[nodiscard]] bool have_moved_on() const;

  /// The index does not know it by its name: what the destination has by that may belong elsewhere,
  /// and it may have it by another.
  [[nodiscard]] bool is_strange(const Entry& source, const Remembered* known) const;

  /// Finds what the destination has of a strange file, `known` by its name or not, and makes that
  /// the `destination`. Found::known is valid until the next one is looked for.
  Found find(const std::string& name, const Entry& source, std::optional<Entry>& destination,
             const Remembered* known);

 private:
  Found hold(const std::string& name);
  Found find_alike(const std::string& name, const Entry& source, std::optional<Entry>& destination,
                   const Remembered* known);
  bool bring(const std::string& name, const Entry& source, std::optional<Entry>& destination);
  void take_over(BroughtFile brought, const Entry& source, std::optional<Entry>& destination);

  Pass& pass_;
  Folder& folder_;
  BatchLook& look_;
  BatchCounts& counts_;
  Steps& steps_;
  const bool may_hold_;
  const Patience patience_;
  Remembered brought_;
};

}  // namespace syncline::engine
