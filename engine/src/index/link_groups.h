// Hard links: which names of the source are one inode, and which inode of the destination stands
// for it. In a tree where every file has many names that is millions of rows, so they live in a
// temporary SQLite file like the deferred list.
//
// The first name of an inode that the walk finds the same in the destination leads its group; the
// others follow: they become links to what the leader has become, after the walk. Where no name was
// the same, one is chosen to lead then, when all of them are known. So each name is judged once,
// and what was met first decides nothing but an order.
//
// Table `inode`: a row for each group that has a leader. Table `claim`: a row for each destination
// inode of more than one name, with the source inode that it stands for. Table `follower`: a row
// for each name that is to be linked.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/deferred_list.h"
#include "index/rows.h"
#include "index/sqlite.h"
#include "model/entry.h"

#include "syncline/event.h"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace syncline::index {

/// A name in the index.
struct RowName {
  RowKey folder = no_row;
  std::string name;
};

/// Names of one inode of the source that are to be names of one inode in the destination. What that
/// one cannot take, being full or of another project, makes up the next part, with an inode of its
/// own.
struct LinkGroup {
  FileId source;
  std::int64_t part = 0;

  friend bool operator==(const LinkGroup&, const LinkGroup&) = default;
};

/// It stands for none in particular.
inline constexpr std::uint64_t any_inode = 0;

/// What a group's leader has become.
struct Leader {
  std::string path;       ///< relative to the root
  std::string temporary;  ///< the name that it bears until a folder has given way; else empty
  Identity destination;
  RowName row;               ///< where its content is remembered
  bool has_proof = false;    ///< by that very destination identity
  bool is_excepted = false;  ///< there are exceptions of its metadata in that row
};

struct Follower {
  /// What the index said of it by its name when it was walked.
  enum class Known : std::uint8_t {
    nothing,
    apart,  ///< moved in its ctime alone, and it could not be linked to others
    moved,
    proved,
  };

  LinkGroup group;
  FolderKey folder = no_folder;
  RowName row;  ///< its name, and where its content shall be remembered
  Kind kind = Kind::file;
  Known known = Known::nothing;
};

/// Thread-safe. Every member throws SqliteError.
class LinkGroups {
 public:
  LinkGroups();

  struct Led {
    std::string first;             ///< path of the leader
    std::optional<FileId> walked;  ///< what the leader's name was in the destination, if it stays
    std::optional<Leader> ended;   ///< set once the leader needs nothing more
    /// It and others could not be linked, which are known by that inode of the destination.
    std::optional<std::uint64_t> apart_from{};
    std::optional<Failure> failed{};  ///< why the inode's content cannot be had, by any name
  };
  /// nullopt: nobody leads it yet.
  [[nodiscard]] std::optional<Led> find(const LinkGroup& group);
  /// `path` leads from here on, and what the destination has there stays, if anything. False, and
  /// nothing is changed: another name does, or that stands for another inode of the source.
  bool lead(const LinkGroup& group, const std::string& path,
            const std::optional<Entry>& destination, std::optional<std::uint64_t> apart_from);
  /// The same for one whose leader, if any, came to nothing.
  void lead_instead(const LinkGroup& group, const std::string& path, std::optional<FileId> stays);
  void end(const LinkGroup& group, const Leader& leader);
  /// The leader came to nothing, and so would every other name. Its path is not kept.
  void fail(const LinkGroup& group, const Failure& why);
  /// That inode of the destination, which has more names, stands for this one of the source. False:
  /// it does for another.
  bool claim(FileId destination, FileId source);
  /// What is remembered of a leader that was `before`, or will turn out to have been, holds for it
  /// as it is now. No other than its ctime may differ.
  void move_ctime(const Identity& before, const Timestamp& ctime);
  void note_follower(const Follower& follower);

  // After the walk.

  /// Any in the generation that is being noted.
  [[nodiscard]] bool has_followers();
  /// In the order of their groups, behind the `position` of the page before; moves it on. A group
  /// comes whole unless it is longer than a page. Those that are noted meanwhile make up the next
  /// generation.
  struct Position {
    std::int64_t generation = 0;
    LinkGroup group;
    std::int64_t row = 0;
  };
  [[nodiscard]] std::int64_t generation();
  void begin_generation();
  std::vector<Follower> followers(Position& position, std::size_t most);
  /// Those whose ctime moved, in the order of their groups, behind `after`.
  std::vector<std::pair<LinkGroup, Leader>> moved_leaders(const LinkGroup& after, std::size_t most);

 private:
  bool claim_locked(FileId destination, FileId source);
  void add(const LinkGroup& group, const std::string& path, std::optional<FileId> stays,
           std::optional<std::uint64_t> apart_from);

  std::mutex mutex_;
  Connection connection_;
  Statement find_inode_;
  Statement add_inode_;
  Statement end_;
  Statement fail_;
  Statement find_claim_;
  Statement add_claim_;
  Statement note_follower_;
  Statement followers_;
  Statement move_ctime_;
  Statement move_claim_;
  Statement find_move_;
  Statement moved_leaders_;
  std::int64_t generation_ = 0;
  bool has_followers_ = false;
};

}  // namespace syncline::index
