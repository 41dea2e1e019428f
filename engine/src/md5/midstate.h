// One MD5 stream stopped anywhere: what was folded in so far, and the bytes that wait for a block.
//
// A plain value, so that a stream can be advanced now here, now in a SIMD lane (lanes.h).
//
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "md5/steps.h"
#include "syncline/digest.h"

namespace syncline::md5 {

struct Midstate {
  Words words = initial_words;
  std::uint64_t bytes = 0;  ///< all that were ever given, the pending ones included
  std::array<std::byte, block_bytes> pending;  ///< of these the first `bytes % block_bytes` count

  void update(std::span<const std::byte> input);
  Md5 finish();  ///< the state afterwards is that of a new stream
};

}  // namespace syncline::md5
