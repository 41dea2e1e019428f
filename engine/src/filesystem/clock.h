// The time that file systems stamp with.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/proof.h"

#include <chrono>
#include <cstdint>

namespace syncline::engine {

/// Nanoseconds since the epoch.
inline std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Whether somebody may have written to a file since `begin` and put its mtime back, and its ctime
/// tell of neither.
inline bool was_long_ago(std::chrono::steady_clock::time_point begin) {
  return std::chrono::steady_clock::now() - begin > std::chrono::nanoseconds(clock_tick_ns);
}

inline std::int64_t to_seconds(std::int64_t time_ns) {
  return time_ns / 1'000'000'000;
}

}  // namespace syncline::engine
