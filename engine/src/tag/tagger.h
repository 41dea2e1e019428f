// A keyed hash of content, so that what is remembered of it can be trusted.
//
// A tag is XXH3 of 128 bits ("xxHash fast digest algorithm", XXH3 in its specification) under a
// secret of 192 random bytes, which is made with the index and never leaves it (index/secrets.h).
// XXH3 is no MAC: whoever saw the tags of contents that he chose could work out the secret. It
// serves because nobody outside sees a tag, or can try one offline: they lie in the index and in
// the journals of copies, which only their owner can read, and nothing tells of them. So to pass
// one content off for another somebody has to find two of one MD5 that have one tag too, and
// whether they have shows in nothing but a pass that leaves alone what it should have copied. The
// best differences that we know of (two words of 32 bits in one block, which meet in a sum of
// products) come to the same with a chance of 2^-32, so a try costs a pass for each file, and MD5
// must collide in those very words.
//
// A core tags 48 GB/s of 9 KiB in its caches and 54 of 64 KiB (bench/hash.cpp; AVX-512), beside the
// 8 that MD5 in 32 lanes takes, where AES-GMAC and Poly1305 by OpenSSL do 5 to 6 and SHA-256 1.4.
// What is stronger may take its place here and nowhere else; the tags of another kind are no tags,
// so it needs a version of the index.
//
// Format: a chunk of 8 MiB (syncline/digest.h) is tagged in pieces of 64 KiB. With T for XXH3, the
// tag after the first piece is T(piece), and after each further one T(tag so far | T(piece)): so 16
// bytes are enough to go on from. The tag of a file is that of its one chunk, or T of its chunks'
// tags in a row.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/fingerprint.h"
#include "tag/xxh3.h"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace syncline::tag {

inline constexpr std::size_t piece_bytes = 64U << 10U;

/// One hash by each set of instructions that this processor has, best first.
std::vector<Xxh3> xxh3_variants();

/// Thread-safe.
class Tagger {
 public:
  using Secret = std::array<std::byte, secret_bytes>;

  explicit Tagger(const Secret& secret) : secret_(secret) {}

  [[nodiscard]] Tag of_piece(std::span<const std::byte> bytes) const;
  /// Of no more than a chunk.
  [[nodiscard]] Tag of(std::span<const std::byte> bytes) const;
  /// Of the file that has them: at least one.
  [[nodiscard]] Tag of_chunks(std::span<const Tag> chunks) const;

 private:
  friend class ListTag;
  alignas(64) Secret secret_;
};

/// The tag of a chunk, as far as it has come.
class ChunkTag {
 public:
  ChunkTag() = default;
  /// Goes on behind whole pieces, where value() was that.
  explicit ChunkTag(const Tag& so_far) : so_far_(so_far) {}

  /// `bytes` follow those that were given before. Whole pieces, but for what the chunk ends with.
  void update(const Tagger& tagger, std::span<const std::byte> bytes);
  [[nodiscard]] Tag value(const Tagger& tagger) const;
  /// Enough to go on from, where the last piece was whole; none: nothing was given yet.
  [[nodiscard]] const std::optional<Tag>& so_far() const { return so_far_; }

 private:
  std::optional<Tag> so_far_;
  bool is_over_ = false;  ///< its last piece was not whole
};

/// of_chunks() of a list that need not be in memory: of two chunks or more.
class ListTag {
 public:
  /// `tagger` must outlive it.
  explicit ListTag(const Tagger& tagger);
  ListTag(const ListTag&) = delete;
  ListTag& operator=(const ListTag&) = delete;
  ~ListTag();

  void update(std::span<const Tag> chunks);
  [[nodiscard]] Tag value() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace syncline::tag
