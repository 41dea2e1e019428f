// When deletions happen, and when all of them wait. What the disk holds afterwards is counted on
// the disk.
//
// SPDX-License-Identifier: MIT
#include "support/bind_mount.h"
#include "support/index.h"
#include "support/nobody.h"
#include "support/refusals.h"
#include "support/two_roots.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace syncline::test {
namespace {

using filesystem::syscalls::Call;

constexpr std::uint64_t gibibyte = 1ULL << 30U;

class Deletions : public TwoRoots {
 protected:
  /// Empty files, `kept` of them on both sides and `extra` only in the destination.
  void given_files(int kept, int extra) const {
    Tree tree;
    for (int number = 0; number < kept; ++number) tree.put(file("kept " + std::to_string(number)));
    given_source(tree);
    for (int number = 0; number < extra; ++number) {
      // In folders of their own, each an entry too, but for the odd one.
      const std::string name = "extra " + std::to_string(number / 2);
      tree.put(number % 2 == 0 ? folder(name) : file(name + "/file"));
    }
    given_destination(tree);
  }

  [[nodiscard]] Options options() const {
    Options how = TwoRoots::options();
    how.free_at_first = is_free_at_first;
    return how;
  }
  [[nodiscard]] Pass pass(const DeletionPolicy& policy = deletion::Guarded{}) const {
    Options how = options();
    how.deletions = policy;
    return run_pass(how);
  }

  void expect_all_deleted(const Pass& pass, std::uint64_t entries) const {
    EXPECT_EQ(pass.status(), Status::done);
    EXPECT_EQ(pass.summary.removed.entries, entries);
    EXPECT_EQ(pass.summary.deletions_wanted.entries, entries);
    EXPECT_FALSE(pass.summary.deletions_held);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  }

  /// Of `before`, what the destination was.
  void expect_all_held(const Pass& pass, std::uint64_t entries, const Tree& before) const {
    EXPECT_EQ(pass.status(), Status::deletions_held);
    EXPECT_TRUE(pass.summary.deletions_held_by_guard);
    EXPECT_TRUE(pass.summary.deletions_held);
    EXPECT_EQ(pass.summary.removed.entries, 0);
    EXPECT_EQ(pass.summary.deletions_wanted.entries, entries);
    EXPECT_EQ(pass.paths(Verb::remove).size(), 0);
    EXPECT_TRUE(same(snapshot(destination), before));
  }

  void expect_all_deleted(std::uint64_t entries, const DeletionPolicy& policy) const {
    expect_all_deleted(pass(policy), entries);
  }

  void expect_all_held(std::uint64_t entries, const DeletionPolicy& policy) const {
    const Tree before = snapshot(destination);
    expect_all_held(pass(policy), entries, before);
  }

  bool is_free_at_first = false;
};

class FreeAtFirst : public Deletions {
 protected:
  FreeAtFirst() { is_free_at_first = true; }
};

TEST_F(Deletions, that_come_first_are_judged_as_one_with_what_gives_way) {
  given_source({file("a", "file"), file("kept")});
  const Tree before{folder("a"), file("a/x"), file("b"), file("c"), file("kept")};
  given_destination(before);
  Options how = options();
  how.delete_before = true;
  for (const DeletionPolicy& policy :
       {DeletionPolicy{deletion::AtMostEntries{3}}, DeletionPolicy{deletion::AtMostPercent{79}}}) {
    how.deletions = policy;
    const Pass held = run_pass(how);
    EXPECT_EQ(held.status(), Status::deletions_held);
    EXPECT_EQ(held.summary.removed.entries, 0);
    EXPECT_TRUE(same(snapshot(destination), before));
  }
  how.deletions = deletion::AtMostPercent{80};  // of 5, those that are the same counted in
  EXPECT_EQ(run_pass(how).status(), Status::done);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

// What it holds is in nobody's way once it is gone: the file that takes its place may need the
// room.
TEST_F(Deletions, that_come_first_empty_a_folder_that_a_file_replaces) {
  given_source({file("a", "file"), file("kept"), file("new")});
  given_destination({folder("a"), file("a/x"), folder("a/y"), file("a/y/z"), file("kept")});
  Options how = options();
  how.delete_before = true;
  how.deletions = deletion::Unlimited{};
  const Pass done = run_ok(how);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  std::vector<std::string> told;
  for (const Action& action : done.actions)
    if (action.kind == Kind::file || action.verb == Verb::remove) told.push_back(action.path);
  ASSERT_EQ(told.size(), 5U);
  EXPECT_EQ(told[0], "a/y/z");
  std::sort(told.begin() + 1, told.begin() + 3);
  EXPECT_EQ(told[1], "a/x");
  EXPECT_EQ(told[2], "a/y");
}

// It holds nothing that could be deleted first.
TEST_F(Deletions, that_come_first_make_a_new_destination_once) {
  given_source({folder("").mode(0751), folder("a"), file("a/x", "text")});
  const Pass plain = run_ok(options());
  std::filesystem::remove_all(destination);
  Options how = options();
  how.delete_before = true;
  const Pass first = run_ok(how);
  EXPECT_EQ(first.summary.created.entries, plain.summary.created.entries);
  EXPECT_EQ(first.paths(Verb::create), plain.paths(Verb::create));
  EXPECT_EQ(first.summary.metadata_set, 0U);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

// Each side is walked twice.
TEST_F(Deletions, that_come_first_are_counted_as_those_that_do_not) {
  Tree both{folder("a"), file("a/x", "text"), file("same", "same")};
  given_source(both);
  both.put(file("a/y", "gone"));
  both.put(folder("b"));
  both.put(file("b/z", "gone too"));
  std::vector<Summary> summaries;
  for (const bool delete_before : {false, true}) {
    std::filesystem::remove_all(destination);
    given_destination(both);
    Options how = options();
    how.deletions = deletion::Unlimited{};
    how.delete_before = delete_before;
    summaries.push_back(run_ok(how).summary);
  }
  const Summary& plain = summaries.front();
  const Summary& first = summaries.back();
  EXPECT_EQ(first.source.entries, plain.source.entries);
  EXPECT_EQ(first.source_kinds, plain.source_kinds);
  EXPECT_EQ(first.removed.entries, plain.removed.entries);
  EXPECT_EQ(first.deletions_wanted.entries, plain.deletions_wanted.entries);
  EXPECT_EQ(first.proved.entries, plain.proved.entries);
}

// Folders that the source lacks are walked after the others, when the one above them is settled.
TEST_F(Deletions, that_wait_for_what_could_not_be_read_are_told_of_once_and_by_that) {
  given_source({file("name", "text")});
  given_destination({file("name/deep/inside", "kept"), file("name/inside")});
  Refusals kernel;
  kernel.refuse({Call::open}, source + "/name", EACCES);
  const Pass done = pass(deletion::Unlimited{});
  EXPECT_EQ(done.status(), Status::some_failed);
  ASSERT_EQ(done.failures.size(), 1U);
  EXPECT_EQ(done.failures.front().path, "name");
  EXPECT_EQ(done.notices.size(), 0U);
  EXPECT_TRUE(exists(destination, "name/deep/inside"));
  EXPECT_TRUE(exists(destination, "name/inside"));
}

TEST_F(Deletions, of_folders_leave_the_folder_above_settled_once) {
  for (const bool dry_run : {true, false}) {
    std::filesystem::remove_all(source);
    std::filesystem::remove_all(destination);
    given_source({folder("").mode(0700), folder("a").mode(0700)});
    given_destination({folder("gone"), folder("gone too"), folder("a/gone"), folder("a/gone too")});
    Options how = options();
    how.dry_run = dry_run;
    how.deletions = deletion::Unlimited{};
    const Pass pass = run_pass(how);
    EXPECT_EQ(pass.paths(Verb::set_metadata), (std::vector<std::string>{".", "a"}));
    EXPECT_EQ(pass.summary.removed.entries, 4);
  }
}

TEST_F(Deletions, of_all_that_an_unknown_destination_holds_are_held_where_the_source_is_empty) {
  given_files(0, 2);
  Options how = options();
  how.index = index_place::File{home / "index"};
  const Tree before = snapshot(destination);
  expect_all_held(run_pass(how), 2, before);
  // Once both have met with something in the source, its end is one.
  put(file("a"), source);
  how.deletions = deletion::AtMostEntries{2};
  mirror_ok(source, destination, how);
  how.deletions = deletion::Guarded{};
  remove(source, "a");
  EXPECT_EQ(run_pass(how).status(), Status::done);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(FreeAtFirst, are_99_entries) {
  given_files(0, 99);
  expect_all_deleted(99, deletion::Guarded{});
}

TEST_F(FreeAtFirst, are_not_100_entries_among_few) {
  given_files(100, 100);
  expect_all_held(100, deletion::Guarded{});
}

TEST_F(Deletions, of_a_tenth_pass_the_guard) {
  given_files(900, 100);
  expect_all_deleted(100, deletion::Guarded{});
}

TEST_F(Deletions, of_more_than_a_tenth_are_held) {
  given_files(899, 101);
  expect_all_held(101, deletion::Guarded{});
}

TEST_F(FreeAtFirst, is_less_than_a_gibibyte) {
  given_source({});
  given_destination({});
  put_sparse(destination, "big", gibibyte - 1);
  const Pass done = pass();
  expect_all_deleted(done, 1);
  EXPECT_EQ(done.summary.removed.bytes, gibibyte - 1);
}

TEST_F(FreeAtFirst, is_no_gibibyte_among_little) {
  given_source({});
  given_destination({});
  put_sparse(destination, "big", gibibyte);
  const Pass held = pass();
  EXPECT_EQ(held.status(), Status::deletions_held);
  EXPECT_EQ(held.summary.deletions_wanted.bytes, gibibyte);
  EXPECT_TRUE(exists(destination, "big"));
}

TEST_F(Deletions, happen_without_limit_where_that_was_asked_for) {
  given_files(1, 400);
  expect_all_deleted(400, deletion::Unlimited{});
}

TEST_F(Deletions, at_the_given_number_of_entries_happen) {
  given_files(1, 7);
  expect_all_deleted(7, deletion::AtMostEntries{7});
}

TEST_F(Deletions, beyond_the_given_number_of_entries_are_held) {
  given_files(1, 8);
  expect_all_held(8, deletion::AtMostEntries{7});
}

TEST_F(Deletions, of_none_at_most_are_held) {
  given_files(1000, 1);
  expect_all_held(1, deletion::AtMostEntries{0});
}

TEST_F(Deletions, at_the_given_share_of_entries_happen) {
  given_files(6, 2);
  expect_all_deleted(2, deletion::AtMostPercent{25});
}

TEST_F(Deletions, beyond_the_given_share_of_entries_are_held) {
  given_files(6, 2);
  expect_all_held(2, deletion::AtMostPercent{24.9});
}

TEST_F(Deletions, at_the_given_share_of_bytes_happen) {
  given_source({file("a", "123"), file("b", "123")});
  given_destination({file("a", "123"), file("b", "123"), file("c", "123456")});
  expect_all_deleted(1, deletion::AtMostPercent{50});
}

TEST_F(Deletions, beyond_the_given_share_of_bytes_are_held) {
  given_source({file("a", "123"), file("b", "123")});
  given_destination({file("a", "123"), file("b", "123"), file("c", "1234567")});
  expect_all_held(1, deletion::AtMostPercent{50});
}

TEST_F(Deletions, do_not_happen_where_none_were_asked_for) {
  given_files(1, 200);
  put(file("new", "new"), source);
  Tree expected = snapshot(destination);
  expected.put(snapshot(source).at("new"));
  expected.put(snapshot(source).at(""));
  const Pass done = pass(deletion::None{});
  EXPECT_EQ(done.status(), Status::done);
  EXPECT_FALSE(done.summary.deletions_held_by_guard);
  EXPECT_EQ(done.summary.removed.entries, 0);
  EXPECT_TRUE(same(snapshot(destination), expected));
}

TEST_F(Deletions, where_none_were_asked_for_a_folder_in_the_way_stays_and_fails) {
  const Tree before{file("name/inside", "precious"), file("other", "x")};
  given_destination(before);
  given_source({file("name", "text"), file("other", "x")});
  const Pass done = pass(deletion::None{});
  EXPECT_EQ(done.status(), Status::some_failed);
  ASSERT_EQ(done.failures.size(), 1);
  EXPECT_EQ(done.failures.front().path, "name");
  EXPECT_TRUE(same(snapshot(destination), before));
  EXPECT_TRUE(temporaries_in(destination).empty());
}

TEST_F(Deletions, that_are_held_let_everything_else_happen) {
  given_files(0, 100);
  const Entry fresh = file("folder/new", "new");
  given_source({fresh});
  const Pass held = pass();
  EXPECT_EQ(held.status(), Status::deletions_held);
  EXPECT_EQ(held.summary.created.entries, 2);
  EXPECT_EQ(snapshot(destination).at("folder/new"), fresh);
  EXPECT_EQ(snapshot(destination).size(), 1 + 100 + 2);
}

class Replacements : public FreeAtFirst {
 protected:
  /// In the destination a folder of so many files, in the source something else by that name.
  void given_folder_in_the_way(int files, const Entry& instead) const {
    Tree tree;
    for (int number = 0; number < files; ++number) tree.put(file("name/" + std::to_string(number)));
    given_destination(tree);
    given_source({instead});
  }
};

TEST_F(Replacements, of_a_small_folder_are_free) {
  given_folder_in_the_way(98, file("name", "text"));
  EXPECT_EQ(pass().status(), Status::done);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(Replacements, of_a_large_folder_by_a_file_are_held) {
  given_folder_in_the_way(100, file("name", "text"));
  const Tree before = snapshot(destination);
  EXPECT_EQ(pass().status(), Status::deletions_held);
  EXPECT_TRUE(same(snapshot(destination), before));
}

TEST_F(Replacements, of_a_large_folder_by_a_symlink_are_held) {
  given_folder_in_the_way(100, symlink("name", "target"));
  const Tree before = snapshot(destination);
  EXPECT_EQ(pass().status(), Status::deletions_held);
  EXPECT_TRUE(same(snapshot(destination), before));
}

TEST_F(Replacements, happen_where_the_limit_is_off) {
  given_folder_in_the_way(300, fifo("name"));
  EXPECT_EQ(pass(deletion::Unlimited{}).status(), Status::done);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(Replacements, of_a_file_by_a_folder_are_no_deletions) {
  given_destination({file("name", "text")});
  given_source({file("name/inside", "text")});
  const Pass done = pass(deletion::AtMostEntries{0});
  EXPECT_EQ(done.status(), Status::done);
  EXPECT_EQ(done.summary.deletions_wanted.entries, 0);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

/// An ordinary user and a folder of the source that is shut to him.
struct LockedOut {
  LockedOut() {
    make({folder("locked"), file("kept")}, from);
    make({file("locked/inside"), file("gone"), file("gone too/inside")}, to);
    set_mode(from, "locked", 0);
  }

  const AsNobody guise;
  const TemporaryFolder roots;
  const std::string from = roots / "source";
  const std::string to = roots / "destination";
};

TEST_F(Deletions, do_not_happen_after_a_folder_could_not_be_listed) {
  const LockedOut scene;
  const Pass done = run_pass(between(scene.from, scene.to));
  EXPECT_EQ(done.status(), Status::some_failed);
  ASSERT_EQ(done.failures.size(), 1);
  EXPECT_EQ(done.failures.front().path, "locked");
  EXPECT_TRUE(done.summary.deletions_held);
  EXPECT_FALSE(done.summary.deletions_held_by_guard);
  EXPECT_EQ(done.summary.removed.entries, 0);

  set_mode(scene.to, "locked", 0755);
  EXPECT_TRUE(exists(scene.to, "locked/inside"));
  EXPECT_TRUE(exists(scene.to, "gone"));
  EXPECT_TRUE(exists(scene.to, "gone too/inside"));
  EXPECT_TRUE(exists(scene.to, "kept"));
}

TEST_F(Deletions, are_held_back_only_below_what_was_not_seen_where_errors_are_ignored) {
  const LockedOut scene;
  Options options = between(scene.from, scene.to);
  options.ignore_errors = true;
  options.deletions = deletion::AtMostEntries{3};
  const Pass done = run_pass(options);
  EXPECT_EQ(done.status(), Status::some_failed);
  EXPECT_FALSE(done.summary.deletions_held);

  set_mode(scene.to, "locked", 0755);
  EXPECT_TRUE(exists(scene.to, "locked/inside"));
  EXPECT_FALSE(exists(scene.to, "gone"));
  EXPECT_FALSE(exists(scene.to, "gone too"));
  EXPECT_TRUE(exists(scene.to, "kept"));
}

TEST_F(Deletions, do_not_happen_after_an_entry_could_not_be_looked_at) {
  const AsNobody guise;
  const TemporaryFolder roots;
  const std::string from = roots / "source";
  const std::string to = roots / "destination";
  make({file("names only/inside", "x")}, from);
  make({file("names only/inside", "x"), file("gone")}, to);
  set_mode(from, "names only", 0444);

  const Pass done = run_pass(between(from, to));
  EXPECT_EQ(done.status(), Status::some_failed);
  EXPECT_TRUE(done.summary.deletions_held);
  EXPECT_TRUE(exists(to, "gone"));
  set_mode(to, "names only", 0755);
  EXPECT_TRUE(exists(to, "names only/inside"));
}

TEST_F(Deletions, happen_though_a_file_could_not_be_read) {
  const AsNobody guise;
  const TemporaryFolder roots;
  const std::string from = roots / "source";
  const std::string to = roots / "destination";
  make({file("locked", "new content").mode(0), file("kept")}, from);
  make({file("locked", "old"), file("gone"), file("gone too/inside")}, to);

  Options options = between(from, to);
  options.deletions = deletion::AtMostEntries{3};
  const Pass done = run_pass(options);
  EXPECT_EQ(done.status(), Status::some_failed);
  ASSERT_EQ(done.failures.size(), 1);
  EXPECT_EQ(done.failures.front().path, "locked");
  EXPECT_EQ(done.failures.front().error_number, EACCES);
  EXPECT_FALSE(done.summary.deletions_held);
  EXPECT_TRUE(same(snapshot(to), {file("locked", "old"), file("kept")}));
}

// With an index the guard remembers.

class KnownRoots : public Deletions {
 protected:
  [[nodiscard]] Pass pass(const DeletionPolicy& policy = deletion::Guarded{}) const {
    Options how = options();
    how.deletions = policy;
    how.index = index_place::File{index};
    return run_pass(how);
  }

  /// So many files, mirrored and met.
  void given_met(int files) {
    Tree tree;
    for (int number = 0; number < files; ++number) tree.put(file(std::to_string(number), "x"));
    given_source(tree);
    EXPECT_EQ(pass().status(), Status::done);
    left_ = files;
  }

  void remove_from_source(int files) {
    for (; files > 0; --files) remove(source, std::to_string(--left_));
  }

  void expect_deleted(int files) {
    remove_from_source(files);
    expect_all_deleted(pass(), static_cast<std::uint64_t>(files));
  }
  void expect_held(int files) {
    remove_from_source(files);
    const Tree before = snapshot(destination);
    const Pass held = pass();
    EXPECT_EQ(held.status(), Status::deletions_held);
    EXPECT_EQ(held.paths(Verb::remove).size(), 0);
    Tree after = snapshot(destination);
    after.put(before.at(""));
    EXPECT_TRUE(same(after, before));
  }
  void let_pass(int minutes) const {
    change_index(index, "UPDATE removal SET minute = minute - " + std::to_string(minutes));
  }

  const std::string index = home / "index";

 private:
  int left_ = 0;
};

TEST_F(KnownRoots, may_lose_a_quarter) {
  given_met(1200);
  expect_deleted(300);
}

TEST_F(KnownRoots, may_lose_no_more_than_a_quarter) {
  given_met(1200);
  expect_held(301);
}

TEST_F(KnownRoots, may_lose_a_quarter_in_slices) {
  given_met(1000);
  expect_deleted(150);
  expect_deleted(100);
  expect_held(1);
}

TEST_F(KnownRoots, may_lose_no_more_than_what_is_free_in_slices) {
  given_met(200);
  expect_deleted(60);
  expect_deleted(39);
  expect_held(1);
}

TEST_F(KnownRoots, have_losses_forgotten_after_a_day) {
  given_met(1000);
  expect_deleted(250);
  let_pass(24 * 60 - 2);
  expect_held(1);
  let_pass(3);
  remove_from_source(98);
  expect_all_deleted(pass(), 99);
}

TEST_F(KnownRoots, have_losses_that_were_asked_for_not_counted) {
  given_met(1000);
  remove_from_source(600);
  expect_all_deleted(pass(deletion::Unlimited{}), 600);
  expect_deleted(100);
}

TEST_F(KnownRoots, are_not_known_while_deletions_are_held_back) {
  given_files(800, 200);
  const auto held = [&] {
    const Pass pass = this->pass();
    EXPECT_EQ(pass.status(), Status::deletions_held);
    return pass.summary.deletions_held.value_or(HeldDeletions{});
  };
  const HeldDeletions first = held();
  EXPECT_EQ(first.code, HeldCode::first_pass);
  EXPECT_EQ(first.nested, "") << "most of it is the source's";
  EXPECT_EQ(first.wanted.entries, 200U);
  EXPECT_TRUE(first.needs_limit);
  EXPECT_EQ(first.examples, (std::vector<std::string>{"extra 0", "extra 1", "extra 10"}));
  EXPECT_EQ(first.passes, 0U);
  EXPECT_EQ(held().passes, 2U);
  EXPECT_EQ(held().passes, 3U);
  expect_all_deleted(pass(deletion::AtMostEntries{200}), 200);
}

TEST_F(KnownRoots, have_a_pass_counted_once_whose_deletions_come_first) {
  given_files(80, 20);
  Options how = options();
  how.index = index_place::File{index};
  how.delete_before = true;
  const auto expect_held = [&](bool is_first) {
    const auto why = run_pass(how).summary.deletions_held;
    ASSERT_TRUE(why);
    EXPECT_EQ(why->code, HeldCode::first_pass);
    EXPECT_EQ(why->passes, is_first ? 0U : 2U);
  };
  expect_held(true);
  EXPECT_EQ(number_in_index(index, "SELECT count(*) FROM pass"), 1);
  expect_held(false);
  // One that does no more than delete, first, is counted all the same.
  how.deletions = deletion::AtMostEntries{20};
  expect_all_deleted(run_pass(how), 20);
  EXPECT_EQ(number_in_index(index, "SELECT removed FROM pass ORDER BY number DESC"), 20);
  how.metadata.times = false;  // else the folders' are set again
  for (int round = 0; round < 2; ++round) {
    how.deletions = deletion::AtMostEntries{0};
    put(file("surplus"), destination);
    const auto why = run_pass(how).summary.deletions_held;
    ASSERT_TRUE(why);
    EXPECT_EQ(why->passes, 0U);
    how.deletions = deletion::AtMostEntries{1};
    EXPECT_EQ(run_pass(how).summary.removed.entries, 1);
  }
}

// One that was made anew is another folder, whatever its path.
TEST_F(KnownRoots, meet_for_the_first_time_where_the_source_is_another) {
  given_met(1000);
  const auto make_source_anew = [&](int left) {
    remove(home.path(), "source");
    Tree tree;
    for (int number = 0; number < left; ++number) tree.put(file(std::to_string(number), "x"));
    given_source(tree);
  };
  make_source_anew(900);
  expect_all_deleted(pass(), 100);
  remove(source, "1");
  expect_all_deleted(pass(), 1);  // met, and known
  make_source_anew(898);
  const Tree before = snapshot(destination);
  for (const DeletionPolicy& policy :
       {DeletionPolicy{deletion::Guarded{}}, DeletionPolicy{deletion::AtMostEntries{0}}})
    EXPECT_EQ(pass(policy).status(), Status::deletions_held) << "what went within a day counts";
  make_source_anew(700);
  for (const DeletionPolicy& policy :
       {DeletionPolicy{deletion::Guarded{}}, DeletionPolicy{deletion::Unlimited{}}}) {
    const Pass held = pass(policy);
    EXPECT_EQ(held.status(), Status::deletions_held);
    EXPECT_EQ(held.summary.removed.entries, 0);
  }
  EXPECT_EQ(pass(deletion::AtMostEntries{200}).status(), Status::done);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  EXPECT_GT(before.size(), snapshot(destination).size());
}

class FirstContact : public KnownRoots {
 protected:
  /// Photos, and a backup of something else.
  void given_strangers(int files) const {
    given_source({file("2025/stone.jpg", "stone"), file("notes", "text")});
    Tree tree;
    for (int number = 0; number < files; ++number)
      tree.put(file("letter " + std::to_string(number), "dear"));
    given_destination(tree);
  }
  void expect_letters(int files) const {
    for (int number = 0; number < files; ++number)
      EXPECT_TRUE(exists(destination, "letter " + std::to_string(number)));
  }
};

TEST_F(FirstContact, has_no_free_allowance) {
  given_strangers(9);
  for (const DeletionPolicy& policy :
       {DeletionPolicy{deletion::Guarded{}}, DeletionPolicy{deletion::Unlimited{}},
        DeletionPolicy{deletion::Guarded{}}}) {
    const Pass held = pass(policy);
    EXPECT_EQ(held.status(), Status::deletions_held);
    EXPECT_TRUE(held.summary.deletions_held_by_guard);
    expect_letters(9);
    ASSERT_TRUE(held.summary.deletions_held);
    EXPECT_EQ(held.summary.deletions_held->wanted.entries, 9U);
    EXPECT_TRUE(held.summary.deletions_held->needs_limit);
    EXPECT_TRUE(exists(destination, "2025/stone.jpg")) << "all else happens";
  }
  expect_all_deleted(pass(deletion::AtMostEntries{9}), 9);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  // And from now on they are known.
  given_destination({file("surplus"), file("another")});
  expect_all_deleted(pass(), 2);
}

// A pass makes the two known to each other if it was free to delete what the source lacks.
TEST_F(FirstContact, is_not_over_with_a_pass_that_deletes_nothing_whatever_it_finds) {
  given_strangers(9);
  const auto try_out = [&](const auto& change) {
    Options how = options();
    how.index = index_place::File{index};
    change(how);
    return run_pass(how).status();
  };
  const auto expect_first_still = [&](const char* what) {
    EXPECT_EQ(pass().status(), Status::deletions_held) << what;
    expect_letters(9);
  };
  const auto none = [](Options& how) { how.deletions = deletion::None{}; };
  const auto dry = [](Options& how) { how.dry_run = true; };
  const auto a_list = [](Options& how) { how.listed = std::vector<std::string>{"notes"}; };
  const auto everything_excluded = [](Options& how) { how.filters = {{.pattern = "*"}}; };
  const auto everything_protected = [](Options& how) {
    how.filters = {{.pattern = "*", .sides = FilterRule::Sides::destination}};
  };
  EXPECT_EQ(try_out(none), Status::done);
  expect_first_still("none");
  EXPECT_EQ(try_out(none), Status::done) << "where nothing was left to be done, too";
  expect_first_still("none, again");
  EXPECT_EQ(try_out(dry), Status::deletions_held);
  expect_first_still("a dry run");
  EXPECT_EQ(try_out(a_list), Status::done);
  expect_first_still("a list");
  EXPECT_EQ(try_out(everything_excluded), Status::done);
  expect_first_still("all is excluded");
  EXPECT_EQ(try_out(everything_protected), Status::done);
  expect_first_still("all is protected");
  EXPECT_EQ(try_out([](Options& how) { how.deletions = deletion::AtMostEntries{8}; }),
            Status::deletions_held);
  expect_first_still("a limit that held");
}

TEST_F(FirstContact, is_not_over_with_a_pass_that_could_not_see_everything) {
  given_strangers(9);
  Tree shut{folder("shut")};
  for (int number = 0; number < 9; ++number)
    shut.put(file("shut/letter " + std::to_string(number), "dear"));
  for (int number = 0; number < 9; ++number)
    remove(destination, "letter " + std::to_string(number));
  given_destination(shut);
  given_source({folder("shut")});
  for (const std::string& root : {destination, source})
    for (const bool ignores_errors : {false, true}) {
      Options how = options();
      how.index = index_place::File{index};
      how.ignore_errors = ignores_errors;
      {
        Refusals bad;
        bad.refuse({Call::open}, root + "/shut", EIO);
        const Pass blind = run_pass(how);
        EXPECT_EQ(blind.status(), Status::some_failed);
        EXPECT_FALSE(blind.summary.roots.met);
      }
      EXPECT_EQ(pass().status(), Status::deletions_held) << root << ignores_errors;
      EXPECT_TRUE(exists(destination, "shut/letter 0"));
    }
}

TEST_F(FirstContact, is_not_over_with_a_pass_in_which_all_that_could_go_was_protected) {
  const FilterRule keep{.pattern = "*.keep", .sides = FilterRule::Sides::destination};
  const auto expect_first_still = [&](const Tree& surplus, const auto& change) {
    given_source({file("a"), file("b/c")});
    given_destination(surplus);
    Options how = options();
    how.index = index_place::File{index};
    change(how);
    for (const bool delete_before : {false, true}) {
      how.delete_before = delete_before;
      const Pass done = run_pass(how);
      EXPECT_EQ(done.status(), Status::done);
      EXPECT_FALSE(done.summary.roots.met);
      EXPECT_EQ(pass().status(), Status::deletions_held);
    }
    for (const auto& [path, entry] : surplus.entries()) EXPECT_TRUE(exists(destination, path));
    std::filesystem::remove(index);
    std::filesystem::remove_all(destination);
    std::filesystem::remove_all(source);
  };
  expect_first_still({file("1.keep")}, [&](Options& how) { how.filters = {keep}; });
  expect_first_still({file("gone/1.keep")}, [&](Options& how) { how.filters = {keep}; });
  expect_first_still({file("a~"), file("x~")}, [](Options& how) { how.backup = Backup{}; });
}

TEST_F(FirstContact, is_over_with_a_pass_that_deleted_what_was_not_protected) {
  for (const bool delete_before : {false, true}) {
    given_files(20, 1);
    put(file("1.keep"), destination);
    Options how = options();
    how.index = index_place::File{index};
    how.delete_before = delete_before;
    how.filters = {{.pattern = "*.keep", .sides = FilterRule::Sides::destination}};
    const Pass done = run_pass(how);
    EXPECT_EQ(done.summary.removed.entries, 1);
    EXPECT_TRUE(done.summary.roots.met);
    std::filesystem::remove(index);
    std::filesystem::remove_all(destination);
    std::filesystem::remove_all(source);
  }
}

TEST_F(FirstContact, is_over_with_a_pass_that_left_only_what_was_excluded) {
  given_source({file("a")});
  given_destination({file("1.tmp")});
  Options how = options();
  how.index = index_place::File{index};
  how.filters = {{.pattern = "*.tmp"}};
  EXPECT_TRUE(run_ok(how).summary.roots.met);
}

TEST_F(FirstContact, is_not_over_with_deletions_that_came_first_in_a_pass_that_was_stopped) {
  given_files(20, 1);
  put(file("new"), source);
  Options how = options();
  how.index = index_place::File{index};
  how.delete_before = true;
  std::stop_source stop;
  const Pass stopped = run_pass(
      how,
      [&](const Event& event) {
        const auto* const action = std::get_if<Action>(&event);
        if (action != nullptr && action->verb == Verb::create) stop.request_stop();
      },
      stop.get_token());
  EXPECT_EQ(stopped.status(), Status::stopped);
  EXPECT_EQ(stopped.summary.removed.entries, 1);
  for (int number = 0; number < 5; ++number)
    put(file("stranger " + std::to_string(number)), destination);
  EXPECT_EQ(pass().status(), Status::deletions_held);
}

TEST_F(FirstContact, is_over_with_a_pass_that_left_only_what_it_was_told_to_leave) {
  given_strangers(0);
  const auto expect_known_after = [&](const auto& change) {
    Options how = options();
    how.index = index_place::File{index};
    change(how);
    how.dry_run = true;
    EXPECT_FALSE(run_pass(how).summary.roots.met);
    how.dry_run = false;
    const Pass done = run_pass(how);
    EXPECT_EQ(done.status(), Status::done);
    EXPECT_TRUE(done.summary.roots.met);
    given_destination({file("surplus"), file("another")});
    expect_all_deleted(pass(), 2);
    std::filesystem::remove(index);
    std::filesystem::remove_all(destination);
  };
  expect_known_after([](Options&) {});
  expect_known_after([](Options& how) { how.transfer.existing_only = true; });
  expect_known_after([](Options& how) { how.transfer.ignore_existing = true; });
  expect_known_after([](Options& how) { how.filters = {{.pattern = "*.tmp"}}; });
  expect_known_after([](Options& how) { how.deletions = deletion::AtMostEntries{0}; });
  expect_known_after([](Options& how) { how.delete_before = true; });
}

TEST_F(FirstContact, asks_whether_the_folder_of_that_name_was_meant) {
  given_strangers(9);
  const auto why = [&](const std::string& from) {
    Options how = options();
    how.source = from;
    how.index = index_place::File{index};
    how.dry_run = true;
    return run_pass(how).summary.deletions_held.value_or(HeldDeletions{}).nested;
  };
  EXPECT_EQ(why(source), destination + "/source");
  EXPECT_EQ(why(source + "/"), "") << "the slash says not";
}

TEST_F(FirstContact, is_over_after_a_tenth_at_most_has_gone) {
  given_files(90, 10);
  expect_all_deleted(pass(), 10);
  remove(source, "kept 1");
  remove(source, "kept 2");
  for (int number = 10; number < 40; ++number) remove(source, "kept " + std::to_string(number));
  expect_all_deleted(pass(), 32);
}

TEST_F(FirstContact, counts_bytes_too) {
  given_source({file("a"), file("b"), file("c"), file("d"), file("e"), file("f"), file("g"),
                file("h"), file("i"), file("j"), file("k")});
  given_destination(snapshot(source));
  put(file("large", std::string(1000, 'x')), destination);
  EXPECT_EQ(pass().status(), Status::deletions_held);
  EXPECT_EQ(pass(deletion::Unlimited{}).status(), Status::deletions_held);
  EXPECT_EQ(pass(deletion::AtMostPercent{99}).status(), Status::deletions_held);
  expect_all_deleted(pass(deletion::AtMostPercent{100}), 1);
}

TEST_F(FirstContact, is_told_by_a_dry_run_as_by_any_other) {
  given_strangers(9);
  Options how = options();
  how.index = index_place::File{index};
  how.dry_run = true;
  for (const DeletionPolicy& policy :
       {DeletionPolicy{deletion::Guarded{}}, DeletionPolicy{deletion::Unlimited{}}}) {
    how.deletions = policy;
    EXPECT_TRUE(run_pass(how).summary.deletions_held);
  }
}

TEST_F(FirstContact, holds_deletions_that_come_first) {
  given_strangers(9);
  Options how = options();
  how.index = index_place::File{index};
  how.delete_before = true;
  how.deletions = deletion::Unlimited{};
  EXPECT_EQ(run_pass(how).status(), Status::deletions_held);
  expect_letters(9);
}

TEST_F(FirstContact, is_as_any_other_where_that_was_asked_for) {
  given_strangers(9);
  Options how = options();
  how.index = index_place::File{index};
  how.free_at_first = true;
  EXPECT_EQ(run_pass(how).status(), Status::done);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(FirstContact, is_every_one_that_no_index_knows_better_but_a_word_is_enough) {
  given_strangers(9);
  const Pass held = Deletions::pass();
  EXPECT_EQ(held.status(), Status::deletions_held);
  ASSERT_TRUE(held.summary.deletions_held);
  EXPECT_EQ(held.summary.deletions_held->code, HeldCode::unknown_pair);
  EXPECT_EQ(held.summary.deletions_held->wanted.entries, 9U);
  EXPECT_FALSE(held.summary.deletions_held->needs_limit);
  expect_letters(9);
  expect_all_deleted(Deletions::pass(deletion::Unlimited{}), 9);
  put(file("surplus"), destination);
  EXPECT_EQ(Deletions::pass().status(), Status::deletions_held);
}

TEST_F(FirstContact, is_over_for_the_later_passes_of_a_loop_without_an_index) {
  given_source({file("a", "a"), file("b", "b")});
  Options how = options();
  how.expected_roots = run_ok(how).summary.roots;
  remove(source, "b");
  const Pass second = run_ok(how);
  EXPECT_EQ(second.summary.removed.entries, 1);
  how.expected_roots = second.summary.roots;
  // Another one at the same path.
  rename(home.path(), "source", "first card");
  given_source({file("c", "c")});
  EXPECT_EQ(run_pass(how).status(), Status::deletions_held);
  EXPECT_TRUE(exists(destination, "a"));
}

TEST_F(KnownRoots, have_only_losses_counted_that_happened) {
  given_met(10);
  Tree tree = snapshot(source);
  for (int number = 0; number < 50; ++number)
    put(file("extra " + std::to_string(number)), destination);
  put(file("new"), source);
  Options how = options();
  how.index = index_place::File{index};
  bool is_first = true;
  const Pass kept = run_pass(how, [&](const Event&) {
    // By now the walk has seen that the source lacks them.
    if (!std::exchange(is_first, false)) return;
    for (int number = 0; number < 50; ++number)
      put(file("extra " + std::to_string(number)), source);
  });
  EXPECT_EQ(kept.summary.deletions_wanted.entries, 50);
  EXPECT_EQ(kept.summary.removed.entries, 0);
  EXPECT_EQ(number_in_index(index, "SELECT coalesce(sum(entries), 0) FROM removal"), 0);
}

TEST_F(KnownRoots, lose_nothing_after_their_index_came_to_harm) {
  given_met(1000);
  change_index(index, "DROP TABLE packed_file");
  remove_from_source(1);
  for (int round = 0; round < 3; ++round) {
    const Pass held = pass();
    EXPECT_EQ(held.status(), Status::deletions_held);
    ASSERT_TRUE(held.summary.deletions_held);
    EXPECT_EQ(held.summary.deletions_held->code, HeldCode::index_begun_anew);
  }
  Options how = options();
  how.index = index_place::File{index};
  how.adopt = true;
  expect_all_deleted(run_pass(how), 1);
  remove_from_source(1);
  expect_all_deleted(pass(), 1);
}

TEST_F(KnownRoots, have_replaced_folders_counted_as_losses) {
  given_met(10);
  make({file("folder/inside")}, destination + "/was");
  put(file("was"), source);
  EXPECT_EQ(pass().status(), Status::done);
  EXPECT_EQ(number_in_index(index, "SELECT sum(entries) FROM removal"), 3);
}

TEST_F(KnownRoots, lose_nothing_where_a_lost_index_makes_them_unknown) {
  given_met(1000);
  remove(home.path(), "index");
  expect_held(101);
}

class MountPoints : public KnownRoots {
 protected:
  void SetUp() override {
    make({file("film", "frames")}, home / "disk");
    given_source({folder("mnt"), file("other", "x")});
  }

  void expect_kept(const Pass& pass) const {
    EXPECT_EQ(pass.status(), Status::some_failed);
    ASSERT_EQ(pass.failures.size(), 1);
    EXPECT_EQ(pass.failures.front().path, "mnt");
    EXPECT_EQ(pass.failures.front().code, FailureCode::no_mount_point);
    EXPECT_TRUE(exists(destination, "mnt/film"));
    EXPECT_TRUE(exists(destination, "gone"));
  }
};

TEST_F(MountPoints, that_are_none_any_more_hold_deletions_back) {
  {
    const BindMount disk(home / "disk", source + "/mnt");
    if (!disk.done()) GTEST_SKIP() << "no right to mount";
    EXPECT_EQ(pass().status(), Status::done);
    ASSERT_TRUE(exists(destination, "mnt/film"));
  }
  put(file("gone"), destination);
  expect_kept(pass());
  expect_kept(pass());
  // Some mounts take their folder with them.
  remove(source, "mnt");
  expect_kept(pass());
  expect_kept(pass());

  Options how = options();
  how.index = index_place::File{index};
  how.adopt = true;
  EXPECT_EQ(run_pass(how).status(), Status::done);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  EXPECT_EQ(pass().status(), Status::done);
}

TEST_F(MountPoints, whose_parent_is_gone_hold_deletions_back) {
  put(folder("parent"), source);
  put(folder("parent/mnt"), source);
  {
    const BindMount disk(home / "disk", source + "/parent/mnt");
    if (!disk.done()) GTEST_SKIP() << "no right to mount";
    EXPECT_EQ(pass().status(), Status::done);
    ASSERT_TRUE(exists(destination, "parent/mnt/film"));
  }
  remove(source, "parent");
  for (int round = 0; round < 2; ++round) {
    const Pass held = pass(deletion::Unlimited{});
    EXPECT_EQ(held.status(), Status::some_failed);
    EXPECT_TRUE(exists(destination, "parent/mnt/film"));
  }
}

}  // namespace
}  // namespace syncline::test
