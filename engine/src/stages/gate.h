// Back-pressure: a counted resource that work must get a share of before it may go on. What finds
// too little waits here and is handed back, in order, to whoever returns the share that it needs;
// nobody blocks.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstdint>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace syncline::stages {

/// Thread-safe. A share may be larger than the whole: it then waits until the gate is full.
template <typename Work>
class Gate {
 public:
  explicit Gate(std::int64_t whole) : whole_(whole), left_(whole) {}

  /// True: the share is taken. False: `work` waits here, with its share reserved by its place in
  /// the queue.
  bool enter(std::int64_t share, const Work& work) {
    const std::scoped_lock lock{mutex_};
    if (waiting_.empty() && fits(share)) {
      left_ -= share;
      return true;
    }
    waiting_.emplace_back(share, work);
    return false;
  }

  /// Returns `share`; the work that may go on now, its own share taken already.
  [[nodiscard]] std::vector<Work> leave(std::int64_t share) {
    const std::scoped_lock lock{mutex_};
    left_ += share;
    assert(left_ <= whole_);
    std::vector<Work> ready;
    while (!waiting_.empty() && fits(waiting_.front().first)) {
      left_ -= waiting_.front().first;
      ready.push_back(std::move(waiting_.front().second));
      waiting_.pop_front();
    }
    return ready;
  }

  /// Nothing is taken and nobody waits: as it must be when a pass is over.
  [[nodiscard]] bool at_rest() const {
    const std::scoped_lock lock{mutex_};
    return waiting_.empty() && left_ == whole_;
  }

 private:
  [[nodiscard]] bool fits(std::int64_t share) const { return share <= left_ || left_ == whole_; }

  mutable std::mutex mutex_;
  const std::int64_t whole_;
  std::int64_t left_;
  std::deque<std::pair<std::int64_t, Work>> waiting_;
};

}  // namespace syncline::stages
