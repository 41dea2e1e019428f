// The index as a pass uses it: behind one lock, and with one answer to its failing.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/scratch_folder.h"
#include "index/index.h"
#include "model/exception.h"
#include "pass/brakes.h"
#include "pass/folder.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace syncline::engine {

/// Once anything of it fails, all of it has: nothing is asked or written any more, the pass deletes
/// nothing, and goes on without. Who must not go on if a row could not be written is thrown the
/// SqliteError as well. Thread-safe, but for write().
class Memory {
 public:
  /// What may be written.
  enum class Writes : std::uint8_t {
    apart,             ///< what was told to be moved, to a copy that is gone with the pass
    proofs,            ///< what was read, but nothing was changed
    proofs_and_apart,  ///< both: the proofs to the index itself
    all,
  };

  /// `index`: nullptr for none.
  Memory(index::Index* index, Writes writes, Brakes& brakes)
      : index_(index),
        writes_(writes),
        first_new_(index != nullptr ? index->new_folder() : index::no_row),
        brakes_(brakes) {}

  /// False where none is kept, where it has failed, and once nothing is written to it any more.
  [[nodiscard]] bool is_usable() const { return index_ != nullptr && !has_failed_ && !is_closed_; }

  /// Runs `work`, which asks the index. nullopt, or false where it returns nothing: that failed.
  template <typename Work>
  auto ask(Work work) {
    using Answer = decltype(work());
    try {
      if constexpr (std::is_void_v<Answer>) {
        work();
        return true;
      } else {
        return std::optional<Answer>{work()};
      }
    } catch (const index::SqliteError& error) {
      note_failed(error);
      if constexpr (std::is_void_v<Answer>)
        return false;
      else
        return std::optional<Answer>{};
    }
  }

  /// What it remembers of `stretch`; nullptr where that is nothing, or it failed.
  std::unique_ptr<index::Rows> rows(const index::Stretch& stretch,
                                    index::Rows::TakesPart takes_part);
  /// What is remembered of `folder`'s own metadata.
  [[nodiscard]] ExceptionRef exception_of(const Folder& folder);
  index::RowKey new_row() { return is_usable() ? index_->new_folder() : index::no_row; }
  /// So that it can be asked for inodes. Throws SqliteError.
  void prepare_lookup();

  /// By one thread at a time.
  void write(const std::vector<index::Edit>& edits);
  /// Likewise, but for many threads, and whoever reads the index sees it when it returns. Throws
  /// SqliteError.
  void write_visibly(const std::vector<index::Edit>& edits);
  /// Before that: what may only be written apart is from here on, and nullopt where that is nothing
  /// new; else what is looked up from now on sees it. Throws SystemError where no copy can be made.
  std::optional<index::Lookup> begin_apart();
  /// Whoever reads the index sees all that was written when it returns.
  void show_written();
  /// What is remembered of `name` in `folder` is gone from the disk when it returns. Throws
  /// SqliteError.
  void forget_now(const Folder& folder, const std::string& name);
  /// So many entries and bytes, more or less, count as deleted. False: they could not be counted.
  bool count_removals(std::int64_t entries, std::int64_t bytes, std::int64_t now_s);
  /// What was written to it is there for good, however this process ends; but for what relies on
  /// stamps that a later change could bear. Nothing more is written from here on.
  void close_now();

  /// From here on the pass goes on without it.
  void note_failed(const index::SqliteError& error);
  struct Failed {
    std::string why;
    bool is_damage = false;
  };
  [[nodiscard]] std::optional<Failed> failure() const;

  /// It relies on a destination file that changed at `ctime`, just now.
  void note_stamp(const Timestamp& ctime);
  /// How long to wait until no later change can bear a stamp that was noted.
  [[nodiscard]] std::chrono::nanoseconds time_to_next_tick() const;
  /// Waits for as long as that, where it is about a second. A stop ends it, and then what it relied
  /// on is forgotten. While nothing else is written to it.
  void outlast_coarse_stamps();

 private:
  struct FreshRow {
    std::chrono::steady_clock::time_point written;
    index::edit::ForgetFile undo;
  };
  /// Runs `work` under the lock; what it throws is noted, and thrown on.
  template <typename Work>
  void write_surely(Work work);
  [[nodiscard]] bool is_proof(const index::Edit& edit) const;
  void note_fresh(const std::vector<index::Edit>& edits);
  std::vector<index::Edit> forget_fresh();

  index::Index* const index_;
  const Writes writes_;
  const index::RowKey first_new_;  ///< no folder that it knew before has that key, or a higher one
  Brakes& brakes_;
  std::mutex writing_;
  bool cannot_part_ = false;
  std::optional<filesystem::ScratchFolder> apart_;  ///< of a copy that is written to
  std::deque<FreshRow> fresh_rows_;  ///< that rely on stamps of whole seconds, of the last tick
  std::atomic<bool> has_failed_{false};
  std::atomic<bool> is_closed_{false};
  mutable std::mutex failing_;
  std::optional<Failed> failure_;
  std::atomic<std::int64_t> last_stamp_noted_{0};  ///< by the steady clock, in ns; 0: none
  std::atomic<bool> stamps_are_whole_seconds_{false};
};

}  // namespace syncline::engine
