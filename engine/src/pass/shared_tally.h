// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/mirror.h"

#include <atomic>
#include <cstdint>

namespace syncline::engine {

/// Counted by many workers at once.
struct SharedTally {
  std::atomic<std::uint64_t> entries{0};
  std::atomic<std::uint64_t> bytes{0};

  void add(const Tally& tally) {
    entries.fetch_add(tally.entries, std::memory_order_relaxed);
    bytes.fetch_add(tally.bytes, std::memory_order_relaxed);
  }
  void subtract(const Tally& tally) {
    entries.fetch_sub(tally.entries, std::memory_order_relaxed);
    bytes.fetch_sub(tally.bytes, std::memory_order_relaxed);
  }
  void reset() { entries = bytes = 0; }
  [[nodiscard]] Tally value() const { return {.entries = entries, .bytes = bytes}; }
};

}  // namespace syncline::engine
