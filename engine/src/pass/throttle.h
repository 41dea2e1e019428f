// How fast content may move: so many bytes a second over all workers, those read and those written
// counted apart.
//
// Whoever moved bytes waits until they are paid for. So the rate holds on the average from the
// first byte on, whatever the pieces' size, and what a stop has to wait for is no longer.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace syncline::engine {

/// A token bucket with the time handed in: pure arithmetic.
class TokenBucket {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit TokenBucket(std::uint64_t bytes_per_second) : bytes_per_second_(bytes_per_second) {}

  /// Takes `bytes` at `now`; when they are paid for. Time in which nothing was taken since the
  /// first time is worth half a second at most, so that a busy machine catches up.
  Time take(std::uint64_t bytes, Time now);

 private:
  const std::uint64_t bytes_per_second_;
  std::optional<Time> paid_until_;  ///< none before the first time
};

/// Thread-safe.
class Throttle {
 public:
  /// 0: never waits.
  Throttle(std::uint64_t bytes_per_second, std::stop_token stop)
      : is_on_(bytes_per_second != 0),
        stop_(std::move(stop)),
        read_(bytes_per_second),
        written_(bytes_per_second) {}

  // Both wait for as long as those bytes take, or until a stop is requested. What is no content is
  // not counted.

  void have_read(std::uint64_t bytes) {
    if (is_on_ && bytes != 0) pay(read_, bytes);
  }
  void have_written(std::uint64_t bytes) {
    if (is_on_ && bytes != 0) pay(written_, bytes);
  }

 private:
  void pay(TokenBucket& bucket, std::uint64_t bytes);

  const bool is_on_;
  const std::stop_token stop_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  TokenBucket read_;
  TokenBucket written_;
};

}  // namespace syncline::engine
