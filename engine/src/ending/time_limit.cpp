// SPDX-License-Identifier: MIT
#include "ending/time_limit.h"

#include <utility>

namespace syncline {

TimeLimit::TimeLimit(std::optional<Moment> stop_at, std::stop_token asked)
    : hand_on_(std::move(asked), HandOn{*this}) {
  if (!stop_at) return;
  waiter_ = std::jthread([this, moment = *stop_at](const std::stop_token& over) {
    std::unique_lock lock{mutex_};
    over_.wait_until(lock, over, moment, [] { return false; });
    is_reached_ = !over.stop_requested() && stop_.request_stop();
  });
}

bool TimeLimit::is_reached() const {
  const std::scoped_lock lock{mutex_};
  return is_reached_;
}

}  // namespace syncline
