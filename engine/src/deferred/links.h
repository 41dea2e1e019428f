// Names that share one inode in the source, made to share one in the destination: after the walk,
// when the first name of each has been mirrored.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "deferred/deferred_folders.h"
#include "deferred/link_outcome.h"
#include "filesystem/directory.h"
#include "index/link_groups.h"
#include "walk/batch.h"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace syncline::engine {

/// Thread-safe.
class LinkWork {
 public:
  LinkWork(Pass& pass, DeferredFolders& folders) : pass_(pass), folders_(folders) {}
  [[nodiscard]] Pass& pass() const { return pass_; }

  /// In a dry run it tells of them. All followers of a group must come in one call at a time. None
  /// is held unless it `may_hold`.
  LinkOutcome link(const std::vector<index::Follower>& followers, bool may_hold);

 private:
  Pass& pass_;
  DeferredFolders& folders_;
  std::mutex trying_;  ///< held while a link is made to see whether it can be
};

}  // namespace syncline::engine
