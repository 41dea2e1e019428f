// The tags of content: what they are made of, and that one can go on from where another stopped.
//
// SPDX-License-Identifier: MIT
#include "tag/tagger.h"

#include "syncline/digest.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <set>
#include <span>
#include <string_view>
#include <vector>

namespace syncline::test {
namespace {

using tag::ChunkTag;
using tag::piece_bytes;
using tag::Tagger;

Tagger::Secret secret_of(unsigned seed) {
  std::mt19937 random{seed};
  Tagger::Secret secret;
  for (std::byte& byte : secret) byte = static_cast<std::byte>(random());
  return secret;
}

std::vector<std::byte> some_bytes(std::size_t count) {
  std::mt19937 random{7};
  std::vector<std::byte> bytes(count);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

const Tagger::Secret secret = secret_of(1);
const Tagger tagger{secret};

constexpr std::array<std::size_t, 9> sizes{
    0, 1, 128, 9'000, piece_bytes, piece_bytes + 1, 200'000, 2 * piece_bytes, 500'000};

TEST(Tags, are_others_for_each_secret_and_content) {
  std::set<Tag> met;
  for (const Tagger& by : {tagger, Tagger{secret_of(2)}})
    for (const std::size_t size : sizes) {
      auto bytes = some_bytes(size);
      EXPECT_TRUE(met.insert(by.of(bytes)).second) << size;
      if (bytes.empty()) continue;
      bytes.back() ^= std::byte{1};
      EXPECT_TRUE(met.insert(by.of(bytes)).second) << size;
    }
}

// What xxHash's library says of them: an index outlives the program and the processor.
TEST(Tags, are_those_of_the_library_by_all_instructions) {
  struct Known {
    std::size_t size;
    std::string_view tag;
  };
  constexpr std::array<Known, 8> known{{{0, "f7028e8b5e2ebe93d90d102009c7e071"},
                                        {1, "1ab6633875b34e360a004ef032074993"},
                                        {16, "783715e5fe815efaa8f485e60b415e63"},
                                        {128, "528ec5c0d1ac066b51e91e7f7a99373b"},
                                        {200, "24dd5dc847ea603c0ad54a0a4a022016"},
                                        {241, "86eaadcf707229e6821eacc8614f9f23"},
                                        {9'000, "ad611e471927a98027c76eaa9bd396a4"},
                                        {65'536, "c13bacbb533cb5cd037c78b9453ecf4e"}}};
  for (const Known& each : known) {
    const auto bytes = some_bytes(each.size);
    for (const tag::Xxh3 xxh3 : tag::xxh3_variants()) {
      Tag tag;
      xxh3(bytes.data(), bytes.size(), secret.data(), tag.data());
      EXPECT_EQ(to_string(Digest{.md5 = tag}), each.tag) << each.size;
    }
    EXPECT_EQ(to_string(Digest{.md5 = tagger.of_piece(bytes)}), each.tag) << each.size;
  }
}

// The format, by which the bytes of a mark are enough.
TEST(Tags, are_chained_over_pieces) {
  const auto bytes = some_bytes(2 * piece_bytes + 5);
  const std::span<const std::byte> all{bytes};
  const auto chained = [](const Tag& so_far, std::span<const std::byte> piece) {
    const std::array<Tag, 2> both{so_far, tagger.of_piece(piece)};
    return tagger.of_piece(std::as_bytes(std::span{both}));
  };
  const Tag first = tagger.of_piece(all.first(piece_bytes));
  const Tag second = chained(first, all.subspan(piece_bytes, piece_bytes));
  EXPECT_EQ(tagger.of(all), chained(second, all.last(5)));
}

TEST(Tags, are_the_same_however_a_chunk_comes) {
  for (const std::size_t size : sizes) {
    const auto bytes = some_bytes(size);
    for (const std::size_t step : {piece_bytes, 2 * piece_bytes, 16 * piece_bytes}) {
      ChunkTag tag;
      for (std::span<const std::byte> left{bytes}; !left.empty();) {
        const auto part = left.first(std::min(left.size(), step));
        tag.update(tagger, part);
        left = left.subspan(part.size());
        if (!left.empty()) tag = ChunkTag{tag.value(tagger)};  // stopped, and gone on with
      }
      EXPECT_EQ(tag.value(tagger), tagger.of(bytes)) << size << " by " << step;
    }
  }
}

TEST(Tags, of_files_are_those_of_their_chunks) {
  const std::array<Tag, 3> chunks{tagger.of(some_bytes(1)), tagger.of(some_bytes(2)),
                                  tagger.of(some_bytes(3))};
  const std::span all{chunks};
  EXPECT_EQ(tagger.of_chunks(all.first(1)), chunks[0]);
  EXPECT_EQ(tagger.of_chunks(all), tagger.of_piece(std::as_bytes(all)));
  for (const std::size_t size : {2U, 20U, 100U}) {
    const std::vector<Tag> list(size, chunks[0]);
    tag::ListTag by_parts{tagger};
    by_parts.update(std::span{list}.first(1));
    by_parts.update(std::span{list}.subspan(1));
    EXPECT_EQ(by_parts.value(), tagger.of_chunks(list)) << size;
  }
  const std::array<Tag, 3> turned{chunks[1], chunks[0], chunks[2]};
  EXPECT_NE(tagger.of_chunks(all), tagger.of_chunks(turned));
}

}  // namespace
}  // namespace syncline::test
