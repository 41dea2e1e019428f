// SPDX-License-Identifier: MIT
#include "stages/siphash.h"

#include <bit>
#include <cstdint>
#include <cstring>

namespace syncline::stages {
namespace {

constexpr std::size_t word_bytes = 8;

// Little-endian, whatever the machine.
std::uint64_t word_of(std::span<const std::byte> bytes) {
  std::uint64_t word = 0;
  if (std::endian::native == std::endian::little && bytes.size() == word_bytes) {
    std::memcpy(&word, bytes.data(), word_bytes);
    return word;
  }
  for (std::size_t i = bytes.size(); i-- > 0;)
    word = word << 8U | std::to_integer<std::uint64_t>(bytes[i]);
  return word;
}

struct State {
  std::uint64_t v0;
  std::uint64_t v1;
  std::uint64_t v2;
  std::uint64_t v3;

  void rounds(int count) {
    for (int i = 0; i < count; ++i) {
      v0 += v1;
      v1 = std::rotl(v1, 13) ^ v0;
      v0 = std::rotl(v0, 32);
      v2 += v3;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 += v3;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 += v1;
      v1 = std::rotl(v1, 17) ^ v2;
      v2 = std::rotl(v2, 32);
    }
  }

  void take(std::uint64_t word) {
    v3 ^= word;
    rounds(2);
    v0 ^= word;
  }

  std::uint64_t give() {
    rounds(4);
    return v0 ^ v1 ^ v2 ^ v3;
  }
};

}  // namespace

SipTag siphash(const SipKey& key, std::span<const std::byte> message) {
  const auto key_bytes = std::span(key);
  const std::uint64_t k0 = word_of(key_bytes.first(word_bytes));
  const std::uint64_t k1 = word_of(key_bytes.last(word_bytes));
  State state{.v0 = k0 ^ 0x736f6d6570736575U,
              .v1 = k1 ^ 0x646f72616e646f6dU ^ 0xeeU,
              .v2 = k0 ^ 0x6c7967656e657261U,
              .v3 = k1 ^ 0x7465646279746573U};
  const std::uint64_t length = message.size();
  for (; message.size() >= word_bytes; message = message.subspan(word_bytes))
    state.take(word_of(message.first(word_bytes)));
  state.take(word_of(message) | length << 56U);
  state.v2 ^= 0xeeU;
  const std::uint64_t low = state.give();
  state.v1 ^= 0xddU;
  const std::uint64_t high = state.give();
  SipTag tag{};
  for (std::size_t i = 0; i < word_bytes; ++i) {
    tag[i] = static_cast<std::byte>(low >> (8 * i));
    tag[word_bytes + i] = static_cast<std::byte>(high >> (8 * i));
  }
  return tag;
}

}  // namespace syncline::stages
