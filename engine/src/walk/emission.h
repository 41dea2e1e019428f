// Names of a folder that go on together, and what is to be done with them.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "index/late_list.h"
#include "index/rows.h"
#include "judge/compare.h"
#include "pass/folder.h"
#include "pass/pass.h"
#include "pass/patience.h"
#include "replica/link_notes.h"

#include <memory>
#include <string>
#include <vector>

namespace syncline::engine {

/// A symlink or special file to be made, or metadata to be set.
struct EntryChange {
  std::string name;
  Entry source;
  std::optional<Entry> destination;
  Verdict verdict;
  Standing standing = Standing::unknown;  ///< of files
  bool has_proof = false;                 ///< the index holds their fingerprint
  /// Other names of its inode are linked to it.
  std::optional<index::LinkGroup> leads{};
  ExceptionRef exception{};                   ///< what is remembered of its metadata
  std::optional<std::uint64_t> apart_from{};  ///< Chosen::apart_from
};

struct Emission {
  std::vector<FolderRef> folders;  ///< each counts in its parent already
  std::vector<FileTask> files;     ///< likewise
  std::vector<EntryChange> changes;
  std::vector<Follower> followers;
  std::vector<index::Removal> removals;
  std::vector<index::Extraneous> extraneous;  ///< without their folder, which is this one
  std::vector<std::string> held;     ///< files that wait for the end of the walk: see moves.h
  std::vector<std::string> not_now;  ///< files that somebody else has at the moment
  std::vector<EntryChange> changes_not_now;  ///< likewise of what was to be changed
  std::uint64_t looked_at = 0;  ///< Moves::count() as it was when the names were looked at
  std::vector<std::string> litter;
  std::vector<Event> events;
  std::vector<index::Edit> edits;
};

/// One of several names of an inode, chosen after the walk.
struct Chosen {
  index::LinkGroup group;
  bool leads = false;  ///< the others are linked to it; else it can be linked to none of them
  /// Of others it cannot be a link, for which this inode of the destination stands.
  std::optional<std::uint64_t> apart_from{};
  /// What the destination has there, if it has no names but those of the group.
  std::optional<FileId> owned{};
};

/// The names that are emitted together, and the stretch of the folder that they stand for.
struct Batch {
  std::vector<NamePair> names;
  index::Stretch stretch;
  bool was_held = false;         ///< names out of that stretch, which are held no longer
  std::vector<Chosen> chosen{};  ///< one for each name; none: they are what the walk meets
  Patience patience{};           ///< with who has them
};

}  // namespace syncline::engine
