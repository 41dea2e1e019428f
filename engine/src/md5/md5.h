// MD5 of one stream, and the digest that the MD5s of a file's chunks make.
//
// Many streams go faster side by side: lanes.h.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "md5/evp.h"
#include "md5/midstate.h"

#include "syncline/digest.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>

namespace syncline::md5 {

using Backend = DigestBackend;

/// A stream that may be updated alone, here, or beside others, by Lanes.
class Stream {
 public:
  explicit Stream(Backend backend = Backend::automatic);
  /// Goes on after `bytes`, whole blocks, where state() was `state`.
  Stream(const Md5& state, std::uint64_t bytes);

  void update(std::span<const std::byte> input);
  /// Becomes what `other` is, which saw the same bytes.
  void become(const Stream& other);
  Md5 finish();  ///< the next update begins a new stream

  /// What was folded so far (RFC 1321, step 4: A, B, C, D), to go on from another time; nullopt
  /// within a block, and where OpenSSL hashes.
  [[nodiscard]] std::optional<Md5> state() const;

 private:
  friend class Lanes;

  // Alone, plain C++ is at the speed of OpenSSL's assembly (0.77 and 0.75 GB/s from g++ 12, 0.65
  // from clang 14), needs no allocation, and can leave for a SIMD lane at any byte.
  std::variant<Midstate, Evp> state_;
};

Md5 of(std::span<const std::byte> bytes);

/// The digest of a file from the MD5s of its chunks in order: at least one.
Digest of_chunks(std::span<const Md5> chunk_md5s);

}  // namespace syncline::md5
