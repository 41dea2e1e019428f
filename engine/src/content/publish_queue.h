// Finished copies wait for company, since one flush serves all that lie on one file system; but not
// for long.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "filesystem/flush_method.h"
#include "pass/pass.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace syncline::engine {

/// Files of one replica, on one file system, that are published together.
struct PublishGroup {
  Pass* pass = nullptr;
  filesystem::FlushMethod method = filesystem::FlushMethod::none;
  std::uint64_t device = 0;
  std::vector<Finished> files;
  std::uint64_t bytes = 0;
};

/// Thread-safe.
class PublishQueue {
 public:
  /// Takes in what is finished; the groups that are full by that, or need not wait. What is in no
  /// folder that can be opened is over, and a failure.
  std::vector<PublishGroup> add(Outcomes& outcomes);
  /// One that is published for itself.
  PublishGroup alone(Finished finished);
  /// All that wait.
  std::vector<PublishGroup> take();
  /// A group is being published: while that is so, no other of its file system is due.
  void note_begun(const PublishGroup& group);
  void note_ended(const PublishGroup& group);

  /// Blocks until a group has waited long enough. False: `over` was requested before.
  bool wait_until_due(const std::stop_token& over);
  /// Those that have.
  std::vector<PublishGroup> take_due();

  /// The last flush of a pass, once nothing else is under way: of every file system that files were
  /// published on, and of that of `root`.
  void flush_all(Folder& root, std::vector<Event>& events);

 private:
  using Clock = std::chrono::steady_clock;
  struct FileSystem {
    Handles::Handle folder;  ///< any on it
    PublishGroup waiting;
    Clock::time_point since{};  ///< when the first of those came
    std::size_t under_way = 0;  ///< groups that are being published
  };
  using Key = std::pair<const Pass*, std::uint64_t>;  ///< and the device
  FileSystem& file_system_of(Folder& folder);
  static PublishGroup hand_out(FileSystem& file_system);
  /// None: nothing waits but for what is being flushed.
  [[nodiscard]] std::optional<Clock::time_point> next_due() const;

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<Key, FileSystem> file_systems_;
};

}  // namespace syncline::engine
