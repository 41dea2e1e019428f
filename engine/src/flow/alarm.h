// Things that are to be done later, each at its time, by a thread of its own: no worker waits.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>

namespace syncline::engine {

/// Thread-safe. What has not been done when it ends is not done.
class Alarm {
 public:
  using Clock = std::chrono::steady_clock;

  /// Once `is_over`, nothing is waited for any more. Called from the thread that waits.
  explicit Alarm(std::function<bool()> is_over) : is_over_(std::move(is_over)) {}

  /// Throws std::system_error where there is no thread to be had; `what` is not done then.
  void at(Clock::time_point when, std::function<void()> what);

 private:
  void wait_and_do(const std::stop_token& stop);

  const std::function<bool()> is_over_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::multimap<Clock::time_point, std::function<void()>> waiting_;
  std::jthread thread_;  ///< from the first one on
};

}  // namespace syncline::engine
