// The operations of a pass taken back, the last one first. An entry is touched only if it still is
// what the pass left there.
//
// What is done for that is written down like what a pass does, a group at a time, so that it can be
// taken back as well. An operation may have been written down and not done: then there is nothing
// to take back. An undo that was interrupted goes on with the group that it was at.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "kept/journal.h"
#include "kept/recording.h"
#include "kept/store.h"
#include "pass/record.h"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace syncline::engine {

/// For one thread.
class TakeBack {
 public:
  /// `own`: of the undo; it writes to the same `journal`. nullptr: what would be done is told. All
  /// must outlive this.
  TakeBack(kept::Store::Handle root, kept::Store& store, kept::Journal& journal,
           kept::Recording* own, Recorder& recorder, std::stop_token stop)
      : root_(std::move(root)),
        store_(store),
        journal_(journal),
        own_(own),
        recorder_(recorder),
        stop_(std::move(stop)) {}

  /// All that `pass` did. False: it was stopped. Throws index::SqliteError.
  bool operator()(const kept::PassRow& pass);

  /// So far, as Summary has them.
  [[nodiscard]] const Tally& moved() const { return moved_; }
  [[nodiscard]] std::uint64_t moved_folders() const { return moved_folders_; }
  /// A system call failed, or something was in the way: that may go well the next time.
  [[nodiscard]] bool has_failed() const { return has_failed_; }

 private:
  using Handle = kept::Store::Handle;

  struct Numbered {
    std::int64_t number;
    kept::Operation operation;
  };
  /// One operation on its way back: looked at, written down, and to be done.
  struct Step {
    const Numbered& numbered;
    const kept::Operation& operation;
    Handle folder;
    std::function<void()> act{};  ///< none: there is nothing to be done
    std::optional<Action> told{};
  };

  using Group = std::vector<Numbered>;

  [[nodiscard]] Group group_before(std::int64_t number);
  enum class OnError : std::uint8_t { try_again, leave };

  void take_back(const Group& group);
  Group try_to_take_back(const Group& group, OnError on_error);
  void retry_left();
  bool is_outdone(std::int64_t number, const kept::Operation& operation,
                  const std::vector<std::int64_t>& left);
  template <typename Work>
  void keep_mtimes(const kept::Operation& operation, Work work);
  void record(Action action);
  void prepare(Step& step);
  void prepare_made(Step& step);
  void prepare_took(Step& step);
  void require_never_left(const kept::Operation& operation);
  void prepare_replaced(Step& step);
  void prepare_made_folder(Step& step);
  void prepare_removed_folder(Step& step);
  bool is_made_by_us(const kept::Spot& at);
  void prepare_moved(Step& step);
  void prepare_exchanged(Step& step);
  void prepare_metadata(Step& step);
  void prepare_folder_metadata(Step& step);
  void put_back(Step& step, const Entry& item);

  Handle open(const std::string& path);
  Handle require_open(const std::string& path);
  std::optional<Entry> look_at_item(const kept::Item& item);
  Handle items_of(const kept::Item& item);
  [[nodiscard]] bool is_as_left(const Step& step, const std::optional<Entry>& now);
  kept::Item note(kept::Operation operation);
  void tell(const kept::Operation& operation, Action action);
  [[nodiscard]] bool hangs_on_what_was_told(const kept::Operation& operation) const;
  [[nodiscard]] bool is_mount_root(const std::string& path) const;
  [[nodiscard]] std::string place_of(const Handle& folder, const kept::Spot& at) const;
  void note_changes(const kept::Spot& at, const Handle& folder);
  void clean(const filesystem::Directory& folder);
  template <typename Work>
  bool attempt(const Numbered& numbered, OnError on_error, Work work);

  const Handle root_;
  kept::Store& store_;
  kept::Journal& journal_;
  kept::Recording* const own_;
  Recorder& recorder_;
  const std::stop_token stop_;

  Tally moved_;
  std::uint64_t moved_folders_ = 0;
  bool has_failed_ = false;

  kept::PassRow pass_;
  std::string items_;  ///< the folder of its items
  std::pair<std::string, Handle> last_;
  std::set<std::string> written_down_;  ///< folders, the last of them
  std::set<std::string> told_;          ///< paths, where this only tells
};

}  // namespace syncline::engine
