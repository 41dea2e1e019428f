// SPDX-License-Identifier: MIT
#include "md5/midstate.h"

#include "md5/scalar.h"

#include <algorithm>

namespace syncline::md5 {
namespace {

template <typename Unsigned>
void store_little_endian(Unsigned value, std::byte* to) {
  for (std::size_t i = 0; i < sizeof value; ++i) to[i] = static_cast<std::byte>(value >> (8 * i));
}

}  // namespace

void Midstate::update(std::span<const std::byte> input) {
  if (complete_pending(input)) compress(words, pending);
  compress(words, keep_rest(input));
}

Md5 Midstate::finish() {
  const Tail last = tail();
  compress(words, std::span(last.bytes).first(last.blocks * block_bytes));
  const Md5 md5 = to_md5(words);
  *this = Midstate{};
  return md5;
}

bool Midstate::complete_pending(std::span<const std::byte>& input) {
  const std::size_t waiting = bytes % block_bytes;
  if (waiting == 0) return false;
  const std::size_t taken = std::min(input.size(), block_bytes - waiting);
  std::copy_n(input.data(), taken, pending.data() + waiting);
  input = input.subspan(taken);
  bytes += taken;
  return waiting + taken == block_bytes;
}

std::span<const std::byte> Midstate::keep_rest(std::span<const std::byte> input) {
  const std::size_t rest = input.size() % block_bytes;
  std::ranges::copy(input.last(rest), pending.begin());
  bytes += input.size();
  return input.first(input.size() - rest);
}

Tail Midstate::tail() const {
  const std::size_t waiting = bytes % block_bytes;
  Tail tail;
  tail.blocks = waiting + 1 + sizeof bytes <= block_bytes ? 1 : 2;
  std::copy_n(pending.data(), waiting, tail.bytes.data());
  tail.bytes[waiting] = std::byte{0x80};
  store_little_endian(bytes * 8, &tail.bytes[tail.blocks * block_bytes - sizeof bytes]);
  return tail;
}

Words to_words(const Md5& md5) {
  Words words{};
  for (std::size_t i = 0; i < md5.size(); ++i)
    words[i / 4] |= std::to_integer<std::uint32_t>(md5[i]) << (8 * (i % 4));
  return words;
}

Md5 to_md5(const Words& words) {
  Md5 md5;
  for (std::size_t i = 0; i < words.size(); ++i) store_little_endian(words[i], &md5[4 * i]);
  return md5;
}

}  // namespace syncline::md5
