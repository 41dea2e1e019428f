// How far a pass has come, to be asked by other threads while it runs.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/mirror.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace syncline {

/// What a pass is doing. Stages come in this order, some not at all; with Options::delete_before it
/// goes twice from walking to deleting.
enum class Stage : std::uint8_t {
  opening,   ///< opening roots and index, or waiting for another run
  walking,   ///< walking the trees, and already copying what was found
  copying,   ///< still copying: the walk has ended, so the totals are known
  linking,   ///< making hard links
  deleting,  ///< deleting, and replacing folders
  flushing,  ///< flushing the file systems
};

/// "opening", "walking", ...
const char* to_string(Stage stage);

/// How far a pass is. The numbers need not be of the very same moment.
struct Progress {
  Stage stage = Stage::opening;
  std::chrono::nanoseconds elapsed{};  ///< since the pass began
  Tally source;  ///< entries found so far below the source root, and the bytes of its files
  std::optional<Tally>
      expected;  ///< `source` at the end of the last complete pass; none: not known
  Tally work;    ///< of `source`, files that have to be copied, or read to be compared
  Tally done;    ///< of `work`: files that are done or have failed, and bytes hashed
  /// Bytes of copies to be flushed, plus bytes to be read back (Options::verify).
  std::uint64_t to_secure = 0;
  std::uint64_t secured = 0;  ///< of these, done
  bool verifies = false;      ///< Options::verify
  Tally links;                ///< hard links to be made (entries only)
  Tally linked;               ///< of these, done
  Tally unwanted;             ///< what the source lacks
  Tally removed;              ///< of these, deleted
  std::uint64_t bytes_written = 0;
  std::uint64_t failures = 0;  ///< of all kinds
  std::string path;  ///< of a large file that is being read, copied or read back; empty: none
};

/// A caller who wants to know the progress hands one to mirror(), one to each pass. The caller owns
/// it, and it must outlive the pass. Thread-safe.
class ProgressProbe {
 public:
  /// nullopt: no pass is running. Does not slow the pass.
  [[nodiscard]] std::optional<Progress> sample() const {
    const std::scoped_lock lock{mutex_};
    return source_ ? std::optional{source_()} : std::nullopt;
  }

  /// For the engine only: where samples come from from now on; empty: no pass is running.
  void follow(std::function<Progress()> source) {
    const std::scoped_lock lock{mutex_};
    source_ = std::move(source);
  }

 private:
  mutable std::mutex mutex_;
  std::function<Progress()> source_;
};

}  // namespace syncline
