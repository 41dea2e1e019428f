// How far a pass has come, for whoever wants to look while it runs.
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

/// What a pass is at. The walk and the copying go on side by side.
enum class Stage : std::uint8_t {
  opening,   ///< roots and index, or waiting for another run
  walking,   ///< the trees, copying what was found
  copying,   ///< the walk has ended: what is to be done is known
  linking,   ///< further names of files
  deleting,  ///< and putting things in the place of folders
  flushing,
};

/// "opening", "walking", ...
const char* to_string(Stage stage);

/// One look at a pass. Each number is true of some moment of the last few milliseconds.
struct Progress {
  Stage stage = Stage::opening;
  std::chrono::nanoseconds elapsed{};  ///< since the pass began
  Tally source;  ///< entries met below the source root, and the bytes of its files
  std::optional<Tally>
      expected;  ///< what `source` came to in the last whole pass, if that is known
  Tally work;    ///< of `source`, files that have to be copied, or read to be proved
  Tally done;    ///< of `work`: files that are over, whatever became of them, and bytes hashed
  /// Bytes of copies to be flushed, and to be read back where that is asked for: where both are,
  /// each counts twice.
  std::uint64_t to_secure = 0;
  std::uint64_t secured = 0;  ///< of these, done
  bool verifies = false;      ///< Options::verify
  Tally links;                ///< further names that are to be linked (entries only)
  Tally linked;               ///< of these, done
  Tally unwanted;             ///< what the source lacks
  Tally removed;              ///< of these, what is gone by now
  std::uint64_t bytes_written = 0;
  std::uint64_t failures = 0;  ///< of all kinds
  std::string
      path;  ///< of a large file that is being read, copied or read back; empty: there is none
};

/// Handed to mirror() by a caller who wants to look, one to each pass. Thread-safe; to look costs
/// the pass nothing. The caller owns it, and it has to outlive the pass.
class ProgressProbe {
 public:
  /// nullopt: no pass is under way.
  [[nodiscard]] std::optional<Progress> sample() const {
    const std::scoped_lock lock{mutex_};
    return source_ ? std::optional{source_()} : std::nullopt;
  }

  /// For the engine: where samples come from, until it is called again. `source` may be empty.
  void follow(std::function<Progress()> source) {
    const std::scoped_lock lock{mutex_};
    source_ = std::move(source);
  }

 private:
  mutable std::mutex mutex_;
  std::function<Progress()> source_;
};

}  // namespace syncline
