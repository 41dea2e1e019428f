// MD5 in lanes: every kernel this processor can run, against OpenSSL, wherever a length, a split or
// a place in a lane could go wrong.
//
// SPDX-License-Identifier: MIT
#include "md5/lanes.h"
#include "support/process.h"
#include "support/random_tree.h"
#include "support/temporary_folder.h"

#include "syncline/digest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <fstream>
#include <functional>
#include <iterator>
#include <ostream>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace syncline::test {
namespace {

using Bytes = std::vector<std::byte>;
using View = std::span<const std::byte>;

Bytes random_bytes(Random& random, std::size_t size) {
  Bytes bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.below(256));
  return bytes;
}

View view_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

Md5 by_openssl(View bytes) {
  md5::Evp evp;
  evp.update(bytes);
  return evp.finish();
}

std::string hex(const Md5& md5) {
  return to_string(Digest{.md5 = md5});
}

/// Messages of the given lengths, each at an address of its own alignment.
class Messages {
 public:
  Messages(Random& random, const std::vector<std::size_t>& lengths) {
    std::size_t end = 0;
    for (const std::size_t length : lengths) end += length + 1;
    bytes_ = random_bytes(random, end);
    std::size_t begin = 0;
    for (const std::size_t length : lengths) {
      views_.push_back(View(bytes_).subspan(begin, length));
      begin += length + 1;
    }
  }

  [[nodiscard]] const std::vector<View>& views() const { return views_; }

 private:
  Bytes bytes_;
  std::vector<View> views_;
};

/// One way to hash many streams.
struct Way {
  std::string name;
  std::function<md5::Lanes()> lanes;
  md5::Backend backend;  ///< for the streams
};
void PrintTo(const Way& way, std::ostream* out) {
  *out << way.name;
}

/// The backends, and each kernel on its own, so that none is passed over for a faster one.
std::vector<Way> ways() {
  std::vector<Way> ways;
  const auto add = [&](std::string name, md5::Backend backend) {
    ways.push_back({std::move(name), [=] { return md5::Lanes(backend); }, backend});
  };
  add("automatic", md5::Backend::automatic);
  add("evp", md5::Backend::evp);
  add("simd", md5::Backend::simd);
  const auto add_kernel = [&](const md5::Kernel& kernel) {
    std::string name = "kernel_" + std::string(kernel.name);
    std::ranges::replace_if(
        name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    ways.push_back({std::move(name), [=] { return md5::Lanes({kernel}); }, md5::Backend::simd});
  };
  add_kernel(md5::portable_kernel());
  for (const auto set : md5::kernel_sets()) {
    if (set.front().name != md5::portable_kernel().name) std::ranges::for_each(set, add_kernel);
  }
  return ways;
}

class Md5Lanes : public testing::TestWithParam<Way> {
 protected:
  void expect_md5s(const std::vector<View>& messages) {
    std::vector<Md5> md5s(messages.size());
    lanes.hash(messages, md5s);
    for (std::size_t i = 0; i < messages.size(); ++i) {
      ASSERT_EQ(hex(md5s[i]), hex(by_openssl(messages[i])))
          << "message " << i << " of " << messages.size() << ", " << messages[i].size() << " bytes";
    }
  }

  static std::vector<md5::Stream> streams(std::size_t count) {
    std::vector<md5::Stream> streams;
    for (std::size_t i = 0; i < count; ++i) streams.emplace_back(GetParam().backend);
    return streams;
  }

  md5::Lanes lanes = GetParam().lanes();
  Random random{announced_seed()};
};

INSTANTIATE_TEST_SUITE_P(Ways, Md5Lanes, testing::ValuesIn(ways()),
                         [](const auto& each) { return each.param.name; });

TEST_P(Md5Lanes, knows_the_vectors_of_rfc_1321) {
  const std::vector<std::pair<std::string, std::string>> vectors{
      {"", "d41d8cd98f00b204e9800998ecf8427e"},
      {"a", "0cc175b9c0f1b6a831c399e269772661"},
      {"abc", "900150983cd24fb0d6963f7d28e17f72"},
      {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
      {"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
      {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
       "d174ab98d277d9f5a5611c2c9f419d9f"},
      {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
       "57edf4a22be3c955ac49da2e2107b67a"}};
  std::vector<View> messages(vectors.size());
  std::ranges::transform(vectors, messages.begin(),
                         [](const auto& vector) { return view_of(vector.first); });
  std::vector<Md5> md5s(messages.size());
  lanes.hash(messages, md5s);
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    EXPECT_EQ(hex(md5s[i]), vectors[i].second) << vectors[i].first;
    EXPECT_EQ(hex(md5::of(messages[i])), vectors[i].second) << vectors[i].first;
  }
}

TEST_P(Md5Lanes, agree_at_every_length_to_300) {
  std::vector<std::size_t> lengths;
  for (std::size_t length = 0; length <= 300; ++length) lengths.push_back(length);
  const Messages messages(random, lengths);
  expect_md5s(messages.views());
  for (const View message : messages.views()) expect_md5s({message});
}

TEST_P(Md5Lanes, agree_around_the_borders_of_blocks_pages_and_segments) {
  std::vector<std::size_t> lengths;
  for (const std::size_t border : {64U, 128U, 1024U, 4096U, 65536U, 102400U}) {
    for (std::size_t length = border - 9; length <= border + 1; ++length) lengths.push_back(length);
  }
  expect_md5s(Messages(random, lengths).views());
}

TEST_P(Md5Lanes, agree_for_every_number_of_streams) {
  for (std::size_t streams = 0; streams <= 2 * md5::max_lanes + 3; ++streams) {
    expect_md5s(Messages(random, std::vector<std::size_t>(streams, 777)).views());
  }
}

TEST_P(Md5Lanes, agree_with_one_long_stream_in_any_place) {
  for (std::size_t place = 0; place <= lanes.width(); ++place) {
    std::vector<std::size_t> lengths(lanes.width() + 1, 150);
    lengths[place] = 5000;
    expect_md5s(Messages(random, lengths).views());
  }
}

TEST_P(Md5Lanes, agree_on_random_mixes) {
  for (int round = 0; round < 50; ++round) {
    std::vector<std::size_t> lengths(random.below(100));
    for (std::size_t& length : lengths) length = random.below(1ULL << (1 + random.below(15)));
    expect_md5s(Messages(random, lengths).views());
  }
}

TEST_P(Md5Lanes, go_on_from_every_split) {
  constexpr std::size_t size = 200;
  const Bytes message = random_bytes(random, size);
  std::vector<md5::Stream> all = streams(size + 1);
  for (const bool first : {true, false}) {
    std::vector<md5::Lanes::Piece> pieces;
    for (std::size_t split = 0; split <= size; ++split) {
      const View piece = first ? View(message).first(split) : View(message).subspan(split);
      pieces.push_back({.stream = &all[split], .bytes = piece});
    }
    lanes.update(pieces);
  }
  for (std::size_t split = 0; split <= size; ++split) {
    EXPECT_EQ(hex(all[split].finish()), hex(by_openssl(message))) << "split at " << split;
  }
}

TEST_P(Md5Lanes, advance_streams_that_come_and_go_in_random_pieces) {
  std::vector<std::size_t> lengths(2 * lanes.width() + 5);
  for (std::size_t& length : lengths) length = random.below(20000);
  const Messages messages(random, lengths);
  std::vector<View> rest = messages.views();
  std::vector<md5::Stream> all = streams(lengths.size());

  while (std::ranges::any_of(rest, [](View view) { return !view.empty(); })) {
    std::vector<md5::Lanes::Piece> pieces;
    for (std::size_t i = 0; i < rest.size(); ++i) {
      if (random.one_in(3)) continue;
      const std::size_t taken = random.below(std::min<std::size_t>(rest[i].size(), 3000) + 1);
      pieces.push_back({.stream = &all[i], .bytes = rest[i].first(taken)});
      rest[i] = rest[i].subspan(taken);
    }
    lanes.update(pieces);
    const std::size_t lone = random.below(rest.size());
    all[lone].update(rest[lone]);
    rest[lone] = {};
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(hex(all[i].finish()), hex(by_openssl(messages.views()[i]))) << "stream " << i;
    EXPECT_EQ(hex(all[i].finish()), hex(by_openssl({}))) << "is a new stream";
  }
}

TEST(Md5, backends_say_what_they_use) {
  EXPECT_EQ(md5::Lanes(md5::Backend::evp).kernel(), "EVP");
  EXPECT_EQ(md5::Lanes(md5::Backend::evp).width(), 1U);
  EXPECT_EQ(md5::Lanes(md5::Backend::simd).kernel(), md5::kernel_sets().front().back().name);
  EXPECT_EQ(md5::Lanes().kernel(), md5::Lanes(md5::Backend::simd).kernel());
}

TEST(Md5, is_what_md5sum_says) {
  Random random{announced_seed()};
  const TemporaryFolder folder;
  const std::string path = folder / "file";
  for (const std::size_t size : {0U, 1U, 55U, 56U, 63U, 64U, 65U, 100000U}) {
    const Bytes bytes = random_bytes(random, size);
    std::ofstream(path).write(reinterpret_cast<const char*>(bytes.data()),
                              static_cast<std::streamsize>(size));
    const Exit exit = run({"/usr/bin/env", "md5sum", path});
    if (exit.status == 127) GTEST_SKIP() << "no md5sum here";
    EXPECT_EQ(exit.out, hex(md5::of(bytes)) + "  " + path + "\n");
  }
}

TEST(DigestOfChunks, is_the_md5_itself_for_one_chunk) {
  const Md5 md5 = md5::of(view_of("abc"));
  EXPECT_EQ(to_string(md5::of_chunks({&md5, 1})), "900150983cd24fb0d6963f7d28e17f72");
}

TEST(DigestOfChunks, is_the_md5_of_the_md5s_for_more) {
  Random random{announced_seed()};
  const Bytes file = random_bytes(random, 2 * chunk_bytes + 5);
  const View view(file);
  const std::vector<View> chunks{view.first(chunk_bytes), view.subspan(chunk_bytes, chunk_bytes),
                                 view.last(5)};
  std::vector<Md5> md5s(chunks.size());
  md5::Lanes().hash(chunks, md5s);

  Bytes joined;
  for (const View chunk : chunks) std::ranges::copy(by_openssl(chunk), std::back_inserter(joined));
  EXPECT_EQ(to_string(md5::of_chunks(md5s)), hex(by_openssl(joined)) + "-3");
}

TEST(DigestOfChunks, is_written_as_s3_writes_it) {
  Digest digest;
  digest.md5[0] = std::byte{0x0f};
  digest.md5[15] = std::byte{0xa0};
  EXPECT_EQ(to_string(digest), "0f0000000000000000000000000000a0");
  digest.chunks = 12345;
  EXPECT_EQ(to_string(digest), "0f0000000000000000000000000000a0-12345");
}

TEST(Md5Stream, goes_on_from_the_state_that_another_one_was_in) {
  Random random{announced_seed()};
  const Bytes bytes = random_bytes(random, 1000);
  for (std::size_t split = 0; split <= bytes.size(); ++split) {
    md5::Stream first;
    first.update(View(bytes).first(split));
    const auto state = first.state();
    ASSERT_EQ(state.has_value(), split % 64 == 0) << split;
    if (!state) continue;
    md5::Stream second{*state, split};
    second.update(View(bytes).subspan(split));
    EXPECT_EQ(second.finish(), by_openssl(bytes)) << split;
  }
}

}  // namespace
}  // namespace syncline::test
