// The last stage: every event is counted into the summary and handed to the observer.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/mirror.h"

#include <atomic>
#include <cstdint>
#include <mutex>

namespace syncline::engine {

/// Thread-safe.
class Recorder {
 public:
  explicit Recorder(Observer& observer) : observer_(observer) {}

  void record(const Event& event);
  /// From here on only actions are, or all again: what failed will be tried again, and told then.
  void record_only_actions(bool only) { only_actions_ = only; }

  /// What was counted so far; complete once the pipeline has stopped.
  [[nodiscard]] Summary summary() const {
    const std::scoped_lock lock{mutex_};
    return summary_;
  }
  /// So far, from any thread.
  [[nodiscard]] std::uint64_t failures() const { return failures_; }

 private:
  void count(const Action& action);
  void count(const Failure& failure);
  void count(const Notice& /*notice*/) {}
  void count(const Proof& /*proof*/) {}

  Observer& observer_;
  std::atomic<bool> only_actions_{false};
  mutable std::mutex mutex_;
  Summary summary_;
  std::atomic<std::uint64_t> failures_{0};
};

}  // namespace syncline::engine
