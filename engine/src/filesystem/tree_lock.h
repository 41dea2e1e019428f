// Keeps every other run out of a destination tree: an exclusive flock(2) on its root, shared ones
// on the folders above it that can be opened. A run on a folder inside meets our exclusive lock,
// one on a folder above meets a shared one. The kernel drops the locks when the process ends,
// however it ends.
//
// Whoever may read a folder may lock it. So a stranger's lock (lock_holders.h) is nothing to wait
// for: above the root it is passed over, and at the root too, where the run holds a lock that no
// stranger can take (own_locks.h). Every run takes those, and takes them first: in a place that no
// environment moves, which keeps two runs of root's, or of one user's, apart whatever a stranger
// holds, and in the usual state folder beside it. Runs that do not share the former meet in a lock
// on the root that is shared with a stranger's shared one; his exclusive one counts then.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "filesystem/flock.h"
#include "filesystem/lock_holders.h"
#include "filesystem/own_locks.h"

#include <optional>
#include <string>
#include <vector>

namespace syncline::filesystem {

/// Where own locks are taken, as far as they can be.
struct OwnPlaces {
  /// All runs of this user's share it; where the user database names no home, all of one
  /// environment.
  std::optional<OwnLocks> fixed;
  std::optional<OwnLocks> usual;  ///< where the environment names another one
};

class TreeLock {
 public:
  /// Takes the locks at once or not at all: nullopt when somebody else holds one.
  static std::optional<TreeLock> try_lock(const Directory& root);
  /// Those alone that stand above a root, which shall be made in `parent`.
  static std::optional<TreeLock> try_lock_above(const Directory& parent);

  /// False where the file system cannot lock: nobody is kept out then, and litter cannot be told
  /// from work in hand.
  [[nodiscard]] bool effective() const { return effective_; }

  /// The strangers whose lock on the root was passed over, in words; empty: there are none.
  [[nodiscard]] const std::string& passed_over() const { return passed_over_; }

  /// What a walk must not take for part of a root, and the folder that it comes and goes in.
  [[nodiscard]] std::vector<FileId> files() const;
  [[nodiscard]] std::vector<FileId> folders() const;

  /// "process 1234, running since 2026-01-02 03:04:05" for whoever keeps us from the lock on or
  /// above `root`; "another process" where that cannot be told.
  static std::string holder(const Directory& root);
  static std::string holder_above(const Directory& parent);

 private:
  static std::optional<TreeLock> try_lock(const Directory& start, LockMode mode);
  static std::string holder(const Directory& start, LockMode mode);
  bool lock(Descriptor folder, LockMode mode);
  bool pass_over(Descriptor root, const std::vector<LockHolder>& strangers);

  OwnPlaces own_;
  std::vector<Descriptor> held_;
  bool effective_ = true;
  std::string passed_over_;
};

}  // namespace syncline::filesystem
