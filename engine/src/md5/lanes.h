// MD5 of many streams at once, at the speed of memory rather than of one chain of additions.
//
// Streams come as pieces of any length and alignment. What is whole blocks goes to the lanes of the
// widest kernel that pays (schedule.h); the bytes between two pieces' blocks wait in their stream.
// So a stream occupies a lane only while it has work, and others take its place.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "md5/kernel.h"
#include "md5/md5.h"
#include "md5/schedule.h"

#include "syncline/digest.h"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace syncline::md5 {

/// One for each worker: it keeps room for its work between calls.
class Lanes {
 public:
  struct Piece {
    Stream* stream;
    std::span<const std::byte> bytes;
  };

  explicit Lanes(Backend backend = Backend::automatic);
  explicit Lanes(std::vector<Kernel> kernels);  ///< at least one; for tests and benchmarks

  /// How many streams it takes to go at full speed.
  std::size_t width() const;

  /// What goes at full speed: "AVX2 2x8", "portable", "EVP".
  std::string_view kernel() const;

  /// Appends its bytes to the stream of every piece. No stream may be in two pieces.
  void update(std::span<const Piece> pieces);

  /// `md5s[i]` becomes the MD5 of `messages[i]`, however their lengths differ.
  void hash(std::span<const std::span<const std::byte>> messages, std::span<Md5> md5s);

 private:
  struct Feed {
    Midstate* state;
    std::span<const std::byte> bytes;
  };

  void advance(std::span<Feed> feeds);

  bool evp_ = false;
  Schedule schedule_;
  std::vector<Feed> feeds_;
  std::vector<Run> runs_;
  std::vector<Midstate> states_;
  std::vector<Tail> tails_;
};

}  // namespace syncline::md5
