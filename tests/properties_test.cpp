// What holds of any tree and any change, tried on random ones. SYNCLINE_SEED repeats a run.
//
// SPDX-License-Identifier: MIT
#include "support/random_tree.h"
#include "support/two_roots.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

namespace syncline::test {
namespace {

class Properties : public TwoRoots {
 protected:
  void mirror_and_compare() const {
    mirror_ok(source, destination, with(&Options::deletions, deletion::Unlimited{}));
    ASSERT_TRUE(same(snapshot(destination), snapshot(source)));
  }

  /// A tree changes between passes, now and then with a meddler in the mirror too.
  void follow_changes(std::uint64_t entries, std::uint64_t changes, int rounds) {
    make(random_tree(random, entries), source);
    // An unrelated tree, whose names partly collide.
    make(random_tree(random, entries), destination);
    ASSERT_NO_FATAL_FAILURE(mirror_and_compare());
    for (int round = 0; round < rounds; ++round) {
      SCOPED_TRACE("round " + std::to_string(round));
      change_randomly(random, source, changes);
      if (random.one_in(3)) change_randomly(random, destination, changes / 2);
      ASSERT_NO_FATAL_FAILURE(mirror_and_compare());
      const Stamps before = stamps(destination);
      ASSERT_NO_FATAL_FAILURE(mirror_and_compare());
      ASSERT_TRUE(untouched(before, stamps(destination)));
    }
  }

  Random random{announced_seed()};
};

TEST_F(Properties, a_mirror_follows_any_change) {
  follow_changes(150, 15, 12);
}

/// The same with all that a mirror must keep, with and without an index that remembers it.
class RichProperties : public Properties, public testing::WithParamInterface<bool> {
 protected:
  void SetUp() override {
    if (!holds_riches(home.path())) GTEST_SKIP() << "no attributes or access lists here";
  }

  void follow_changes(std::uint64_t entries, std::uint64_t changes, int rounds) {
    make(random_rich_tree(random, entries), source);
    make(random_rich_tree(random, entries), destination);
    Options how = options();
    how.deletions = deletion::Unlimited{};
    if (GetParam()) how.index = index_place::File{home / "index"};
    for (int round = 0; round < rounds; ++round) {
      SCOPED_TRACE("round " + std::to_string(round));
      ASSERT_EQ(run_pass(how).status(), Status::done);
      ASSERT_TRUE(same(snapshot(destination), snapshot(source)));
      const Stamps before = stamps(destination);
      ASSERT_EQ(run_pass(how).status(), Status::done);
      ASSERT_TRUE(untouched(before, stamps(destination)));
      change_richly(random, source, changes);
      if (random.one_in(3)) change_richly(random, destination, changes / 2);
    }
  }
};

TEST_P(RichProperties, a_mirror_follows_any_change) {
  follow_changes(150, 30, 5);
}

std::string with_or_without_index(const testing::TestParamInfo<bool>& info) {
  return info.param ? "indexed" : "unindexed";
}

INSTANTIATE_TEST_SUITE_P(Short, RichProperties, testing::Bool(), with_or_without_index);

class LongRichProperties : public RichProperties {};

TEST_P(LongRichProperties, a_mirror_follows_any_change) {
  follow_changes(2000, 200, 100);
}

INSTANTIATE_TEST_SUITE_P(Long, LongRichProperties, testing::Bool(), with_or_without_index);

class LongProperties : public Properties {};

TEST_F(LongProperties, a_mirror_follows_any_change) {
  follow_changes(3000, 200, 100);
}

/// Replaces files all the time by finished ones, each of a single letter, so that a torn mirror
/// would show.
class RestlessWriter {
 public:
  static constexpr std::uint64_t files = 20;

  explicit RestlessWriter(const std::string& home)
      : thread_([home](const std::stop_token& stop) {
          Random random(1);
          while (!stop.stop_requested()) {
            const std::string path = "source/file " + std::to_string(random.below(files));
            const char letter = static_cast<char>('a' + random.below(26));
            put(file("next", std::string(1 + random.below(200'000), letter)), home);
            rename(home, "next", path);
          }
        }) {}

 private:
  std::jthread thread_;
};

bool is_whole(const std::string& content) {
  return content.find_first_not_of(content.front()) == std::string::npos;
}

TEST_F(Properties, a_mirror_of_a_living_source_is_never_torn) {
  make({}, source);
  {
    const RestlessWriter writer(home.path());
    for (int round = 0; round < 30; ++round) {
      Options how = options();
      how.deletions = deletion::Unlimited{};
      const Status status = run_pass(how).status();
      EXPECT_TRUE(status == Status::done || status == Status::source_moved)
          << static_cast<int>(status);
      const Tree found = snapshot(destination);
      for (const auto& [path, entry] : found.entries()) {
        EXPECT_TRUE(entry.kind != Kind::file || is_whole(entry.content)) << path;
      }
      EXPECT_TRUE(temporaries_in(destination).empty());
    }
  }
  mirror_and_compare();
}

}  // namespace
}  // namespace syncline::test
