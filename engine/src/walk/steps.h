// What is to be done with the names of a batch, by kind. Nothing of it is done yet.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "index/deferred_list.h"
#include "index/rows.h"
#include "judge/compare.h"
#include "pass/folder.h"
#include "pass/pass.h"
#include "replica/link_notes.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
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
  bool was_moved = false;                     ///< what the destination has of it was, by this pass
};

struct Steps {
  std::vector<FolderRef> folders;  ///< each counts in its parent already
  std::vector<FileTask> files;     ///< likewise
  std::size_t found_files = 0;     ///< so many there were
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

  /// `child` is to be walked.
  void walk_into(FolderRef child) {
    ++child->parent->pending;
    folders.push_back(std::move(child));
  }
};

}  // namespace syncline::engine
