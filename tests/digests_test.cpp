// The digests that a pass tells, at the sizes where the format changes.
//
// The expected values come from elsewhere: `yes syncline | head -c SIZE`, whole or cut by `split -b
// 8388608`, through md5sum; above one chunk `xxd -r -p | md5sum` over those sums. The text's nine
// bytes never align with a chunk, so that chunks in the wrong order give another digest.
//
// SPDX-License-Identifier: MIT
#include "support/two_roots.h"

#include "syncline/digest.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <ostream>
#include <string>

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

}  // namespace
}  // namespace syncline::test
