// What passes did to a replica, written down before it was done: a database in the quarantine
// (SQLite, in its write-ahead mode: one flush for each group of operations).
//
// An operation that is written down may not have been carried out: whoever takes it back sees that
// by what he finds.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "index/sqlite.h"
#include "kept/operation.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace syncline::kept {

/// What came about by one pass, or by one undo.
struct PassRow {
  std::int64_t id = 0;  ///< later ones have higher ones
  std::string name{};   ///< pass_name()
  std::int64_t began_s = 0;
  /// It takes back, or does again, what others did.
  bool is_undo = false;
  /// Of an undo: it puts a state back that a pass had made, having undone an undo.
  bool does_again = false;
  bool is_complete = false;
  std::int64_t undone_by = 0;  ///< id of the undo that took it back; 0: it is in effect
  std::string source{};  ///< path of the source's root; of an undo, names of what it took back
  std::uint64_t created = 0;
  std::uint64_t replaced = 0;
  std::uint64_t moved = 0;
  std::uint64_t removed = 0;
  std::uint64_t metadata_set = 0;
  std::uint64_t bytes_kept = 0;
  std::int64_t keep_s = 0;  ///< how long it is to be kept
};

/// "20261125T084751Z.7": what holds the items of a pass.
std::string folder_name(const PassRow& row);

/// Not thread-safe. Members throw index::SqliteError.
class Journal {
 public:
  /// Creates it where it is missing. Unless it is `durable`, a power cut may tear it. Throws
  /// SystemError (EPERM) where others could have written it, SqliteError where it is of another
  /// replica than that with this `root`.
  Journal(const filesystem::Directory& home, const filesystem::Directory& root, bool durable);
  /// Whether there is one.
  static bool is_in(const filesystem::Directory& home);

  /// Of the new pass; `row.id` is ignored.
  std::int64_t begin(const PassRow& row);
  /// What is written down comes after all that was before.
  void add(std::int64_t pass, const Operation& operation);
  /// All that was added is on the disk when this returns.
  void commit();
  /// The counts of `row`, and is_complete.
  void update(const PassRow& row);
  void set_undone(std::int64_t pass, std::int64_t by);
  /// Forgets a pass with its operations.
  void forget(std::int64_t pass);

  /// The newest first. What one did that was interrupted is counted anew.
  std::vector<PassRow> passes();
  /// What `pass` kept is about to go: from now on it is none of passes(), but one of expiring().
  void set_expiring(std::int64_t pass);
  std::vector<PassRow> expiring();
  /// Calls `take` with the operations of a pass that come before number `before`, the last one
  /// first, and their numbers, as long as it returns true.
  using Take = std::function<bool(std::int64_t number, Operation operation)>;
  void read_back(std::int64_t pass, std::int64_t before, const Take& take);

  /// The numbers of what the pass did, or was about to do, of that kind there.
  std::vector<std::int64_t> numbers(std::int64_t pass, Deed deed, const Spot& at);

  // How far an undo of a pass is, so that it can go on: nothing that was done is done again, for
  // what has its name by now may be something else.

  /// All operations from `number` on were taken back, but for those that were left.
  void set_taken_back_to(std::int64_t pass, std::int64_t number);
  /// More than any number: none was.
  std::int64_t taken_back_to(std::int64_t pass);
  /// This one was left, and may be tried once more.
  void note_left(std::int64_t pass, std::int64_t number);
  /// Those, the last one first; they are forgotten.
  std::vector<std::int64_t> take_left(std::int64_t pass);

  /// The places of its items.
  std::vector<std::string> places(std::int64_t pass);

  // Folders are known by their inodes, and the number of one that was removed may be another's
  // soon after, so it depends on the moment what it stands for.

  /// When an operation was written down.
  struct Moment {
    std::int64_t pass = 0;
    std::int64_t number = 0;  ///< among those of the pass
  };
  /// The folder that had the number `inode` and was `removed` is there again, `since` then, with
  /// another one.
  void note_made_again(std::uint64_t inode, Moment removed, std::uint64_t made, Moment since);
  /// The number by now of the folder that had that one `then`.
  std::uint64_t inode_by_now(std::uint64_t inode, Moment then);
  /// Of the last operation of the pass; 0: it has none.
  std::int64_t last_number(std::int64_t pass);

 private:
  void open();
  void require_of(const filesystem::Directory& root);
  std::vector<PassRow> passes(bool are_expiring);
  void count(PassRow& row);

  index::Connection connection_;
  std::optional<index::Statement> add_;
  bool is_open_ = false;  ///< a transaction
};

}  // namespace syncline::kept
