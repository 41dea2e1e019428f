// One MD5 stream stopped anywhere: what was folded so far, and the bytes that wait for their block.
//
// A plain value, so that a stream can go on now here, now in a SIMD lane (lanes.h). The steps of
// update() and finish() stand on their own for that: there the folding happens elsewhere.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "md5/steps.h"

#include "syncline/digest.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace syncline::md5 {

/// The blocks that end a stream: its last bytes, a one bit, zeros, and its length in bits.
struct Tail {
  std::array<std::byte, 2 * block_bytes> bytes{};
  std::size_t blocks = 1;
};

struct Midstate {
  Words words = initial_words;
  std::uint64_t bytes = 0;  ///< all that were ever given, the pending ones included
  std::array<std::byte, block_bytes> pending{};  ///< of these the first `bytes % block_bytes` count

  void update(std::span<const std::byte> input);
  Md5 finish();  ///< the state afterwards is that of a new stream

  /// Moves bytes from the front of `input` to a block that was begun. True if that is full now: it
  /// is `pending`, and to be folded before anything else.
  bool complete_pending(std::span<const std::byte>& input);

  /// Sets the rest behind the last whole block aside. Returns the whole blocks: they are to be
  /// folded.
  std::span<const std::byte> keep_rest(std::span<const std::byte> input);

  Tail tail() const;
};

/// What a stream's words are once its tail is folded.
Md5 to_md5(const Words& words);
/// The other way round.
Words to_words(const Md5& md5);

}  // namespace syncline::md5
