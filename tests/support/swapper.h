// Somebody who changes a tree under a pass's feet, as fast as possible: what is at a place changes
// places with something else in one step, goes away and comes back.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "support/random_tree.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace syncline::test {

class Swapper {
 public:
  /// At the `places` below `root`, no one of which lies in another: files, folders with content,
  /// symlinks to `outside` and its files, fifos, devices for root, nothing. `spare`, a folder on
  /// the same file system, holds what is not in place.
  Swapper(std::string root, std::vector<std::string> places, std::string outside, std::string spare,
          std::uint64_t seed);

  [[nodiscard]] std::uint64_t swaps() const { return swaps_; }

 private:
  void swap_once();

  const std::string root_;
  const std::vector<std::string> places_;
  const std::string outside_;
  const std::string spare_;
  Random random_;
  const std::string prefix_;  ///< what an earlier one left in `spare` has other names
  std::uint64_t spares_ = 0;
  std::atomic<std::uint64_t> swaps_{0};
  std::jthread thread_;
};

}  // namespace syncline::test
