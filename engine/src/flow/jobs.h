// What a worker does at a time, and what it does first.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/publish.h"
#include "content/transfer.h"
#include "deferred/deferred_work.h"
#include "deferred/links.h"
#include "index/deferred_list.h"
#include "index/link_groups.h"
#include "pass/folder.h"
#include "pass/patience.h"
#include "walk/batch.h"
#include "walk/steps.h"

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace syncline::engine {

enum class Urgency : std::uint8_t { read, walk, write, publish, finish };

namespace job {
/// One folder of the source, with those of the replicas that it is walked for.
struct Walk {
  std::vector<FolderRef> folders;
  Patience patience{};  ///< with who has it
};
/// Names that were held back, or chosen among those of an inode.
struct Reconcile {
  FolderRef folder;
  Batch batch;
};
/// Symlinks, special files and metadata that somebody else had.
struct Change {
  FolderRef folder;
  std::vector<EntryChange> changes;
  Patience patience;
};
struct ReadGroup {
  FileGroup group;
};
/// Files that somebody else had.
struct ReadHeld {
  std::vector<FileTask> tasks;
};
struct ReadStripe {
  Stripe stripe;
};
struct WriteGroup {
  FileGroup group;
};
struct WriteChunked {
  ChunkedFileRef file;
};
struct Publish {
  PublishGroup group;
};
struct Link {
  LinkWork& links;
  std::vector<index::Follower> followers;
  Patience patience{};  ///< with who uses their names
};
struct ReplaceFolders {
  DeferredWork& deferred;
};
struct FinishDeferred {
  DeferredWork& deferred;
  index::FolderKey key;
  std::string after;  ///< names up to this one are done
};
/// What somebody else had.
struct FinishHeld {
  DeferredWork& deferred;
  index::FolderKey key;
  std::vector<index::Removal> held;
  Patience patience;
};
}  // namespace job

using Job =
    std::variant<job::Walk, job::Reconcile, job::ReadGroup, job::ReadStripe, job::WriteGroup,
                 job::WriteChunked, job::Publish, job::Link, job::ReplaceFolders,
                 job::FinishDeferred, job::FinishHeld, job::ReadHeld, job::Change>;

/// A job on the lane.
struct Work {
  Urgency urgency = Urgency::walk;
  std::uint32_t depth = 0;
  bool begun = false;  ///< the folder's names are in memory
  Rank rank{};         ///< of what is to be read
  std::uint64_t sequence = 0;
  bool admitted = false;  ///< its gate has let it pass
  std::shared_ptr<Job> job;
};

struct LessUrgent {
  bool operator()(const Work& a, const Work& b) const {
    if (a.urgency != b.urgency) return a.urgency < b.urgency;
    if (a.urgency == Urgency::walk && a.depth != b.depth) return a.depth < b.depth;
    if (a.begun != b.begun) return b.begun;
    if (a.rank != b.rank) return a.rank > b.rank;
    return a.sequence > b.sequence;
  }
};

using Hashable = std::variant<FileGroup, Stripe>;
using HashWork = std::shared_ptr<Hashable>;

}  // namespace syncline::engine
