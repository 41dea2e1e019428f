// Keeps the lanes of a kernel busy with runs of uneven length.
//
// A kernel takes as long with one lane in use as with all. Giving each run a lane of its own leaves
// lanes idle as soon as lengths differ. But a stream can stop and go on elsewhere, so the runs are
// cut by McNaughton's wrap-around rule, which is optimal: laid end to end, then divided into lanes
// of equal height. A run that crosses from one lane to the next has its last blocks at the end of
// the one and its first at the beginning of the other; as no run is longer than a lane, its first
// blocks are done by then.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "md5/kernel.h"
#include "md5/steps.h"

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace syncline::md5 {

/// Whole blocks of one stream, to be folded into its words.
struct Run {
  Words* words;
  const std::byte* data;
  std::size_t blocks;
};

class Schedule {
 public:
  /// At least one kernel.
  explicit Schedule(std::vector<Kernel> kernels);

  const Kernel& widest() const;

  /// Folds them all, with the kernel that takes the least time for it. No two may share words.
  void fold(std::span<const Run> runs);

 private:
  struct Lane {
    const Run* part;  ///< the one in work
    const Run* end;
    std::size_t left;  ///< blocks of the part
  };

  void cut(std::span<const Run> runs, std::size_t height);
  void play(const Kernel& kernel, std::size_t height);
  void enter(std::size_t lane);
  void leave(std::size_t lane);

  std::vector<Kernel> kernels_;
  std::vector<Run> parts_;              ///< lane after lane
  std::vector<std::size_t> lane_ends_;  ///< behind the last part of each lane in use
  std::array<Lane, max_lanes> lanes_{};
  Rows rows_{};
};

}  // namespace syncline::md5
