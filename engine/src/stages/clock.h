// The time that file systems stamp with.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

namespace syncline::stages {

/// Nanoseconds since the epoch.
inline std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

inline std::int64_t to_seconds(std::int64_t time_ns) {
  return time_ns / 1'000'000'000;
}

}  // namespace syncline::stages
