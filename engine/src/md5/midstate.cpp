// SPDX-License-Identifier: MIT
#include "md5/midstate.h"

#include <algorithm>
#include <cstring>

#include "md5/scalar.h"

namespace syncline::md5 {
namespace {

template <class Unsigned>
void store_little_endian(Unsigned value, std::byte* to) {
  for (std::size_t i = 0; i < sizeof value; ++i) {
    to[i] = static_cast<std::byte>(value >> (8 * i));
  }
}

}  // namespace

void Midstate::update(std::span<const std::byte> input) {
  const std::size_t waiting = bytes % block_bytes;
  bytes += input.size();
  if (waiting != 0) {
    const std::size_t taken = std::min(input.size(), block_bytes - waiting);
    std::ranges::copy(input.first(taken), pending.begin() + waiting);
    if (waiting + taken < block_bytes) {
      return;
    }
    compress(words, pending);
    input = input.subspan(taken);
  }
  const std::size_t rest = input.size() % block_bytes;
  compress(words, input.first(input.size() - rest));
  std::ranges::copy(input.last(rest), pending.begin());
}

Md5 Midstate::finish() {
  constexpr std::array<std::byte, block_bytes> zeros{};
  const std::uint64_t bits = bytes * 8;
  const std::size_t waiting = bytes % block_bytes;
  const std::size_t length_at = waiting < 56 ? 56 : 56 + block_bytes;

  std::array<std::byte, 8> length;
  store_little_endian(bits, length.data());
  update(std::array{std::byte{0x80}});
  update(std::span(zeros).first(length_at - waiting - 1));
  update(length);

  Md5 md5;
  for (std::size_t i = 0; i < words.size(); ++i) {
    store_little_endian(words[i], &md5[4 * i]);
  }
  *this = Midstate{};
  return md5;
}

}  // namespace syncline::md5
