// A kernel folds blocks of several independent streams in step: one stream a lane.
//
// One MD5 stream is a chain of some 64 x 4.5 dependent cycles a block, whatever the processor; only
// streams side by side use the width of its vectors. The portable kernel has one lane. A SIMD
// kernel has as many as a vector has 32-bit words, or twice that: two groups in turn, where the one
// computes while the other waits for its last result.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "md5/steps.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace syncline::md5 {

inline constexpr std::size_t max_lanes = 32;

/// Where the lanes of a kernel stand.
struct Rows {
  alignas(64) std::array<std::array<std::uint32_t, max_lanes>, 4> words;  ///< [word][lane]
  std::array<const std::byte*, max_lanes> data;  ///< the next block of each lane, any alignment
};

struct Kernel {
  std::string_view name;  ///< "AVX2 2x8": two groups of eight lanes
  std::size_t lanes;      ///< at most max_lanes
  double row_cost;        ///< time for a block in every lane; the portable kernel's is 1

  /// Folds `blocks` blocks of every lane, those without a use included: they need readable data
  /// too. Leaves `rows.data` as it is.
  void (*fold)(Rows& rows, std::size_t blocks);
};

/// One lane, in plain C++: for streams too few for SIMD, and for processors without it.
const Kernel& portable_kernel();

/// What this processor can run, a set for each instruction set, best first. Without SIMD: the
/// portable kernel alone.
const std::vector<std::span<const Kernel>>& kernel_sets();

}  // namespace syncline::md5
