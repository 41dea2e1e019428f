// What must wait until the whole walk has succeeded and the guard has agreed: deletions, things
// that take the place of folders, and the metadata of the folders that both will touch.
//
// There can be millions of them, so they live in a temporary SQLite file that spills to disk and
// vanishes with the process, whatever ends it. Tables: `folder`, a row for each folder that
// something is noted in and for each above it; `removal` and `replacement`, a row for each entry.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/sqlite.h"
#include "model/entry.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace syncline::index {

using FolderKey = std::int64_t;
inline constexpr FolderKey no_folder = 0;

struct Removal {
  std::string name;
  Kind kind = Kind::file;
  Identity seen;  ///< as the walk saw it; ctime is left out, since removing another link to it
                  ///< moves that
  std::optional<Properties> properties{};  ///< not kept in the list: for whom it is told to at once
  bool gave_way = false;  ///< a folder whose place was taken, now under a temporary's name
};

/// Bytes that are freed with it, as tallies have them.
inline std::uint64_t content_bytes(const Removal& removal) {
  return removal.kind == Kind::file ? removal.seen.size : 0;
}

/// `temporary` holds what shall be called `name`, where a folder is now.
struct Replacement {
  FolderKey folder = no_folder;
  std::string name;
  std::string temporary;
  FileId id;  ///< what that name was made for
  Kind kind = Kind::file;
  std::uint64_t bytes = 0;
};

/// A folder that the source lacks by that name. It is walked once all others were: until then it
/// may turn out to have been moved.
struct Extraneous {
  FolderKey folder = no_folder;
  std::string name;
  bool gives_way = false;
};

struct DeferredFolder {
  FolderKey parent = no_folder;
  std::string name;      ///< as it was when walked; empty for the root
  std::string moved_to;  ///< its name since it gave way; else empty
  FileId destination;
  std::optional<FileId> source;    ///< none for a folder that the source lacks
  std::int64_t row = 0;            ///< its key in the index, or 0
  std::optional<Entry> settle_as;  ///< the metadata to leave it with
  bool is_obstacle = false;        ///< it holds what is to be kept, so that nothing takes its place
};

/// Thread-safe. Every member throws SqliteError.
class DeferredList {
 public:
  DeferredList();

  /// Nothing is noted any more.
  void clear();

  /// `row`: its key in the index, or 0.
  FolderKey add_folder(FolderKey parent, const std::string& name, std::uint32_t depth,
                       FileId destination, std::optional<FileId> source, std::int64_t row);
  void note_removals(FolderKey folder, const std::vector<Removal>& removals);
  void note_replacement(const Replacement& replacement);
  /// It does not come to that.
  void withdraw_replacement(FolderKey folder, const std::string& name);
  /// `folder` is to be settled as `want` once all else in it is done.
  void note_settling(FolderKey folder, const Entry& want);
  void note_obstacle(FolderKey folder);

  void note_extraneous(const Extraneous& extraneous);
  /// `moved`, an entry of the destination, is gone from its place. If it was noted as to be
  /// removed, it is no more, and that is what was noted.
  std::optional<Removal> withdraw(FileId moved);
  /// Likewise, but what took its place is to be removed there instead.
  bool succeed(FileId moved, const Entry& by);

  /// After the walk.

  std::vector<Extraneous> extraneous_after(const Extraneous& last, std::size_t most);
  [[nodiscard]] bool empty();
  std::vector<Replacement> replacements();
  /// The folder `name` in `folder` gave way: it is now called `aside`, and is to be removed like
  /// what is in it.
  void note_moved_aside(FolderKey folder, const std::string& name, const std::string& aside,
                        const Identity& seen);

  /// Depths that have rows, deepest first.
  std::vector<std::uint32_t> depths();
  std::vector<FolderKey> folders_at(std::uint32_t depth, FolderKey after, std::size_t most);
  DeferredFolder folder(FolderKey key);
  /// Whether the folder `name` in `folder` was noted as an obstacle.
  bool is_obstacle(FolderKey folder, const std::string& name);
  /// In byte order, from the first name behind `after` on.
  std::vector<Removal> removals_in(FolderKey folder, const std::string& after, std::size_t most);

 private:
  void insert_removal(FolderKey folder, const Removal& removal);

  std::mutex mutex_;
  Connection connection_;
  Statement add_folder_;
  Statement note_removal_;
  Statement note_replacement_;
  Statement withdraw_replacement_;
  Statement note_settling_;
  Statement move_aside_;
  Statement note_obstacle_;
  Statement note_extraneous_;
  Statement extraneous_after_;
  Statement withdraw_;
  Statement succeed_;
  Statement is_obstacle_;
  Statement folders_at_;
  Statement folder_;
  Statement removals_in_;
  FolderKey last_key_ = no_folder;
};

}  // namespace syncline::index
