// A pass, or an undo, writing down what it is about to do. Nothing is made on the disk before there
// is something to write.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "kept/journal.h"
#include "kept/operation.h"
#include "kept/store.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace syncline::kept {

/// Thread-safe. Members throw SystemError; once one could not write, all do.
class Recording {
 public:
  /// A point in what was written down.
  using Mark = std::uint64_t;

  /// Unless it is `durable`, nothing waits for the disk.
  Recording(std::shared_ptr<Store> store, PassRow row, bool durable)
      : store_(std::move(store)), durable_(durable), row_(std::move(row)) {}
  /// Of an undo, which has its journal open, and its row in it.
  Recording(std::shared_ptr<Store> store, std::unique_ptr<Journal> journal, PassRow row);

  /// What is to be taken is given an item of `place`, with a number of its own.
  Mark note(Operation& operation);
  /// All up to `mark` is on the disk when this returns.
  void secure(Mark mark);
  void secure();

  /// Where an item lies.
  Store::Handle folder_of(const Item& item);

  /// Lets the oldest pass go for what needs its room: not one that is younger than a day, nor the
  /// last before this one. nullopt: there is none that may go.
  std::optional<PassRow> make_room();

  /// nullptr before anything was written down. For one thread that is alone with it.
  [[nodiscard]] Journal* journal() { return journal_.get(); }
  [[nodiscard]] const PassRow& row() const { return row_; }

  /// The last word. `row` has what it came to; its id and names are not looked at. Does nothing
  /// where nothing was written down.
  void end(PassRow row);

 private:
  template <typename Work>
  void write(Work work);
  void begin();

  const std::shared_ptr<Store> store_;
  const bool durable_;

  std::mutex mutex_;  // for all that follows
  PassRow row_;
  std::string folder_;                ///< of its items
  std::optional<Entry> root_before_;  ///< before the quarantine was made in it
  std::unique_ptr<Journal> journal_;
  Mark noted_ = 0;
  Mark secured_ = 0;
  std::uint64_t items_ = 0;
  std::optional<std::string> failed_;  ///< why
};

}  // namespace syncline::kept
