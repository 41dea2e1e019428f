// Keeps every other run out of a destination tree: an exclusive flock(2) on its root, shared ones
// on the folders above it that can be opened. A run on a folder inside meets our exclusive lock,
// one on a folder above meets a shared one. The kernel drops the locks when the process ends,
// however it ends.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"

#include <optional>
#include <string>
#include <vector>

namespace syncline::filesystem {

class TreeLock {
 public:
  /// Takes the locks at once or not at all: nullopt when somebody else holds one.
  static std::optional<TreeLock> try_lock(const Directory& root);
  /// The shared ones alone, for a root that shall be made in `parent`.
  static std::optional<TreeLock> try_lock_above(const Directory& parent);

  /// False where the file system cannot lock: nobody is kept out then, and litter cannot be told
  /// from work in hand.
  [[nodiscard]] bool effective() const { return effective_; }

  /// "process 1234, running since 2026-01-02 03:04:05" for whoever holds a lock on or above `root`,
  /// from /proc/locks; "another process" where that cannot be told.
  static std::string holder(const Directory& root);
  static std::string holder_above(const Directory& parent);

 private:
  static std::optional<TreeLock> try_lock(const Directory& folder, bool is_root);
  static std::string holder(const Directory& start, bool above);

  std::vector<Descriptor> held_;
  bool effective_ = true;
};

}  // namespace syncline::filesystem
