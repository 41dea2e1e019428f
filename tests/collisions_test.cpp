// Two contents of one MD5, as anybody can make them: nothing that a pass believes rests on MD5
// alone.
//
// SPDX-License-Identifier: MIT
#include "index/columns.h"
#include "md5/md5.h"
#include "support/bent_kernel.h"
#include "support/index.h"
#include "support/interference.h"
#include "support/two_roots.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::test {
namespace {

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string{hex.substr(i, 2)}, nullptr, 16));
  return bytes;
}

// X. Wang, D. Feng, X. Lai, H. Yu, "Collisions for Hash Functions MD4, MD5, HAVAL-128 and RIPEMD"
// (2004): the first of the two pairs of MD5. What follows both alike leaves them one MD5.
const std::string one = bytes_of(
    "d131dd02c5e6eec4693d9a0698aff95c2fcab58712467eab4004583eb8fb7f89"
    "55ad340609f4b30283e488832571415a085125e8f7cdc99fd91dbdf280373c5b"
    "d8823e3156348f5bae6dacd436c919c6dd53e2b487da03fd02396306d248cda0"
    "e99f33420f577ee8ce54b67080a80d1ec69821bcb6a8839396f9652b6ff72a70");
const std::string other = bytes_of(
    "d131dd02c5e6eec4693d9a0698aff95c2fcab50712467eab4004583eb8fb7f89"
    "55ad340609f4b30283e4888325f1415a085125e8f7cdc99fd91dbd7280373c5b"
    "d8823e3156348f5bae6dacd436c919c6dd53e23487da03fd02396306d248cda0"
    "e99f33420f577ee8ce54b67080280d1ec69821bcb6a8839396f965ab6ff72a70");

/// Of a size that travels in chunks, two of them, the first of one MD5.
std::string long_one(const std::string& beginning) {
  return beginning + std::string(chunk_bytes + 100, 'x');
}

class Collision : public TwoRoots {
 protected:
  [[nodiscard]] Options remembering() const {
    Options how = options();
    how.index = index_place::File{index};
    return how;
  }
  [[nodiscard]] Options remembering(bool Options::*what) const {
    Options how = remembering();
    how.*what = true;
    return how;
  }

  static void stop_amid_the_copy(const Options& how) {
    std::stop_source stop;
    const Interference at(
        12, [&] { stop.request_stop(); }, filesystem::syscalls::Call::write);
    EXPECT_EQ(run_pass(how, {}, stop.get_token()).status(), Status::stopped);
  }

  /// And known for good.
  void given_mirrored(const Tree& tree) const {
    given_source(tree);
    let_age(source);
    run_ok(remembering());
    let_age(destination);
    run_ok(remembering());
    const Pass pass = run_ok(remembering());
    ASSERT_EQ(pass.summary.bytes_read, 0) << "all is proved";
  }

  /// As an index is that was carried over from version 4.
  void forget_tags() const { change_index(index, index::forget_tags); }
  [[nodiscard]] std::int64_t tags() const {
    return number_in_index(index, "SELECT count(*) FROM file WHERE length(tag) = 16");
  }

  void expect_same() const {
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
    EXPECT_TRUE(claims_nothing_false(index, source, destination));
  }

  const std::string index = home / "index";
};

TEST_F(Collision, is_one) {
  EXPECT_NE(one, other);
  for (const auto& [a, b] : {std::pair{one, other}, {long_one(one), long_one(other)}})
    EXPECT_EQ(md5::of(std::as_bytes(std::span{a})), md5::of(std::as_bytes(std::span{b})));
}

/// Where rows have tags, and where they are carried over from before there were any.
class CollisionOfRows : public Collision, public testing::WithParamInterface<bool> {
 protected:
  const bool has_tags = GetParam();
};

// One side alone is read, and told from what is remembered of the other.
TEST_P(CollisionOfRows, of_what_the_source_has_now_is_mirrored) {
  given_mirrored({file("small", one), file("large", long_one(one))});
  if (!has_tags) forget_tags();
  overwrite_unseen(source, "small", other);
  overwrite_unseen(source, "large", long_one(other));
  let_age(source);
  const Pass pass = run_ok(remembering());
  EXPECT_EQ(pass.paths(Verb::update), (std::vector<std::string>{"large", "small"}));
  expect_same();
}

TEST_P(CollisionOfRows, of_what_the_destination_has_now_is_mended) {
  given_mirrored({file("small", one), file("large", long_one(one))});
  if (!has_tags) forget_tags();
  overwrite_unseen(destination, "small", other);
  overwrite_unseen(destination, "large", long_one(other));
  const Pass pass = run_ok(remembering());
  EXPECT_EQ(pass.paths(Verb::update), (std::vector<std::string>{"large", "small"}));
  expect_same();
}

// Somebody's file that is in nobody's way any more is not moved under another's name and left
// there.
TEST_P(CollisionOfRows, does_not_become_another_file_by_its_content) {
  given_mirrored({file("his/file", long_one(other)), folder("mine")});
  if (!has_tags) forget_tags();
  put(file("mine/file", long_one(one)), source);
  remove(source, "his/file");
  let_age(source);
  const Pass pass = run_ok(remembering());
  EXPECT_EQ(snapshot(destination).at("mine/file").content, long_one(one));
  EXPECT_EQ(pass.paths(Verb::move).empty(), has_tags);
  expect_same();
}

INSTANTIATE_TEST_SUITE_P(tagged, CollisionOfRows, testing::Bool(),
                         testing::PrintToStringParamName());

class CollisionUnderOneIdentity : public Collision {
 protected:
  void SetUp() override {
    kernel.stop_the_clock();
    given_mirrored({file("small", one), file("large", long_one(one))});
  }

  BentKernel kernel;
};

TEST_F(CollisionUnderOneIdentity, is_blamed_on_the_source_where_that_has_it) {
  overwrite_unseen(source, "small", other);
  overwrite_unseen(source, "large", long_one(other));
  const Tree good = snapshot(destination);
  const Pass pass = run_pass(remembering(&Options::rehash));
  EXPECT_EQ(pass.status(), Status::unverified);
  ASSERT_EQ(pass.failures.size(), 2);
  for (const Failure& failure : pass.failures) {
    EXPECT_EQ(failure.kind, FailureKind::rot);
    EXPECT_EQ(failure.code, FailureCode::rot_destination_good);
  }
  EXPECT_TRUE(same(snapshot(destination), good));
}

TEST_F(CollisionUnderOneIdentity, is_blamed_on_the_destination_where_that_has_it) {
  overwrite_unseen(destination, "small", other);
  overwrite_unseen(destination, "large", long_one(other));
  const Pass pass = run_ok(remembering(&Options::rehash));
  EXPECT_EQ(pass.summary.repaired, 2);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

// Where both have other bytes than are remembered, and the same.
TEST_F(CollisionUnderOneIdentity, is_told_where_both_have_it) {
  for (const std::string& root : {source, destination}) overwrite_unseen(root, "small", other);
  const Pass pass = run_pass(remembering(&Options::rehash));
  ASSERT_EQ(pass.failures.size(), 1);
  EXPECT_EQ(pass.failures.front().code, FailureCode::rot_destination_other);
}

TEST_F(Collision, is_met_by_reading_back) {
  given_source({file("small", one)});
  given_destination({});
  const Interference between(
      1,
      [&] {
        const auto written = temporaries_in(destination);
        ASSERT_EQ(written.size(), 1);
        std::ofstream(join(destination, written.front()), std::ios::in | std::ios::binary) << other;
      },
      filesystem::syscalls::Call::advise);
  Options how = options();
  how.verify = true;
  const Pass pass = run_pass(how);
  EXPECT_TRUE(between.happened());
  ASSERT_EQ(pass.failures.size(), 1);
  EXPECT_EQ(pass.failures.front().code, FailureCode::unverified);
  EXPECT_FALSE(exists(destination, "small"));
}

// What is kept of a copy is read back where somebody wrote to it, and goes into what is proved.
TEST_F(Collision, is_met_in_a_copy_that_is_gone_on_with) {
  given_source({file("large", long_one(one))});
  let_age(source);
  Options how = remembering();
  how.keep_partial_from = 1 << 20;
  stop_amid_the_copy(how);
  const auto kept = temporaries_in(destination);
  ASSERT_EQ(kept.size(), 1);
  std::fstream(join(destination, kept.front()), std::ios::in | std::ios::out | std::ios::binary)
      << other;
  run_ok(how);
  expect_same();
}

// Its marks lead to the tag that all of it has.
TEST_F(Collision, can_be_told_of_what_was_gone_on_with) {
  given_source({file("large", long_one(one))});
  let_age(source);
  Options how = remembering();
  how.keep_partial_from = 1 << 20;
  stop_amid_the_copy(how);
  const Pass second = run_ok(how);
  ASSERT_NE(second.action_at("large"), nullptr);
  EXPECT_GT(second.action_at("large")->reason.resumed_bytes, 0U);
  EXPECT_LT(second.summary.bytes_read, long_one(one).size());
  EXPECT_EQ(tags(), 1);
  let_age(destination);
  set_mode(source, "large", 0664);
  let_age(source);
  const Pass third = run_ok(how);
  EXPECT_EQ(third.summary.bytes_read, long_one(one).size()) << "of one side";
  EXPECT_EQ(third.paths(Verb::set_metadata), std::vector<std::string>{"large"});
}

TEST_F(Collision, shows_in_every_row) {
  given_mirrored({file("small", one), file("large", long_one(one)), file("empty")});
  EXPECT_EQ(tags(), 3);
  EXPECT_EQ(number_in_index(index, "SELECT length(chunk_tags) FROM file WHERE chunks NOT NULL"),
            2 * 16);
  EXPECT_EQ(number_in_index(index, "SELECT count(chunk_tags) FROM file"), 1);
}

// What was proved before there were tags stays so until it is read for another reason.
TEST_F(Collision, is_no_reason_to_read_what_an_older_index_proves) {
  given_mirrored({file("small", one), file("large", long_one(one)), file("kept", "kept")});
  forget_tags();
  const std::uint64_t size = one.size() + long_one(one).size();
  EXPECT_EQ(run_ok(remembering()).summary.bytes_read, 0);
  EXPECT_EQ(tags(), 0);
  // Once is one of them, and then both sides are, since its MD5 alone does not tell.
  set_mode(source, "small", 0664);
  set_mode(source, "large", 0664);
  let_age(source);
  EXPECT_EQ(run_ok(remembering()).summary.bytes_read, 2 * size);
  EXPECT_EQ(tags(), 2);
  let_age(destination);
  set_mode(source, "small", 0666);
  set_mode(source, "large", 0666);
  let_age(source);
  EXPECT_EQ(run_ok(remembering()).summary.bytes_read, size) << "what has a tag can be told";
  run_ok(remembering(&Options::rehash));
  EXPECT_EQ(tags(), 3);
}

}  // namespace
}  // namespace syncline::test
