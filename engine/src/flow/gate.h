// Back-pressure: a counted resource that work must get a share of before it may go on. What finds
// too little waits here and is handed back, the most urgent first, to whoever returns the share
// that it needs; nobody blocks.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace syncline::engine {

/// Thread-safe. A share may be larger than the whole: it then waits until the gate is full.
template <typename Work, typename LessUrgent>
class Gate {
 public:
  explicit Gate(std::int64_t whole) : whole_(whole), left_(whole) {}

  /// True: the share is taken. False: `work` waits here, where nothing less urgent overtakes it.
  bool enter(std::int64_t share, const Work& work) {
    const std::scoped_lock lock{mutex_};
    const Waiting coming{share, work};
    if (fits(share) && (waiting_.empty() || Later{}(waiting_.front(), coming))) {
      left_ -= share;
      return true;
    }
    waiting_.push_back(coming);
    std::ranges::push_heap(waiting_, Later{});
    return false;
  }

  /// Returns `share`; the work that may go on now, its own share taken already.
  [[nodiscard]] std::vector<Work> leave(std::int64_t share) {
    const std::scoped_lock lock{mutex_};
    left_ += share;
    assert(left_ <= whole_);
    std::vector<Work> ready;
    while (!waiting_.empty() && fits(waiting_.front().share)) {
      std::ranges::pop_heap(waiting_, Later{});
      left_ -= waiting_.back().share;
      ready.push_back(std::move(waiting_.back().work));
      waiting_.pop_back();
    }
    return ready;
  }

  /// Nothing is taken and nobody waits: as it must be when a pass is over.
  [[nodiscard]] bool at_rest() const {
    const std::scoped_lock lock{mutex_};
    return waiting_.empty() && left_ == whole_;
  }

 private:
  struct Waiting {
    std::int64_t share;
    Work work;
  };

  struct Later {
    bool operator()(const Waiting& a, const Waiting& b) const {
      return LessUrgent{}(a.work, b.work);
    }
  };

  [[nodiscard]] bool fits(std::int64_t share) const { return share <= left_ || left_ == whole_; }

  mutable std::mutex mutex_;
  const std::int64_t whole_;
  std::int64_t left_;
  std::vector<Waiting> waiting_;  ///< a heap
};

}  // namespace syncline::engine
