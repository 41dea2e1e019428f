// Looks at a pass from outside: what it waits for too long is told, and once it was asked to stop,
// no longer waited for. A thread that waits in the kernel cannot be made to go on; all that can be
// done is to say so, and to keep what is done.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/calls.h"

#include "syncline/options.h"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <thread>

namespace syncline {

class HangWatch {
 public:
  /// On a thread of the watch, one at a time.
  struct Actions {
    std::function<void(const filesystem::LateCall&)> tell;     ///< once for each call
    std::function<void(const filesystem::LateCall&)> give_up;  ///< once
  };

  /// Watches `calls`, which must outlive it, as must what the actions use. `stop`: the pass was
  /// asked to stop.
  HangWatch(filesystem::Calls& calls, std::stop_token stop, const HangLimits& limits,
            Actions actions);

 private:
  using Clock = std::chrono::steady_clock;

  void watch(const std::stop_token& over);
  void look_unless_short(Clock::time_point now);
  void look(Clock::time_point now);
  [[nodiscard]] bool is_news(const filesystem::LateCall& call);
  [[nodiscard]] bool is_given_up(const filesystem::LateCall& call, Clock::time_point now) const;

  filesystem::Calls& calls_;
  const std::stop_token stop_;
  const HangLimits limits_;
  const Actions actions_;
  std::optional<Clock::time_point> stopped_at_;
  bool has_given_up_ = false;
  std::set<std::uint64_t> told_;  ///< LateCall::number of what is late
  bool has_told_of_flush_ = false;
  std::mutex mutex_;
  std::condition_variable_any over_;
  std::jthread thread_;
};

}  // namespace syncline
