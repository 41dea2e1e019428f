// SPDX-License-Identifier: MIT
#include "pass/throttle.h"

#include <algorithm>

namespace syncline::engine {

TokenBucket::Time TokenBucket::take(std::uint64_t bytes, Time now) {
  constexpr std::chrono::milliseconds most_saved{500};
  const std::chrono::duration<double> takes{static_cast<double>(bytes) /
                                            static_cast<double>(bytes_per_second_)};
  paid_until_ = std::max(paid_until_.value_or(now), now - most_saved) +
                std::chrono::duration_cast<std::chrono::nanoseconds>(takes);
  return *paid_until_;
}

void Throttle::pay(TokenBucket& bucket, std::uint64_t bytes) {
  std::unique_lock lock{mutex_};
  const auto now = std::chrono::steady_clock::now();
  written_.take(0, now);  // its time begins with the first byte read, lest it lag behind
  const auto until = bucket.take(bytes, now);
  stopped_.wait_until(lock, stop_, until, [] { return false; });
}

}  // namespace syncline::engine
