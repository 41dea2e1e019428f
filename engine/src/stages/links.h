// Names that share one inode in the source, made to share one in the destination: after the walk,
// when the first name of each has been mirrored.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/link_groups.h"
#include "stages/emit.h"
#include "stages/late_folders.h"
#include "stages/transfer.h"

#include <vector>

namespace syncline::stages {

/// Why a name is linked, for a person: `first` is the path of the leader.
std::string link_reason(const std::string& first);

/// The leader of a group, `name` in `folder`, is in the destination what the source has; under the
/// name `temporary`, if that is not empty.
void end_leader(Pass& pass, Folder& folder, const std::string& name, FileId source,
                const Identity& destination, bool has_proof, const std::string& temporary = {});

/// Whether `folder`'s file system in the destination holds hard links, as far as an attempt there
/// can tell. Throws SystemError.
bool holds_links(Pass& pass, Folder& folder);

/// To be linked after the walk.
void note_follower(Pass& pass, Folder& folder, const std::string& name, const Entry& source);

/// Thread-safe.
class LinkWork {
 public:
  LinkWork(Pass& pass, LateFolders& folders) : pass_(pass), folders_(folders) {}

  struct Outcome {
    std::vector<Event> events;
    std::vector<index::Edit> edits;
    /// Names that now lead their groups, since the first ones came to nothing: to be copied. Each
    /// counts in its folder already.
    std::vector<FileTask> leaders;
  };
  /// All followers of a group must come in one call at a time.
  Outcome link(const std::vector<index::Follower>& followers);

 private:
  class Group;

  Pass& pass_;
  LateFolders& folders_;
};

}  // namespace syncline::stages
