// SPDX-License-Identifier: MIT
#include "md5/lanes.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace syncline::md5 {
namespace {

std::vector<Kernel> kernels_for(Backend backend) {
  const std::span<const Kernel> best = kernel_sets().front();
  std::vector<Kernel> kernels(best.begin(), best.end());
  if (backend != Backend::simd) kernels.push_back(portable_kernel());
  return kernels;
}

Run whole_blocks(Midstate& state, std::span<const std::byte> bytes) {
  return {.words = &state.words, .data = bytes.data(), .blocks = bytes.size() / block_bytes};
}

}  // namespace

Lanes::Lanes(Backend backend)
    : evp_(backend == Backend::evp && Evp::available()), schedule_(kernels_for(backend)) {}

Lanes::Lanes(std::vector<Kernel> kernels) : schedule_(std::move(kernels)) {}

std::size_t Lanes::width() const {
  return evp_ ? 1 : schedule_.widest().lanes;
}

std::string_view Lanes::kernel() const {
  return evp_ ? "EVP" : schedule_.widest().name;
}

void Lanes::update(std::span<const Piece> pieces) {
  feeds_.clear();
  for (const Piece& piece : pieces) {
    if (auto* const state = std::get_if<Midstate>(&piece.stream->state_)) {
      feeds_.push_back({.state = state, .bytes = piece.bytes});
    } else {
      piece.stream->update(piece.bytes);
    }
  }
  advance(feeds_);
}

void Lanes::hash(std::span<const std::span<const std::byte>> messages, std::span<Md5> md5s) {
  assert(messages.size() == md5s.size());
  if (evp_) {
    Evp evp;
    std::ranges::transform(messages, md5s.begin(), [&](std::span<const std::byte> message) {
      evp.update(message);
      return evp.finish();
    });
    return;
  }
  states_.assign(messages.size(), {});
  feeds_.clear();
  for (std::size_t i = 0; i < messages.size(); ++i)
    feeds_.push_back({.state = &states_[i], .bytes = messages[i]});
  advance(feeds_);

  tails_.clear();
  std::ranges::transform(states_, std::back_inserter(tails_), &Midstate::tail);
  runs_.clear();
  for (std::size_t i = 0; i < messages.size(); ++i)
    runs_.push_back({&states_[i].words, tails_[i].bytes.data(), tails_[i].blocks});
  schedule_.fold(runs_);
  std::ranges::transform(states_, md5s.begin(), to_md5, &Midstate::words);
}

void Lanes::advance(std::span<Feed> feeds) {
  runs_.clear();
  for (Feed& feed : feeds) {
    if (feed.state->complete_pending(feed.bytes))
      runs_.push_back(whole_blocks(*feed.state, feed.state->pending));
  }
  schedule_.fold(runs_);

  runs_.clear();
  for (const Feed& feed : feeds)
    runs_.push_back(whole_blocks(*feed.state, feed.state->keep_rest(feed.bytes)));
  schedule_.fold(runs_);
}

}  // namespace syncline::md5

namespace syncline {

std::string digest_kernel(DigestBackend backend) {
  return std::string(md5::Lanes(backend).kernel());
}

}  // namespace syncline
