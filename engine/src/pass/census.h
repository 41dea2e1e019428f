// How many entries there are on either side, and how many the source lacks: what the guard goes by.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/shared_tally.h"

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace syncline::engine {

/// Thread-safe. Exact once the walk is over.
class Census {
 public:
  SharedTally source;
  SharedTally destination;
  SharedTally extraneous;  ///< of the destination, to be deleted
  SharedTally gone;        ///< likewise, already deleted: before all else was walked

  /// All is counted once more, but for what is `gone_by_now`. While nobody else counts.
  void begin_again(const Tally& gone_by_now);

  /// One of these, to be named if it is not removed.
  void note_example(const std::string& path);
  [[nodiscard]] std::vector<std::string> examples() const;

 private:
  std::atomic<std::size_t> noted_{0};
  mutable std::mutex mutex_;
  std::vector<std::string> examples_;
};

}  // namespace syncline::engine
