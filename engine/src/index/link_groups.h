// Hard links: which names of the source are one inode, and which inode of the destination stands
// for it. In a tree where every file has many names that is millions of rows, so they live in a
// temporary SQLite file like the late list.
//
// The first name of an inode that the walk meets leads its group: it is mirrored like any other
// file. The others follow: they become links to what the leader has become, after the walk.
//
// Table `inode`: a row for each source inode of more than one name. Table `claim`: a row for each
// destination inode of more than one name, with the source inode that it stands for. Table
// `follower`: a row for each name that is to be linked.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/late_list.h"
#include "index/rows.h"
#include "index/sqlite.h"
#include "model/entry.h"

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace syncline::index {

/// A name in the index.
struct RowName {
  RowKey folder = no_row;
  std::string name;
};

/// What a group's leader has become.
struct Leader {
  std::string path;       ///< relative to the root
  std::string temporary;  ///< the name that it bears until a folder has given way; else empty
  Identity destination;
  RowName row;             ///< where its content is remembered
  bool has_proof = false;  ///< by that very destination identity
};

struct Follower {
  FileId source;
  FolderKey folder = no_folder;
  RowName row;  ///< its name, and where its content shall be remembered
  Kind kind = Kind::file;
};

/// Thread-safe. Every member throws SqliteError.
class LinkGroups {
 public:
  LinkGroups();

  struct Meeting {
    bool leads = false;            ///< it is the first of several names
    std::string first;             ///< path of the leader
    std::optional<Leader> ended;   ///< set once the leader needs nothing more
    std::optional<FileId> walked;  ///< what the leader's name was in the destination
    /// The destination inode stands for another source inode.
    bool is_claimed = false;
  };
  /// The walk has met `path`, an entry of the source with more than one name, or whose counterpart
  /// has.
  Meeting meet(const std::string& path, const Entry& source,
               const std::optional<Entry>& destination);
  void end(FileId source, const Leader& leader);
  void note_follower(const Follower& follower);

  // After the walk.

  [[nodiscard]] std::optional<Leader> leader(FileId source);
  /// Any in the generation that is being noted.
  [[nodiscard]] bool has_followers();
  /// In the order of their source inodes, behind the `position` of the page before; moves it on.
  /// Those that are noted meanwhile make up the next generation.
  struct Position {
    std::int64_t generation = 0;
    FileId source;
    std::int64_t row = 0;
  };
  [[nodiscard]] std::int64_t generation();
  void begin_generation();
  std::vector<Follower> followers(Position& position, std::size_t most);

 private:
  std::optional<FileId> claimer_of(FileId destination, FileId source);

  std::mutex mutex_;
  Connection connection_;
  Statement find_inode_;
  Statement add_inode_;
  Statement end_;
  Statement find_claim_;
  Statement add_claim_;
  Statement note_follower_;
  Statement followers_;
  std::int64_t generation_ = 0;
  bool has_followers_ = false;
};

}  // namespace syncline::index
