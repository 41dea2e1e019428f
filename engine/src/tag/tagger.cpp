// SPDX-License-Identifier: MIT
#include "tag/tagger.h"

#ifdef SYNCLINE_XXHASH_DISPATCHES
// By what this processor has; else by what every one has, a third as fast.
#include <xxh_x86dispatch.h>
#else
#include <xxhash.h>
#endif

#include <algorithm>
#include <cassert>
#include <cstring>

namespace syncline::tag {

Tag Tagger::of_piece(std::span<const std::byte> bytes) const {
  XXH128_canonical_t bytes_of_hash;
  XXH128_canonicalFromHash(&bytes_of_hash, XXH3_128bits_withSecret(bytes.data(), bytes.size(),
                                                                   secret_.data(), secret_.size()));
  Tag tag;
  static_assert(sizeof bytes_of_hash == sizeof tag);
  std::memcpy(tag.data(), &bytes_of_hash, sizeof tag);
  return tag;
}

Tag Tagger::of(std::span<const std::byte> bytes) const {
  ChunkTag tag;
  tag.update(*this, bytes);
  return tag.value(*this);
}

Tag Tagger::of_chunks(std::span<const Tag> chunks) const {
  return chunks.size() == 1 ? chunks.front() : of_piece(std::as_bytes(chunks));
}

void ChunkTag::update(const Tagger& tagger, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    assert(!is_over_);
    const auto piece = bytes.first(std::min(bytes.size(), piece_bytes));
    const std::array<Tag, 2> both{so_far_.value_or(Tag{}), tagger.of_piece(piece)};
    so_far_ = so_far_ ? tagger.of_piece(std::as_bytes(std::span{both})) : both[1];
    is_over_ = piece.size() < piece_bytes;
    bytes = bytes.subspan(piece.size());
  }
}

Tag ChunkTag::value(const Tagger& tagger) const {
  return so_far_ ? *so_far_ : tagger.of_piece({});
}

}  // namespace syncline::tag
