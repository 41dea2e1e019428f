// The digests that a pass tells, at the sizes where the format changes.
//
// The expected values come from elsewhere: `yes syncline | head -c SIZE`, whole or cut by `split -b
// 8388608`, through md5sum; above one chunk `xxd -r -p | md5sum` over those sums. The text's nine
// bytes never align with a chunk, so that chunks in the wrong order give another digest.
//
// SPDX-License-Identifier: MIT
#include "md5/evp.h"
#include "support/random_tree.h"
#include "support/two_roots.h"

#include "syncline/digest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

struct Known {
  const char* name;
  std::uint64_t size;
  const char* digest;
};

void PrintTo(const Known& known, std::ostream* out) {
  *out << known.size << " bytes";
}

std::string text_of(std::uint64_t size) {
  const std::string line = "syncline\n";
  std::string text;
  text.reserve(size + line.size());
  while (text.size() < size) text += line;
  text.resize(size);
  return text;
}

class Digests : public TwoRoots, public testing::WithParamInterface<Known> {};

TEST_P(Digests, of_a_new_file_are_the_known_ones) {
  const Tree tree{file("file", text_of(GetParam().size))};
  given_source(tree);
  const Pass pass = expect_mirrored(tree);
  const Action* action = pass.action_at("file");
  ASSERT_NE(action, nullptr);
  EXPECT_EQ(action->bytes, GetParam().size);
  ASSERT_TRUE(action->digest.has_value());
  EXPECT_EQ(to_string(*action->digest), GetParam().digest);
  EXPECT_EQ(pass.summary.bytes_hashed, GetParam().size);
}

TEST_P(Digests, of_a_file_that_differs_in_one_byte_are_the_known_ones) {
  const std::uint64_t size = GetParam().size;
  if (size == 0) GTEST_SKIP() << "has no byte to differ in";
  const Tree tree{file("file", text_of(size))};
  given_source(tree);
  for (const std::uint64_t position : {std::uint64_t{0}, size / 2, size - 1}) {
    std::string other = tree.at("file").content;
    other[position] = 'X';
    given_destination({});
    put(file("file", other), destination);
    const Pass pass = expect_mirrored(tree);
    const Action* action = pass.action_at("file");
    ASSERT_NE(action, nullptr);
    EXPECT_EQ(action->verb, Verb::update);
    ASSERT_TRUE(action->digest.has_value());
    EXPECT_EQ(to_string(*action->digest), GetParam().digest) << "differs at " << position;
    remove(destination, "file");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Sizes, Digests,
    testing::Values(
        Known{"empty", 0, "d41d8cd98f00b204e9800998ecf8427e"},
        Known{"one_byte", 1, "03c7c0ace395d80182db07ae2c30f034"},
        Known{"one_less_than_a_chunk", chunk_bytes - 1, "6e55e2fac14be2c7ff8cdbea2704a3ee"},
        Known{"a_chunk", chunk_bytes, "a98931ff75fc769d837c0b0c14cb5146"},
        Known{"one_more_than_a_chunk", chunk_bytes + 1, "87f58eca5f86b00a6c2345febd9eb44e-2"},
        Known{"three_chunks_and_five", 3 * chunk_bytes + 5, "835e0fec21936c7ce8497687521eb63a-4"}),
    [](const auto& each) { return each.param.name; });

std::string hex(const Md5& md5) {
  return to_string(Digest{.md5 = md5});
}

/// The format computed once more, one stream after the other: MD5 of the whole, or of the chunks'
/// MD5s with their number behind it.
std::string digest_by_openssl(const std::string& content) {
  const auto bytes = std::as_bytes(std::span(content));
  md5::Evp evp;
  if (bytes.size() <= chunk_bytes) {
    evp.update(bytes);
    return hex(evp.finish());
  }
  std::vector<Md5> chunks;
  for (std::size_t at = 0; at < bytes.size(); at += chunk_bytes) {
    evp.update(bytes.subspan(at, std::min<std::size_t>(chunk_bytes, bytes.size() - at)));
    chunks.push_back(evp.finish());
  }
  evp.update(std::as_bytes(std::span(chunks)));
  return hex(evp.finish()) + "-" + std::to_string(chunks.size());
}

/// Files around every border at which they travel in another way, more than fill a stripe.
Tree files_of_all_sizes(Random& random) {
  Tree tree;
  constexpr std::uint64_t grouped = 64U << 10U;
  constexpr std::uint64_t segment = 64U << 10U;
  int number = 0;
  const auto add = [&](std::uint64_t size) {
    std::string content = text_of(size);
    for (std::uint64_t at = random.below(100); at < size; at += 4099)
      content[at] = static_cast<char>(random.below(256));
    tree.put(file("folder/" + std::to_string(number++), content));
  };
  for (const std::uint64_t border : {grouped, 5 * segment, chunk_bytes, chunk_bytes + segment})
    for (const std::uint64_t size : {border - 1, border, border + 1}) add(size);
  for (int i = 0; i < 70; ++i) add(random.below(300'000));
  add(5 * chunk_bytes + random.below(chunk_bytes));
  return tree;
}

class DigestBackends : public TwoRoots, public testing::WithParamInterface<DigestBackend> {};

TEST_P(DigestBackends, yield_the_same_for_files_side_by_side_however_the_copies_begin) {
  Random random{announced_seed()};
  const Tree tree = files_of_all_sizes(random);
  given_source(tree);
  given_destination(tree);
  std::vector<std::string> changed;
  for (const auto& [path, entry] : tree.entries()) {
    if (entry.kind != Kind::file || entry.content.empty() || random.one_in(4)) continue;
    changed.push_back(path);
    remove(destination, path);
    if (random.one_in(3)) continue;  // a copy from nothing; the others differ somewhere
    std::string other = entry.content;
    other[random.below(other.size())] ^= 1;
    put(file(path, other), destination);
  }
  const Pass pass = expect_mirrored(tree, with(&Options::digest_backend, GetParam()));
  for (const std::string& path : changed) {
    const Action* action = pass.action_at(path);
    ASSERT_NE(action, nullptr) << path;
    ASSERT_TRUE(action->digest.has_value()) << path;
    EXPECT_EQ(to_string(*action->digest), digest_by_openssl(tree.at(path).content)) << path;
  }
  EXPECT_EQ(pass.summary.created.entries + pass.summary.updated.entries, changed.size());
  EXPECT_EQ(pass.summary.bytes_hashed, pass.summary.source.bytes);
}

std::string name_of_backend(const testing::TestParamInfo<DigestBackend>& each) {
  constexpr std::array names{"automatic", "evp", "simd"};
  return names.at(static_cast<std::size_t>(each.param));
}

INSTANTIATE_TEST_SUITE_P(All, DigestBackends,
                         testing::Values(DigestBackend::automatic, DigestBackend::evp,
                                         DigestBackend::simd),
                         name_of_backend);

}  // namespace
}  // namespace syncline::test
