// SPDX-License-Identifier: MIT
#include "md5/md5.h"

#include <cassert>

namespace syncline::md5 {

Stream::Stream(Backend backend) {
  if (backend == Backend::evp && Evp::available()) state_.emplace<Evp>();
}

Stream::Stream(const Md5& state, std::uint64_t bytes)
    : state_(Midstate{.words = to_words(state), .bytes = bytes}) {}

std::optional<Md5> Stream::state() const {
  const auto* const here = std::get_if<Midstate>(&state_);
  if (here == nullptr || here->bytes % block_bytes != 0) return std::nullopt;
  return to_md5(here->words);
}

void Stream::update(std::span<const std::byte> input) {
  std::visit([&](auto& state) { state.update(input); }, state_);
}

void Stream::become(const Stream& other) {
  if (const auto* const there = std::get_if<Midstate>(&other.state_))
    state_ = *there;
  else
    state_.emplace<Evp>().become(std::get<Evp>(other.state_));
}

Md5 Stream::finish() {
  return std::visit([](auto& state) { return state.finish(); }, state_);
}

Md5 of(std::span<const std::byte> bytes) {
  Midstate state;
  state.update(bytes);
  return state.finish();
}

Digest of_chunks(std::span<const Md5> chunk_md5s) {
  assert(!chunk_md5s.empty());
  if (chunk_md5s.size() == 1) return {.md5 = chunk_md5s.front(), .chunks = 1};
  return {.md5 = of(std::as_bytes(chunk_md5s)),
          .chunks = static_cast<std::uint32_t>(chunk_md5s.size())};
}

}  // namespace syncline::md5
