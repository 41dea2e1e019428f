// SPDX-License-Identifier: MIT
#include "tag/tagger.h"

#include "tag/xxh3_inline.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>

namespace syncline::tag {
namespace {

void xxh3_by_all(const void* bytes, std::size_t size, const void* secret, void* tag) {
  xxh3_inline(bytes, size, secret, tag);
}

}  // namespace

std::vector<Xxh3> xxh3_variants() {
  std::vector<Xxh3> found;
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512f")) found.push_back(xxh3_by_avx512);
  if (__builtin_cpu_supports("avx2")) found.push_back(xxh3_by_avx2);
#endif
  found.push_back(xxh3_by_all);
  return found;
}

Tag Tagger::of_piece(std::span<const std::byte> bytes) const {
  static const Xxh3 best = xxh3_variants().front();
  Tag tag;
  best(bytes.data(), bytes.size(), secret_.data(), tag.data());
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
  Tag tag;
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state_->of));
  static_assert(sizeof canonical == sizeof tag);
  std::memcpy(tag.data(), &canonical, sizeof tag);
  return tag;
}

}  // namespace syncline::tag
