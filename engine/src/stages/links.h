// Names that share one inode in the source, made to share one in the destination: after the walk,
// when the first name of each has been mirrored.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "index/link_groups.h"
#include "stages/clock.h"
#include "stages/emission.h"
#include "stages/late_folders.h"
#include "stages/transfer.h"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace syncline::stages {

/// What leads `group`, `name` in `folder`, is in the destination what the source has, but for what
/// is an `exception`; under the name `temporary`, if that is not empty.
void end_leader(Pass& pass, Folder& folder, const std::string& name, const index::LinkGroup& group,
                const Identity& destination, bool has_proof, const ExceptionRef& exception,
                const std::string& temporary = {});

/// Whether `now`, what the source's `folder` has by a name of `group`, is that inode still.
bool is_still_of(const index::LinkGroup& group, const filesystem::Directory& folder,
                 const std::optional<Entry>& now);
/// That it is not.
Failure parted(Path path, const std::optional<Entry>& now);

inline bool has_other_names(const std::optional<Entry>& entry) {
  return entry && entry->kind == Kind::file && entry->links > 1;
}

/// What is called `name` in the destination's `folder` is about to lose that name by `take`. If it
/// `has_others`, what is remembered of these holds on, though that moves its ctime.
template <typename Take>
void take_name(Pass& pass, const filesystem::Directory& folder, const std::string& name,
               bool has_others, Take take) {
  if (!pass.has_index() || !has_others) return take();
  const filesystem::Descriptor held = folder.hold(name);
  const auto begin = std::chrono::steady_clock::now();
  const Identity before = held.is_open() ? filesystem::Directory::look(held).identity : Identity{};
  take();
  if (!held.is_open()) return;
  Identity after = filesystem::Directory::look(held).identity;
  const Timestamp ctime = std::exchange(after.ctime, before.ctime);
  if (after == before && !was_long_ago(begin)) pass.links.move_ctime(before, ctime);
}

/// What was so remembered.
std::vector<index::Edit> moved_leaders(Pass& pass, index::LinkGroup& after);

/// To be linked after the walk.
void note_follower(Pass& pass, Folder& folder, const Follower& follower);

/// Thread-safe.
class LinkWork {
 public:
  LinkWork(Pass& pass, LateFolders& folders) : pass_(pass), folders_(folders) {}

  struct Outcome {
    std::vector<Event> events;
    std::vector<index::Edit> edits;
    /// Names that lead their groups from now on, or stand alone: to be judged before the next
    /// generation of followers is linked.
    struct Judged {
      FolderRef folder;
      Batch batch;
    };
    std::vector<Judged> judged;
    std::vector<index::Follower> held;  ///< whose names somebody else uses at the moment
  };
  /// In a dry run it tells of them. All followers of a group must come in one call at a time. None
  /// is held unless it `may_hold`.
  Outcome link(const std::vector<index::Follower>& followers, bool may_hold);

 private:
  class Group;

  Pass& pass_;
  LateFolders& folders_;
  std::mutex trying_;  ///< held while a link is made to see whether it can be
};

}  // namespace syncline::stages
