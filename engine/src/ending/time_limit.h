// A moment at which a pass is asked to stop, beside whoever else may ask it to.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace syncline {

class TimeLimit {
 public:
  using Moment = std::chrono::system_clock::time_point;

  /// Hands on what `asked` says; none: that is all.
  TimeLimit(std::optional<Moment> stop_at, std::stop_token asked);

  [[nodiscard]] std::stop_token stop_token() const { return stop_.get_token(); }
  /// The moment came before anybody asked.
  [[nodiscard]] bool is_reached() const;

 private:
  struct HandOn {
    TimeLimit& limit;
    void operator()() const { limit.stop_.request_stop(); }
  };

  std::stop_source stop_;
  mutable std::mutex mutex_;
  std::condition_variable_any over_;
  bool is_reached_ = false;
  std::stop_callback<HandOn> hand_on_;
  std::jthread waiter_;  ///< none without a limit
};

}  // namespace syncline
