// On which file systems a name is tried on an empty file before it is used: those that were seen,
// or are known, to refuse some.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <mutex>

namespace syncline::engine {

/// Thread-safe.
class NameTrials {
 public:
  /// Whether that is so of `device`. `find` is asked when it is met first; it may throw.
  template <typename Find>
  bool are_made(std::uint64_t device, Find find) {
    {
      const std::scoped_lock lock{mutex_};
      if (const auto known = made_.find(device); known != made_.end()) return known->second;
    }
    const bool found = find();
    const std::scoped_lock lock{mutex_};
    return made_.try_emplace(device, found).first->second;
  }
  /// One was refused there.
  void require(std::uint64_t device) {
    const std::scoped_lock lock{mutex_};
    made_.insert_or_assign(device, true);
  }

 private:
  std::mutex mutex_;
  std::map<std::uint64_t, bool> made_;  ///< by device
};

}  // namespace syncline::engine
