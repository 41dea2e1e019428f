// The side that is changed: what is known of it, and what waits to be done to it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/deferred_list.h"
#include "index/link_groups.h"
#include "pass/durability.h"
#include "pass/file_systems.h"
#include "pass/name_trials.h"
#include "pass/room.h"
#include "pass/unnamed.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>

namespace syncline::engine {

class Admission;
class Disposal;
class Intentions;
class Moves;
class StepSink;

/// Thread-safe.
class Replica {
 public:
  Replica(bool may_flush, std::size_t most_unnamed, std::optional<std::uint64_t> free_bytes)
      : durability(may_flush), unnamed(most_unnamed), room(free_bytes) {}

  FileSystems<ReplicaSide> file_systems;
  Durability durability;
  UnnamedPlaces unnamed;
  NameTrials name_trials;
  Room room;
  index::DeferredList deferred;
  index::LinkGroups links;
  const Disposal* disposal = nullptr;  ///< constant once the walk begins; how things leave it
  Intentions* intentions = nullptr;    ///< likewise; none: what is done cannot be taken back
  Moves* moves = nullptr;              ///< likewise; none: nothing is moved
  Admission* admission = nullptr;      ///< likewise; none: whatever is decided may be done
  StepSink* sink = nullptr;            ///< likewise; what is done with each step
  bool is_first_copy = false;          ///< it was empty; constant once it was listed

  /// The row of `folder` in the deferred list, made with those above it on first use.
  index::FolderKey deferred_key(Folder& folder);

  /// A file system on which an entry has the spelling that it has.
  void note_no_spelling(std::uint64_t device);
  [[nodiscard]] bool keeps_no_spelling(std::uint64_t device) const;

 private:
  mutable std::mutex mutex_;  // for all that follows
  std::set<std::uint64_t> keeps_no_spelling_;
};

}  // namespace syncline::engine
