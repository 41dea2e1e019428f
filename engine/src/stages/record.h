// The last stage: every event is counted into the summary and handed to the observer. Runs on one
// worker at a time.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/mirror.h"

#include <atomic>
#include <cstdint>

namespace syncline::stages {

class Recorder {
 public:
  explicit Recorder(Observer& observer) : observer_(observer) {}

  void record(const Event& event);

  /// What was counted so far; complete once the pipeline has stopped.
  [[nodiscard]] const Summary& summary() const { return summary_; }
  /// So far, from any thread.
  [[nodiscard]] std::uint64_t failures() const { return failures_; }

 private:
  void count(const Action& action);
  void count(const Failure& failure);
  void count(const Notice& /*notice*/) {}
  void count(const Proof& /*proof*/) {}

  Observer& observer_;
  Summary summary_;
  std::atomic<std::uint64_t> failures_{0};
};

}  // namespace syncline::stages
