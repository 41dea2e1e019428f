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
#include <new>

namespace syncline::tag {
namespace {

Tag tag_of(XXH128_hash_t hash) {
  XXH128_canonical_t bytes_of_hash;
  XXH128_canonicalFromHash(&bytes_of_hash, hash);
  Tag tag;
  static_assert(sizeof bytes_of_hash == sizeof tag);
  std::memcpy(tag.data(), &bytes_of_hash, sizeof tag);
  return tag;
}

}  // namespace

Tag Tagger::of_piece(std::span<const std::byte> bytes) const {
  return tag_of(
      XXH3_128bits_withSecret(bytes.data(), bytes.size(), secret_.data(), secret_.size()));
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

struct ListTag::State {
  XXH3_state_t* of;
};

ListTag::ListTag(const Tagger& tagger)
    : state_(std::make_unique<State>(State{XXH3_createState()})) {
  if (state_->of == nullptr) throw std::bad_alloc();
  XXH3_128bits_reset_withSecret(state_->of, tagger.secret_.data(), tagger.secret_.size());
}

ListTag::~ListTag() {
  XXH3_freeState(state_->of);
}

void ListTag::update(std::span<const Tag> chunks) {
  XXH3_128bits_update(state_->of, chunks.data(), chunks.size_bytes());
}

Tag ListTag::value() const {
  return tag_of(XXH3_128bits_digest(state_->of));
}

}  // namespace syncline::tag
