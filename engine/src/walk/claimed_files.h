// Files of the destination that stay where they are, whoever else they may be of use to.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace syncline::engine {

/// A bit for each, by a hash of its inode: one that is taken for claimed is copied, which harms
/// nothing. 128 KiB tell 100,000 such files from others nine times in ten. Thread-safe.
class ClaimedFiles {
 public:
  void claim(FileId file) {
    const std::size_t bit = bit_of(file);
    bits_.at(bit / 64) |= std::uint64_t{1} << bit % 64;
  }
  [[nodiscard]] bool contains(FileId file) const {
    const std::size_t bit = bit_of(file);
    return (bits_.at(bit / 64) >> bit % 64 & 1U) != 0;
  }

 private:
  static constexpr std::size_t bits = 1U << 20U;

  // The upper bits of Knuth's multiplicative hash ("The Art of Computer Programming", 6.4).
  static std::size_t bit_of(FileId file) {
    constexpr std::uint64_t golden_ratio = 0x9e3779b97f4a7c15;
    return static_cast<std::size_t>((file.inode ^ file.device << 32U) * golden_ratio >> 44U);
  }

  std::vector<std::atomic<std::uint64_t>> bits_ =
      std::vector<std::atomic<std::uint64_t>>(bits / 64);
};

}  // namespace syncline::engine
