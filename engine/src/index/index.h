// The index of one pair of roots: what was proved, remembered from one pass to the next, so that a
// later pass is as sure as if it read every byte while it only asks for stamps.
//
// A row is written once what it speaks of is on the disk, and says nothing unless the identities in
// it still stand (model/proof.h): so a lost row, an old one, or an index that ends in the middle of
// a pass costs reading and claims nothing false. SQLite's write-ahead log keeps the file whole
// through kill -9 and power cuts ("Write-Ahead Logging" in SQLite's documentation; synchronous =
// NORMAL may lose the last transactions, never the order of them).
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/lookup.h"
#include "index/reader.h"
#include "index/rows.h"
#include "index/secrets.h"
#include "index/sqlite.h"

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace syncline::index {

class Writer;

/// What a pass leaves behind.
struct PassRow {
  std::int64_t ended_s = 0;
  Status status = Status::done;
  Tally source;
  Tally destination;
  std::uint64_t created = 0;
  std::uint64_t updated = 0;
  std::uint64_t removed = 0;
  bool held = false;   ///< deletions were held back
  bool meets = false;  ///< from now on the two roots know each other
  std::string name{};  ///< its start in UTC, as 20261125T084751Z; empty: it has none
};

/// Every member throws SqliteError. rows() and new_folder() are thread-safe; the others are for one
/// thread at a time.
class Index {
 public:
  /// The pair that the index at `path` is about; none where it has no tables yet. Throws
  /// SqliteError where it is damaged (is_damage()), NewerVersion where it is left alone.
  static std::optional<Pair> pair_of(const std::string& path);
  /// Where its destination lay when it was last used (note_place()); empty where nothing is known.
  /// Throws likewise.
  static std::string place_in(const std::string& path);
  /// Whether the index at `path` has to be carried over to this version. Throws likewise.
  static bool is_older(const std::string& path);
  /// Makes an index like the one at `path` of the empty file `to`. Throws likewise.
  static void copy(const std::string& path, const std::string& to);

  /// Opens the index at `path`, which is empty or one of this version or an older one, which is
  /// carried over, for `pair`, forgetting what it holds about another destination. `fresh` become
  /// its secrets where it has none. Throws likewise.
  Index(const std::string& path, const Pair& pair, std::int64_t now_s, const Secrets& fresh);
  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;
  ~Index();

  [[nodiscard]] const History& history() const { return history_; }
  [[nodiscard]] const Secrets& secrets() const { return secrets_; }

  std::unique_ptr<Rows> rows(Stretch stretch, Rows::TakesPart takes_part = {});
  /// Something was remembered when it was opened.
  [[nodiscard]] bool has_rows() const { return has_rows_; }
  /// Whether a file of the source with that inode number is remembered. Thread-safe; slow before
  /// prepare_lookup().
  [[nodiscard]] bool has_inode(std::uint64_t inode) { return readers_.has_inode(inode); }
  /// Likewise a file of that size, among those that a look for their content is worth.
  [[nodiscard]] bool has_size(std::uint64_t size) { return readers_.has_size(size); }
  /// Whether any exception is remembered. Thread-safe, as is the next.
  [[nodiscard]] bool has_exceptions() const { return readers_.has_exceptions; }
  /// nullptr: there is none.
  ExceptionRef exception(RowKey folder, const std::string& name) {
    return readers_.exception(folder, name);
  }
  RowKey new_folder() { return next_folder_.fetch_add(1, std::memory_order_relaxed); }

  /// Remembers where the destination lies (filesystem::place_of).
  void note_place(const std::string& place);
  /// This one took the place of an index that came to harm, and with that went what the guard
  /// remembers.
  void note_loss(std::int64_t now_s);
  /// The user has said that all is well.
  void forgive_loss();

  /// What is remembered of a plan by its seal; none: it was never begun.
  struct Applied {
    std::optional<std::int64_t> ended_s;  ///< none: that was interrupted
  };
  [[nodiscard]] std::optional<Applied> applied(const std::string& seal);
  /// This pass applies it; finish() notes whether all of it.
  void begin_applying(const std::string& seal, std::int64_t now_s);

  void write(std::span<const Edit> edits);
  /// The same, and all that was written so far is on the disk when it returns.
  void write_lasting(std::span<const Edit> edits);
  /// Counts deletions for the guard's memory of a day: those that begin now, and later, negative,
  /// those that did not happen. On the disk when it returns, so that even a pass that is killed has
  /// told of them.
  void count_removals(std::int64_t entries, std::int64_t bytes, std::int64_t now_s);
  /// The same, and whoever reads sees it when it returns.
  void write_visibly(std::span<const Edit> edits);
  /// What lookups need that a pass without new files has no use for.
  void prepare_lookup();
  [[nodiscard]] Lookup lookup() const { return Lookup{path_}; }
  /// Whatever is written from here on goes to a copy, `to`, and is read from there. A Lookup made
  /// before does not see it.
  void go_on_in_copy(const std::string& to);
  /// Likewise, but what is written goes where it went, except by write_in_copy().
  void look_in_copy(const std::string& to);
  /// Whoever reads sees it when it returns.
  void write_in_copy(std::span<const Edit> edits);
  /// Makes all that was written last, and if the pass was `whole`, forgets what is gone. `pass`:
  /// unless nothing happened. `well`: nothing is left to be done again of the plan that it applies.
  void finish(const std::optional<PassRow>& pass, bool whole, bool well = false);

 private:
  void begin();
  void commit();
  void prepare_lookup(Connection& connection);
  void sweep();
  void record(const PassRow& pass);

  std::string path_;
  Connection connection_;
  std::unique_ptr<Writer> writer_;
  std::optional<Connection> copy_;  ///< that is looked in
  std::unique_ptr<Writer> copy_writer_;
  Readers readers_;
  Secrets secrets_;
  History history_;
  std::atomic<RowKey> next_folder_;
  std::string applying_;  ///< the seal of the plan that is; empty: none is
  std::size_t uncommitted_ = 0;
  bool in_transaction_ = false;
  bool has_gone_ = false;
  bool has_rows_ = false;
};

}  // namespace syncline::index
