// A count of entries and of what they hold.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace syncline {

/// Files or entries, and the bytes of these files.
struct Tally {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;

  friend Tally operator+(const Tally& a, const Tally& b) {
    return {.entries = a.entries + b.entries, .bytes = a.bytes + b.bytes};
  }
};

}  // namespace syncline
