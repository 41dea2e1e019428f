// What the index saves from being read, and what it never hides: passes over trees that change
// between them, openly and in secret.
//
// SPDX-License-Identifier: MIT
#include "support/index.h"

#include "index/index.h"
#include "support/bent_kernel.h"
#include "support/random_tree.h"
#include "support/two_roots.h"

#include <linux/magic.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>
#include <utility>

namespace syncline::test {
namespace {

constexpr std::int64_t ns_per_s = 1'000'000'000;
constexpr std::int64_t ns_per_ms = 1'000'000;

class Index : public TwoRoots {
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

  /// A pass that ends well, and leaves both trees the same and the index true.
  Pass mirrored(const Options& how) const {
    Pass pass = run_ok(how);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
    EXPECT_TRUE(claims_nothing_false(index, source, destination));
    return pass;
  }
  Pass mirrored() const { return mirrored(remembering()); }

  /// Nothing is left to be read, nothing to be done.
  void expect_all_stands(std::uint64_t files) const {
    const Pass pass = mirrored();
    EXPECT_EQ(pass.summary.bytes_read, 0);
    EXPECT_EQ(pass.summary.standing.entries, files);
    EXPECT_EQ(pass.actions.size(), 0);
  }

  /// Larger than what travels in a group, and than a chunk.
  static constexpr std::uint64_t large = chunk_bytes + 100;
  [[nodiscard]] static Tree some_files() {
    return {file("a", "aaaa"), file("b/c", "cccccc"), file("empty"),
            file("large", std::string(large, 'l'))};
  }
  static constexpr std::uint64_t some_count = 4;

  const std::string index = home / "index";
};

TEST_F(Index, makes_a_second_pass_read_nothing) {
  given_source(some_files());
  let_age(source);
  const Pass first = mirrored();
  EXPECT_EQ(first.summary.again.entries, 0);
  const BentKernel kernel;
  const Pass second = mirrored();
  EXPECT_LE(kernel.reads(), 3) << "more than the head of the index was read";
  EXPECT_EQ(second.summary.bytes_read, 0);
  EXPECT_EQ(second.summary.standing.entries, some_count);
  EXPECT_EQ(second.summary.proved.entries, 0);
  EXPECT_TRUE(second.summary.oldest_proof);
  EXPECT_EQ(second.summary.index, index);
  EXPECT_GT(second.summary.index_bytes, 0);
}

/// Both trees are the same and all of it is proved.
class ProvedIndex : public Index {
 protected:
  void given_proved(const Tree& tree) const {
    given_source(tree);
    let_age(source);
    mirrored();
  }

  void SetUp() override { given_proved(some_files()); }
};

TEST_F(ProvedIndex, holds_the_digests_of_what_was_copied) {
  const auto files = files_in_index(index);
  ASSERT_EQ(files.size(), some_count);
  EXPECT_EQ(files.at("a").digest, "74b87337454200d4d33f80c4663dc5e5");
  EXPECT_EQ(files.at("b/c").digest, "c1f68ec06b490b3ecb4066b1b13a9ee9");
  EXPECT_EQ(files.at("empty").digest, "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_TRUE(files.at("large").digest.ends_with("-2")) << files.at("large").digest;
  EXPECT_EQ(number_in_index(index, "SELECT length(chunks) FROM file WHERE chunks IS NOT NULL"), 32);
  expect_all_stands(some_count);
}

// But for the time nothing of such a row is written anew.
TEST_F(ProvedIndex, tells_when_all_was_found_once_more) {
  constexpr const char* old = "SELECT count(*) FROM file WHERE proved = 1";
  const auto before = files_in_index(index);
  change_rows(index, [](Remembered& row) { row.proved_s = 1; });
  mirrored();
  EXPECT_EQ(number_in_index(index, old), some_count) << "nothing was read";
  const Pass pass = mirrored(remembering(&Options::rehash));
  EXPECT_EQ(pass.summary.proved.entries, some_count);
  EXPECT_EQ(number_in_index(index, old), 0);
  EXPECT_EQ(number_in_index(index, "SELECT count(tag) FROM file"), some_count);
  EXPECT_EQ(files_in_index(index).at("a").digest, before.at("a").digest);
  expect_all_stands(some_count);
}

TEST_F(ProvedIndex, names_the_passes_that_have_a_name) {
  {
    index::Index open{index, index::Index::pair_of(index).value(), 0, {}};
    index::PassRow pass;
    pass.name = "20261125T084751Z";
    open.finish(pass, true);
  }
  EXPECT_EQ(number_in_index(index, "SELECT count(*) FROM pass WHERE name = '20261125T084751Z'"), 1);
  mirrored();
  expect_all_stands(some_count);
}

// The row of another content, or of none yet, is written as a whole.
TEST_F(ProvedIndex, is_completed_where_a_file_is_read) {
  change_rows(
      index, [](Remembered& row) { row.fingerprint.value().tag.reset(); }, "a");
  change_rows(
      index, [](Remembered& row) { row.fingerprint.reset(); }, "c");
  change_rows(
      index, [](Remembered& row) { row.source_proved = false; }, "empty");
  mirrored(remembering(&Options::rehash));
  EXPECT_EQ(number_in_index(index, "SELECT count(tag) FROM file WHERE unproven = 0"), some_count);
  expect_all_stands(some_count);
}

/// One side is changed under the same size and mtime: small files and large ones.
class Tampering : public ProvedIndex {
 protected:
  void expect_seen(const std::string& root, const std::string& path, ReasonCode reason) const {
    SCOPED_TRACE(path);
    std::string content = snapshot(root).at(path).content;
    content.back() = '!';
    overwrite_unseen(root, path, content);
    const Pass pass = mirrored();
    EXPECT_EQ(pass.paths(Verb::update), std::vector<std::string>{path});
    EXPECT_EQ(pass.summary.silent, 1);
    EXPECT_EQ(pass.summary.doubtful, 0);
    const Action* const action = pass.action_at(path);
    ASSERT_NE(action, nullptr);
    EXPECT_EQ(action->reason.code, reason);
  }
};

TEST_F(Tampering, with_the_source_is_seen_and_mirrored) {
  for (const char* path : {"a", "large"}) expect_seen(source, path, ReasonCode::silent_source);
}

TEST_F(Tampering, with_the_destination_is_seen_and_mended) {
  for (const char* path : {"a", "large"})
    expect_seen(destination, path, ReasonCode::silent_destination);
}

TEST_F(ProvedIndex, has_only_the_side_that_moved_read) {
  set_mode(source, "large", 0666);
  let_age(source);
  const Pass of_source = mirrored();
  EXPECT_EQ(of_source.summary.bytes_read, large);
  EXPECT_EQ(of_source.summary.read_because.source_moved.entries, 1);
  EXPECT_EQ(of_source.summary.ctime_moved, 1);
  EXPECT_EQ(of_source.paths(Verb::set_metadata), std::vector<std::string>{"large"});

  set_mtime(destination, "large", 5 * ns_per_s);
  let_age(destination);
  const Pass of_destination = mirrored();
  EXPECT_EQ(of_destination.summary.bytes_read, large);
  EXPECT_EQ(of_destination.summary.read_because.destination_moved.entries, 1);
  EXPECT_EQ(of_destination.paths(Verb::set_metadata), std::vector<std::string>{"large"});
  expect_all_stands(some_count);
}

TEST_F(ProvedIndex, has_a_small_source_read_once_and_copied_from_there) {
  remove(source, "a");
  put(file("a", "AAAA"), source);
  const Pass pass = mirrored();
  EXPECT_EQ(pass.summary.bytes_read, 4);
  EXPECT_EQ(pass.paths(Verb::update), std::vector<std::string>{"a"});
}

TEST_F(ProvedIndex, believes_metadata_of_the_destination_no_more_than_content) {
  set_mode(destination, "a", 0600);
  let_age(destination);
  const Pass pass = mirrored();
  EXPECT_EQ(pass.paths(Verb::set_metadata), std::vector<std::string>{"a"});
  expect_all_stands(some_count);
}

TEST_F(ProvedIndex, has_both_sides_read_where_both_moved) {
  overwrite_unseen(source, "a", "bbbb");
  overwrite_unseen(destination, "a", "bbbb");
  const Pass pass = mirrored();
  EXPECT_EQ(pass.summary.read_because.both_moved.entries, 1);
  EXPECT_EQ(pass.summary.bytes_read, 8);
  EXPECT_EQ(pass.actions.size(), 0);
}

TEST_F(ProvedIndex, forgets_what_is_gone) {
  remove(source, "a");
  remove(source, "b");
  put(folder("new"), source);
  put(folder("new/deep"), source);
  put(file("new/deep/file", "x"), source);
  mirrored();
  EXPECT_EQ(files_in_index(index).size(), 3);
  EXPECT_EQ(number_in_index(index, "SELECT count(*) FROM folder"), 3);
  remove(source, "new");
  mirrored();
  EXPECT_EQ(files_in_index(index).size(), 2);
  EXPECT_EQ(number_in_index(index, "SELECT count(*) FROM file"), 2);
  EXPECT_EQ(number_in_index(index, "SELECT count(*) FROM folder"), 1);
  expect_all_stands(2);
}

TEST_F(ProvedIndex, follows_a_file_that_becomes_a_folder_and_back) {
  remove(source, "a");
  put(folder("a"), source);
  put(file("a/file", "x"), source);
  mirrored();
  EXPECT_TRUE(files_in_index(index).contains("a/file"));
  EXPECT_FALSE(files_in_index(index).contains("a"));
  remove(source, "a");
  put(file("a", "x"), source);
  mirrored();
  EXPECT_FALSE(files_in_index(index).contains("a/file"));
  EXPECT_EQ(number_in_index(index, "SELECT count(*) FROM folder"), 2);
}

TEST_F(ProvedIndex, answers_which_files_have_the_same_content) {
  put(file("b/copy of a", "aaaa"), source);
  mirrored();
  EXPECT_EQ(number_in_index(index, R"(
    WITH RECURSIVE path(key, path) AS (
      SELECT 1, '' UNION ALL
      SELECT folder.key, path || folder.name || '/' FROM folder JOIN path ON parent = path.key)
    SELECT count(*) FROM (
      SELECT hex(digest) AS md5, size, group_concat(path || file.name, ', ') AS files
      FROM file JOIN path ON folder = path.key
      WHERE digest IS NOT NULL GROUP BY digest, size HAVING count(*) > 1)
    WHERE files IN ('a, b/copy of a', 'b/copy of a, a'))"),
            1);
}

TEST_F(ProvedIndex, of_another_destination_at_the_same_path_claims_nothing) {
  rename(home.path(), "destination", "old destination");
  given_destination(some_files());
  let_age(destination);
  const Pass pass = mirrored();
  EXPECT_EQ(pass.summary.read_because.unknown.entries, some_count);
  expect_all_stands(some_count);
}

TEST_F(ProvedIndex, keeps_what_stands_when_the_source_s_own_folder_is_another) {
  rename(home.path(), "source", "old source");
  make({}, source);
  for (const char* name : {"a", "b", "empty", "large"})
    rename(home.path(), std::string("old source/") + name, std::string("source/") + name);
  // Renaming moved their ctimes, but for what is in the folder.
  let_age(source);
  const Pass pass = mirrored();
  EXPECT_EQ(pass.summary.read_because.unknown.entries, 0);
  EXPECT_EQ(pass.summary.standing.entries, 1);
}

TEST_F(ProvedIndex, gets_no_proofs_from_passes_that_trust_mtimes) {
  overwrite_unseen(destination, "a", "evil");
  set_mode(destination, "a", 0600);
  run_ok(remembering(&Options::trust_mtime));
  ASSERT_EQ(snapshot(destination).at("a").content, "evil");
  EXPECT_EQ(mirrored().paths(Verb::update), std::vector<std::string>{"a"});
}

TEST_F(Index, gets_no_rows_from_passes_that_trust_mtimes) {
  given_source({file("a", "good")});
  given_destination({file("a", "evil")});
  run_ok(remembering(&Options::trust_mtime));
  EXPECT_TRUE(files_in_index(index).empty());
  EXPECT_EQ(mirrored().paths(Verb::update), std::vector<std::string>{"a"});
}

TEST_F(Index, proves_nothing_of_a_source_that_is_open_for_writing) {
  given_source({file("a", "aaaa")});
  let_age(source);
  {
    const std::ofstream writer(source + "/a", std::ios::app);
    run_ok(remembering());
    EXPECT_FALSE(files_in_index(index).at("a").source_proved);
    EXPECT_EQ(run_ok(remembering()).summary.read_because.unsure.entries, 1);
  }
  EXPECT_EQ(run_ok(remembering()).summary.read_because.unsure.entries, 1);
  expect_all_stands(1);
}

/// Writes to a file of the destination between the call that gave it its name and our look at it.
class Meddler : public BentKernel {
 public:
  explicit Meddler(std::string root) : root_(std::move(root)) {}

  int before(filesystem::syscalls::Call call) override {
    using filesystem::syscalls::Call;
    thread_local bool has_named = false;
    if (call == Call::rename || call == Call::link) has_named = true;
    if (call != Call::status || !std::exchange(has_named, false)) return 0;
    std::fstream(root_ + "/a", std::ios::in | std::ios::out) << '!';
    return 0;
  }

 private:
  const std::string root_;
};

TEST_F(Index, does_not_take_what_others_write_for_its_own) {
  given_source({file("a", "aaaa")});
  let_age(source);
  {
    const Meddler meddler(destination);
    run_pass(remembering());
  }
  ASSERT_EQ(snapshot(destination).at("a").content, "!aaa");
  mirrored();
}

// Stamps that prove nothing.

/// Runs a pass and, once the file at `path` is copied, changes it under the same size and mtime.
void mirror_and_tamper(const Options& how, const std::string& root, const std::string& path,
                       const std::string& content) {
  const Pass pass = run_pass(how, [&](const Event& event) {
    const auto* action = std::get_if<Action>(&event);
    if (action != nullptr && action->path == path) overwrite_unseen(root, path, content);
  });
  EXPECT_NE(pass.action_at(path), nullptr);
}

class RacyStamps : public Index, public testing::WithParamInterface<std::int64_t> {
 protected:
  /// Enough of them to meet the same tick, were it not for the rule.
  const int rounds = GetParam() < ns_per_s ? 6 : 2;
};

TEST_P(RacyStamps, of_the_source_prove_nothing) {
  BentKernel kernel;
  kernel.tick_every(GetParam());
  given_source({});
  for (int round = 0; round < rounds; ++round) {
    const std::string name = "file " + std::to_string(round);
    put(file(name, "old"), source);
    mirror_and_tamper(remembering(), source, name, "new");
    mirrored();
    EXPECT_EQ(snapshot(destination).at(name).content, "new");
  }
}

TEST_P(RacyStamps, of_the_destination_are_waited_for) {
  BentKernel kernel;
  kernel.tick_every(GetParam());
  given_source({});
  for (int round = 0; round < rounds; ++round) {
    const std::string name = "file " + std::to_string(round);
    put(file(name, "old"), source);
    run_ok(remembering());
    overwrite_unseen(destination, name, "bad");
    mirrored();
    EXPECT_EQ(snapshot(destination).at(name).content, "old");
  }
}

INSTANTIATE_TEST_SUITE_P(Clocks, RacyStamps, testing::Values(10 * ns_per_ms, ns_per_s));

TEST_F(Index, does_not_believe_stamps_in_the_future) {
  given_source({file("a", "aaaa")});
  let_age(source);
  BentKernel kernel;
  kernel.set_clock_ahead(3600 * ns_per_s);
  run_ok(remembering());
  for (int round = 0; round < 2; ++round) {
    const Pass pass = run_ok(remembering());
    EXPECT_EQ(pass.summary.read_because.unsure.entries, 1);
    EXPECT_EQ(pass.summary.bytes_read, 4) << "the copy is our own and needs no reading";
  }
}

TEST_F(Index, has_unflushed_copies_read_again) {
  given_source({file("a", "aaaa")});
  let_age(source);
  BentKernel kernel;
  kernel.pretend_type(EXT4_SUPER_MAGIC);
  run_ok(remembering(&Options::dry_run));
  Options how = remembering();
  how.flush = false;
  run_ok(how);
  EXPECT_FALSE(files_in_index(index).at("a").destination_proved);
  EXPECT_EQ(kernel.flushes(), 0);
  const Pass pass = run_ok(remembering());
  EXPECT_EQ(pass.summary.read_because.unsure.entries, 1);
  EXPECT_EQ(run_ok(remembering()).summary.standing.entries, 1);
}

TEST_F(Index, has_what_was_read_flushed_before_it_relies_on_it) {
  given_source(some_files());
  given_destination(some_files());
  let_age(home.path());
  BentKernel kernel;
  kernel.pretend_type(EXT4_SUPER_MAGIC);
  run_ok(remembering());
  EXPECT_EQ(kernel.flushes(), 1) << "one for all files, both roots being on one file system";
  EXPECT_EQ(run_ok(remembering()).summary.standing.entries, some_count);
  EXPECT_EQ(kernel.flushes(), 1);
}

TEST_F(ProvedIndex, goes_by_size_and_mtime_where_there_is_no_ctime) {
  BentKernel kernel;
  kernel.pretend_type(MSDOS_SUPER_MAGIC);
  kernel.set_clock_ahead(-3600 * ns_per_s);  // old enough to have been written back
  mirrored();
  set_mode(source, "a", 0600);
  set_mode(source, "a", 0644);
  const Pass pass = mirrored();
  EXPECT_EQ(pass.summary.bytes_read, 0);
  EXPECT_EQ(pass.summary.standing.entries, some_count);
  const auto told = std::ranges::count_if(pass.notices, [](const Notice& notice) {
    return notice.code == NoticeCode::weak_source || notice.code == NoticeCode::weak_destination;
  });
  EXPECT_EQ(told, 2) << "once a side";
}

TEST_F(Index, announces_that_ctime_moved_everywhere) {
  Tree tree;
  for (int number = 0; number < 120; ++number) tree.put(file(std::to_string(number), "x"));
  given_source(tree);
  let_age(source);
  const Pass first = mirrored();
  EXPECT_TRUE(first.notices.empty());
  let_age(destination);
  mirrored();  // what was copied for longer than a tick of the clock is proved only now
  for (int number = 0; number < 118; ++number)
    for (const std::uint32_t mode : {0600U, 0644U}) set_mode(source, std::to_string(number), mode);
  const Pass second = mirrored();
  EXPECT_EQ(second.summary.ctime_moved, 118);
  ASSERT_EQ(second.notices.size(), 1);
  const Notice& notice = second.notices.front();
  EXPECT_EQ(notice.code, NoticeCode::read_for_ctime);
  EXPECT_EQ(100 * notice.numbers[0] / notice.numbers[1], 98U);
}

// Rot: bytes change, and no stamp tells. The kernel is made to show ctimes that stand still.

class Rot : public Index {
 protected:
  void SetUp() override {
    kernel.stop_the_clock();
    given_source(some_files());
    run_ok(remembering());
    ASSERT_EQ(run_ok(remembering()).summary.standing.entries, some_count);
  }

  /// Other bytes of the same size.
  void let_rot(const std::string& root, const std::string& path) const {
    std::string content = snapshot(root).at(path).content;
    content.front() = '?';
    overwrite_unseen(root, path, content);
  }

  BentKernel kernel;
};

TEST_F(Rot, is_not_seen_without_reading) {
  let_rot(source, "a");
  EXPECT_EQ(run_ok(remembering()).summary.bytes_read, 0);
}

TEST_F(Rot, of_the_source_is_told_and_never_mirrored) {
  for (const char* path : {"a", "large"}) {
    SCOPED_TRACE(path);
    let_rot(source, path);
    const Tree good = snapshot(destination);
    const Pass pass = run_pass(remembering(&Options::rehash));
    EXPECT_EQ(pass.status(), Status::unverified);
    ASSERT_EQ(pass.failures.size(), 1);
    EXPECT_EQ(pass.failures.front().kind, FailureKind::rot);
    EXPECT_EQ(pass.failures.front().path, path);
    EXPECT_EQ(pass.failures.front().code, FailureCode::rot_destination_good);
    EXPECT_TRUE(same(snapshot(destination), good));
    EXPECT_EQ(run_pass(remembering()).status(), Status::unverified) << "it is not forgotten";
    EXPECT_TRUE(same(snapshot(destination), good));

    // The way back that the message names.
    Options back = between(destination, source);
    back.restore = true;
    EXPECT_EQ(run_ok(back).paths(Verb::update), std::vector<std::string>{path});
    EXPECT_EQ(run_ok(remembering(&Options::rehash)).summary.proved.entries, some_count);
  }
}

TEST_F(Rot, gets_no_better_by_a_chmod) {
  let_rot(source, "a");
  EXPECT_EQ(run_pass(remembering(&Options::rehash)).status(), Status::unverified);
  kernel.set_clock_ahead(0);  // so that ctimes move
  set_mode(source, "a", 0600);
  EXPECT_EQ(run_pass(remembering()).status(), Status::unverified);
  EXPECT_EQ(snapshot(destination).at("a").content, "aaaa");
  EXPECT_EQ(run_pass(remembering(&Options::dry_run)).status(), Status::unverified);
}

TEST_F(Rot, is_taken_for_right_once_it_is_touched) {
  let_rot(source, "a");
  EXPECT_EQ(run_pass(remembering(&Options::rehash)).status(), Status::unverified);
  set_mtime(source, "a", 7 * ns_per_s);
  EXPECT_EQ(run_ok(remembering()).paths(Verb::update), std::vector<std::string>{"a"});
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(Rot, of_both_sides_is_told) {
  let_rot(source, "a");
  let_rot(destination, "a");
  const Pass pass = run_pass(remembering(&Options::rehash));
  EXPECT_EQ(pass.status(), Status::unverified);
  ASSERT_EQ(pass.failures.size(), 1);
  EXPECT_EQ(pass.failures.front().code, FailureCode::rot_destination_other);
}

TEST_F(Rot, of_the_source_is_never_copied_to_where_there_is_none) {
  let_rot(source, "large");
  remove(destination, "large");
  const Pass pass = run_pass(remembering());
  EXPECT_EQ(pass.status(), Status::unverified);
  EXPECT_FALSE(exists(destination, "large"));
  EXPECT_TRUE(temporaries_in(destination).empty());
}

TEST_F(Rot, of_the_destination_is_repaired) {
  for (const char* path : {"a", "large"}) {
    SCOPED_TRACE(path);
    let_rot(destination, path);
    const Pass pass = run_ok(remembering(&Options::rehash));
    EXPECT_EQ(pass.paths(Verb::update), std::vector<std::string>{path});
    EXPECT_EQ(pass.summary.repaired, 1);
    EXPECT_EQ(pass.summary.silent, 0);
    ASSERT_EQ(pass.notices.size(), 1);
    EXPECT_EQ(pass.notices.front().path, path);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  }
}

// Doubt: nothing tells which side changed.

TEST_F(Index, at_first_contact_lists_and_takes_what_only_differs_in_bytes) {
  given_source({file("a", "good"), file("b", "same")});
  given_destination({file("a", "evil"), file("b", "same")});
  const Pass pass = mirrored();
  EXPECT_EQ(pass.summary.doubtful, 1);
  EXPECT_EQ(pass.summary.silent, 1);
  ASSERT_EQ(pass.notices.size(), 1);
  EXPECT_EQ(pass.notices.front().path, "a");
  EXPECT_EQ(snapshot(destination).at("a").content, "good");
}

TEST_F(Index, at_first_contact_leaves_the_doubtful_alone_where_asked) {
  const std::string before(large, 'a');
  std::string after = before;
  after.back() = 'b';
  given_source({file("a", "good"), file("large", before)});
  given_destination({file("a", "evil"), file("large", after)});
  const Tree kept = snapshot(destination);
  const Pass pass = run_pass(remembering(&Options::keep_doubtful));
  EXPECT_EQ(pass.status(), Status::unverified);
  EXPECT_EQ(pass.failures.size(), 2);
  EXPECT_EQ(pass.failures.front().kind, FailureKind::doubt);
  EXPECT_TRUE(same(snapshot(destination), kept));
  EXPECT_TRUE(temporaries_in(destination).empty());
}

TEST_F(ProvedIndex, cannot_tell_where_both_sides_changed_in_secret) {
  overwrite_unseen(source, "a", "AAAA");
  overwrite_unseen(destination, "a", "BBBB");
  const Pass pass = run_pass(remembering(&Options::keep_doubtful));
  EXPECT_EQ(pass.status(), Status::unverified);
  EXPECT_EQ(snapshot(destination).at("a").content, "BBBB");
}

TEST_F(ProvedIndex, blames_the_side_that_changed) {
  set_mode(source, "a", 0600);
  overwrite_unseen(destination, "a", "BBBB");
  const Pass pass = mirrored();
  EXPECT_EQ(pass.action_at("a")->reason.code, ReasonCode::silent_destination);
}

TEST_F(ProvedIndex, knows_better_than_to_doubt) {
  overwrite_unseen(source, "a", "AAAA");
  const Pass pass = mirrored(remembering(&Options::keep_doubtful));
  EXPECT_EQ(pass.paths(Verb::update), std::vector<std::string>{"a"});
  EXPECT_EQ(pass.summary.doubtful, 0);
}

// Trust.

TEST_F(Index, adopts_a_mirror_without_reading_it) {
  given_source(some_files());
  given_destination(some_files());
  let_age(home.path());
  const Pass adopting = run_ok(remembering(&Options::adopt));
  EXPECT_EQ(adopting.summary.bytes_read, 0);
  EXPECT_EQ(adopting.summary.unproven.entries, some_count);
  EXPECT_EQ(files_in_index(index).at("a").digest, "");
  // It was for that once: the next pass wants proofs.
  const Pass later = mirrored();
  EXPECT_EQ(later.summary.read_because.unsure.entries, some_count);
  EXPECT_EQ(later.summary.proved.entries, some_count);
  EXPECT_EQ(later.summary.unproven.entries, 0);
  expect_all_stands(some_count);
}

TEST_F(Index, adopts_only_what_has_the_same_mtime) {
  given_source({file("a", "new").mtime(2 * ns_per_s), file("b", "same")});
  given_destination({file("a", "old").mtime(ns_per_s), file("b", "same")});
  const Pass pass = mirrored(remembering(&Options::adopt));
  EXPECT_EQ(pass.paths(Verb::update), std::vector<std::string>{"a"});
  EXPECT_EQ(pass.summary.unproven.entries, 1);
}

TEST_F(ProvedIndex, is_believed_on_mtime_alone_where_asked) {
  overwrite_unseen(source, "a", "AAAA");
  const Pass trusting = run_ok(remembering(&Options::trust_mtime));
  EXPECT_EQ(trusting.summary.bytes_read, 0);
  EXPECT_EQ(trusting.summary.unproven.entries, 1);
  EXPECT_EQ(trusting.summary.standing.entries, some_count - 1);
  EXPECT_EQ(mirrored().paths(Verb::update), std::vector<std::string>{"a"});
}

TEST_F(Index, may_trust_mtime_from_the_start) {
  given_source(some_files());
  given_destination(some_files());
  const Pass pass = run_ok(remembering(&Options::trust_mtime));
  EXPECT_EQ(pass.summary.bytes_read, 0);
  EXPECT_EQ(pass.summary.unproven.entries, some_count);
}

// Dry runs.

TEST_F(Index, remembers_a_pass_by_its_start) {
  given_source({file("a", "text")});
  Options how = remembering();
  how.began = std::chrono::system_clock::time_point{std::chrono::seconds{1'764'060'471}};
  EXPECT_EQ(run_ok(how).summary.name, "20251125T084751Z");
  EXPECT_EQ(number_in_index(index, "SELECT count(*) FROM pass WHERE name = '20251125T084751Z'"), 1);
}

TEST_F(Index, is_not_made_by_a_dry_run) {
  given_source(some_files());
  given_destination({});
  run_ok(remembering(&Options::dry_run));
  EXPECT_FALSE(exists(home.path(), "index"));
}

TEST_F(ProvedIndex, tells_a_dry_run_what_is_unproven) {
  set_mode(source, "a", 0600);
  const std::int64_t version = number_in_index(index, "PRAGMA data_version");
  const Pass pass = run_ok(remembering(&Options::dry_run));
  EXPECT_EQ(pass.summary.bytes_read, 0);
  EXPECT_EQ(pass.summary.standing.entries, some_count - 1);
  EXPECT_EQ(pass.summary.to_compare.entries, 1);
  EXPECT_EQ(number_in_index(index, "PRAGMA data_version"), version);
}

TEST_F(Index, keeps_the_proofs_of_a_dry_run_that_reads) {
  const Tree both = some_files();
  given_source(both);
  given_destination(both);
  const std::string other(large, 'x');
  put(file("differs", "source"), source);
  put(file("differs", "target"), destination);
  put(file("differs large", std::string(large, 's')), source);
  put(file("differs large", std::string(large, 't')), destination);
  put(file("new", "new"), source);
  let_age(home.path());
  const Stamps before = stamps(home.path());
  Options how = remembering(&Options::dry_run);
  how.rehash = true;
  const Pass pass = run_ok(how);
  EXPECT_TRUE(untouched(before, [&] {
    Stamps after = stamps(home.path());
    std::erase_if(after, [](const auto& entry) { return entry.first.starts_with("index"); });
    after[""] = before.at("");  // the index was made in it
    return after;
  }()));
  EXPECT_EQ(pass.summary.proved.entries, some_count);
  EXPECT_EQ(pass.paths(Verb::update), (std::vector<std::string>{"differs", "differs large"}));
  EXPECT_EQ(pass.paths(Verb::create), std::vector<std::string>{"new"});
  const Pass later = mirrored();
  EXPECT_EQ(later.summary.standing.entries, some_count);
}

// Whatever happens to a tree, an index never makes a pass miss it.

class IndexProperties : public Index {
 protected:
  void follow_changes(std::uint64_t entries, std::uint64_t changes, int rounds) {
    make(random_tree(random, entries), source);
    make(random_tree(random, entries), destination);
    for (int round = 0; round < rounds; ++round) {
      SCOPED_TRACE("round " + std::to_string(round));
      Options how = remembering();
      how.deletions = deletion::Unlimited{};
      how.rehash = random.one_in(8);
      mirrored(how);
      if (HasFailure()) return;
      change_randomly(random, source, changes);
      if (random.one_in(2)) change_randomly(random, destination, changes / 2);
    }
  }

  Random random{announced_seed()};
};

TEST_F(IndexProperties, a_mirror_follows_any_change) {
  follow_changes(150, 15, 20);
}

class LongIndexProperties : public IndexProperties {};

TEST_F(LongIndexProperties, a_mirror_follows_any_change) {
  follow_changes(3000, 200, 200);
}

}  // namespace
}  // namespace syncline::test
