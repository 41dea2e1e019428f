// Entries that do not take part: they are not mirrored, not deleted and not counted, and they get
// in nobody's way.
//
// SPDX-License-Identifier: MIT
#include "support/two_roots.h"

#include "syncline/mirror.h"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace syncline::test {
namespace {

using Strings = std::vector<std::string>;

std::vector<FilterRule> rules(const Strings& texts) {
  std::vector<FilterRule> all;
  for (const std::string& text : texts) all.push_back(std::get<FilterRule>(parse_filter(text)));
  return all;
}

class Selection : public TwoRoots {
 protected:
  [[nodiscard]] Options filtered(const Strings& texts) const {
    Options how = options();
    how.filters = rules(texts);
    return how;
  }
  /// Whose stamps are old enough to prove something.
  void given_old_source(const Tree& tree) const {
    given_source(tree);
    std::int64_t newest = 0;
    for (const auto& [path, stamp] : stamps(source)) newest = std::max(newest, stamp.ctime_ns);
    while (std::chrono::system_clock::now().time_since_epoch() <
           std::chrono::nanoseconds(newest) + std::chrono::milliseconds(25))
      std::this_thread::yield();
  }
  void remember(Options& how) const { how.index = index_place::File{home / "index"}; }
  [[nodiscard]] Strings paths() const {
    Strings all;
    const Tree tree = snapshot(destination);
    for (const auto& [path, entry] : tree.entries())
      if (!path.empty()) all.push_back(path);
    return all;
  }
};

TEST_F(Selection, excluded_entries_are_neither_mirrored_nor_deleted_nor_counted) {
  given_source(
      {file("a.o", "1"), file("a.c", "22"), file("cache/x", "333"), folder("sub/cache/y")});
  given_destination(
      {file("b.o", "old"), file("b.c", "old"), file("sub/cache/z"), file("a.c", "x")});
  const Pass pass = run_ok(filtered({"- *.o", "- cache/"}));
  EXPECT_EQ(paths(), (Strings{"a.c", "b.o", "sub", "sub/cache", "sub/cache/z"}));
  EXPECT_EQ(pass.summary.source.entries, 2);
  EXPECT_EQ(pass.summary.source.bytes, 2);
  EXPECT_EQ(pass.summary.destination.entries, 3);
  EXPECT_EQ(pass.summary.deletions_wanted.entries, 1);
  EXPECT_TRUE(pass.notices.empty());
}

TEST_F(Selection, what_is_excluded_may_be_deleted_if_that_is_asked_for) {
  given_source({file("a.o"), file("a.c")});
  given_destination({file("a.o"), file("b.o"), file("p.o")});
  Options how = filtered({"P p.o", "- *.o"});
  how.delete_excluded = true;
  const Pass pass = run_ok(how);
  EXPECT_EQ(paths(), (Strings{"a.c", "p.o"}));
  EXPECT_EQ(pass.paths(Verb::remove), (Strings{"a.o", "b.o"}));
}

TEST_F(Selection, a_folder_that_holds_what_is_excluded_stays) {
  const Tree old{file("gone/a.o"), file("gone/b"), file("gone/deep/c"), file("gone/deep/er/d.o"),
                 file("gone/empty/e")};
  given_source({});
  for (const bool dry_run : {true, false}) {
    if (dry_run) given_destination(old);
    Options how = filtered({"- *.o"});
    how.dry_run = dry_run;
    const Pass pass = run_ok(how);
    EXPECT_EQ(pass.paths(Verb::remove),
              (Strings{"gone/b", "gone/deep/c", "gone/empty", "gone/empty/e"}));
    EXPECT_EQ(pass.summary.deletions_wanted.entries, 4);
    ASSERT_EQ(pass.notices.size(), 1);
    EXPECT_EQ(pass.notices[0].path, "gone");
    EXPECT_EQ(pass.notices[0].code, NoticeCode::holds_excluded);
  }
  EXPECT_EQ(paths(),
            (Strings{"gone", "gone/a.o", "gone/deep", "gone/deep/er", "gone/deep/er/d.o"}));
}

TEST_F(Selection, a_perishable_rule_keeps_no_folder) {
  given_source({folder("stays")});
  given_destination({file("gone/a.o"), file("stays/a.o")});
  run_ok(filtered({"-p *.o"}));
  EXPECT_EQ(paths(), (Strings{"stays", "stays/a.o"}));
}

TEST_F(Selection, nothing_takes_the_place_of_a_folder_that_holds_what_is_excluded) {
  given_source({file("a", "new"), symlink("b", "new"), file("c", "new"), hard_link("d", "c")});
  given_destination({file("a/x.o"), file("a/y"), file("b/x/x.o"), file("d/x.o"), file("c/y")});
  const Pass pass = run_pass(filtered({"- *.o"}));
  EXPECT_EQ(pass.status(), Status::some_failed);
  EXPECT_EQ(pass.summary.failures, 3);
  EXPECT_EQ(paths(), (Strings{"a", "a/x.o", "b", "b/x", "b/x/x.o", "c", "d", "d/x.o"}));
  EXPECT_EQ(snapshot(destination).at("c").content, "new");
  EXPECT_TRUE(temporaries_in(destination).empty());
}

TEST_F(Selection, what_is_hidden_and_not_protected_is_deleted_though_the_source_has_it) {
  given_source({file("a.o"), file("hidden/x"), file("kept")});
  given_destination({file("a.o"), file("hidden/x"), file("hidden/y")});
  run_ok(filtered({"H *.o", "H hidden/"}));
  EXPECT_EQ(paths(), Strings{"kept"});
}

TEST_F(Selection, what_is_protected_alone_is_still_mirrored) {
  given_source({file("a.o", "new")});
  given_destination({file("a.o", "old one"), file("b.o")});
  run_ok(filtered({"P *.o"}));
  EXPECT_EQ(snapshot(destination).at("a.o").content, "new");
  EXPECT_EQ(paths(), (Strings{"a.o", "b.o"}));
}

TEST_F(Selection, temporaries_are_litter_whatever_the_rules_say) {
  const std::string file_name = ".syncline-0123456789abcdef.tmp";
  const std::string folder_name = ".syncline-fedcba9876543210.tmp";
  given_source({file("a")});
  given_destination({file(file_name), file(folder_name + "/x.o"), file("b")});
  run_ok(filtered({"+ a", "- *"}));
  EXPECT_EQ(paths(), (Strings{"a", "b"}));
}

TEST_F(Selection, names_that_do_not_take_part_lead_no_links) {
  given_source({file("a.o", "one"), hard_link("b", "a.o"), hard_link("c", "a.o")});
  const Pass pass = run_ok(filtered({"- *.o"}));
  const Tree found = snapshot(destination);
  EXPECT_EQ(paths(), (Strings{"b", "c"}));
  EXPECT_EQ(found.at("c").linked_to, "b");
  EXPECT_EQ(pass.summary.source.entries, 2);
}

TEST_F(Selection, deletions_that_come_first_obey_the_rules) {
  given_source({file("a")});
  given_destination({file("gone/x.o"), file("gone/y"), file("b.o"), file("c")});
  Options how = filtered({"- *.o"});
  how.delete_before = true;
  run_ok(how);
  EXPECT_EQ(paths(), (Strings{"a", "b.o", "gone", "gone/x.o"}));
}

TEST_F(Selection, the_guard_does_not_count_what_is_excluded) {
  Tree old;
  for (int i = 0; i < 150; ++i) old.put(file("kept/" + std::to_string(i) + ".o"));
  for (int i = 0; i < 150; ++i) old.put(folder("full " + std::to_string(i) + "/x.o"));
  old.put(file("gone"));
  given_source({folder("kept")});
  given_destination(old);
  Options how = filtered({"- *.o"});
  how.deletions = deletion::AtMostEntries{1};
  const Pass pass = run_ok(how);
  EXPECT_EQ(pass.summary.removed.entries, 1);
}

TEST_F(Selection, proofs_of_what_was_excluded_for_once_still_hold) {
  given_old_source({file("a.o", "1"), file("sub/b.o", "2"), file("c", "3")});
  Options how = options();
  remember(how);
  run_ok(how);
  Options without = filtered({"- *.o", "- sub/"});
  remember(without);
  run_ok(without);
  const Pass again = run_ok(how);
  EXPECT_EQ(again.summary.bytes_read, 0);
  EXPECT_EQ(again.summary.standing.entries, 3);
}

TEST_F(Selection, what_changed_while_it_was_excluded_is_mirrored_then) {
  given_old_source({file("a.o", "before")});
  Options how = options();
  remember(how);
  run_ok(how);
  Options without = filtered({"- *.o"});
  remember(without);
  overwrite_unseen(source, "a.o", "AFTER!");
  run_ok(without);
  EXPECT_EQ(snapshot(destination).at("a.o").content, "before");
  run_ok(how);
  EXPECT_EQ(snapshot(destination).at("a.o").content, "AFTER!");
}

class LeftAlone : public Selection {
 protected:
  /// What is left alone under these rules, and stays in the destination as it is.
  void expect_left(const TransferRules& transfer, const Strings& names) const {
    given_source({file("small", "1"), file("large", "12345678"), file("newer", "1234"),
                  folder("folder"), symlink("link", "12345678")});
    given_destination({file("small", "old").mtime(1),
                       file("newer", "old").mtime(default_mtime_ns + 1), file("gone")});
    Options how = options();
    how.transfer = transfer;
    const Pass pass = run_ok(how);
    EXPECT_EQ(pass.summary.left_alone.entries, names.size());
    const Tree found = snapshot(destination);
    EXPECT_FALSE(found.contains("gone"));
    const Tree given = snapshot(source);
    for (const auto& [path, entry] : given.entries()) {
      const bool is_left = std::ranges::find(names, path) != names.end();
      const bool is_as_source = found.contains(path) && found.at(path).content == entry.content;
      EXPECT_EQ(is_as_source, !is_left) << path;
    }
    EXPECT_EQ(found.contains("large"), std::ranges::find(names, "large") == names.end());
  }
};

TEST_F(LeftAlone, files_that_are_too_large) {
  expect_left({.max_bytes = 7, .min_bytes = {}, .min_age = {}}, {"large"});
}
TEST_F(LeftAlone, files_that_are_too_small) {
  expect_left({.max_bytes = {}, .min_bytes = 2, .min_age = {}}, {"small"});
}
TEST_F(LeftAlone, files_that_changed_lately) {
  expect_left({.max_bytes = {}, .min_bytes = {}, .min_age = std::chrono::hours(1)},
              {"small", "large", "newer"});
}
TEST_F(LeftAlone, files_that_are_newer_there) {
  expect_left({.update = true, .max_bytes = {}, .min_bytes = {}, .min_age = {}}, {"newer"});
}
TEST_F(LeftAlone, what_the_destination_has) {
  expect_left({.ignore_existing = true, .max_bytes = {}, .min_bytes = {}, .min_age = {}},
              {"small", "newer"});
}
TEST_F(LeftAlone, what_the_destination_lacks) {
  expect_left({.existing_only = true, .max_bytes = {}, .min_bytes = {}, .min_age = {}},
              {"large", "folder", "link"});
}

class FromList : public Selection {
 protected:
  [[nodiscard]] Options listing(const Strings& paths) const {
    Options how = options();
    how.listed = paths;
    return how;
  }
};

TEST_F(FromList, only_that_is_mirrored_and_nothing_deleted) {
  given_source({file("a/b/c"), file("a/b/d"), file("e/f/g"), file("h/i/j"), file("k")});
  given_destination({file("a/old"), file("old")});
  const Pass pass = run_ok(listing({"a/b/c", "e", "h/"}));
  EXPECT_EQ(paths(), (Strings{"a", "a/b", "a/b/c", "a/old", "e", "h", "h/i", "old"}));
  EXPECT_EQ(pass.summary.deletions_wanted.entries, 0);
}

TEST_F(FromList, folders_may_stand_for_all_that_is_below_them) {
  given_source({file("e/f/g"), file("h")});
  Options how = listing({"e"});
  how.recurse_listed = true;
  run_ok(how);
  EXPECT_EQ(paths(), (Strings{"e", "e/f", "e/f/g"}));
}

TEST_F(FromList, what_is_listed_and_missing_is_a_failure) {
  given_source({file("a"), file("b/c")});
  const Pass pass = run_pass(listing({"a", "nope", "no/where", "a/below", "b/nope", "b/c"}));
  EXPECT_EQ(pass.status(), Status::some_failed);
  EXPECT_EQ(paths(), (Strings{"a", "b", "b/c"}));
  Strings failed;
  for (const Failure& failure : pass.failures) failed.push_back(failure.path);
  std::ranges::sort(failed);
  EXPECT_EQ(failed, (Strings{"a/below", "b/nope", "no/where", "nope"}));
}

TEST_F(FromList, the_metadata_of_a_root_that_is_not_listed_is_its_own) {
  given_source({folder("").mode(0750).mtime(5), file("a"), file("b/c"), folder("b").mode(0700)});
  given_destination({folder("").mode(0711)});
  for (int i = 0; i < 2; ++i) {
    const Pass pass = run_ok(listing({"a", "b/c"}));
    EXPECT_EQ(pass.summary.changed_anything(), i == 0);
    const Tree left = snapshot(destination);
    EXPECT_EQ(left.at("").mode_bits, 0711U);
    EXPECT_NE(left.at("").modified, timestamp_of(5));
    EXPECT_EQ(left.at("b").mode_bits, 0700U);
  }
  for (const char* root : {".", "/", "./"}) {
    set_mode(destination, "", 0711);
    run_ok(listing({root, "a"}));
    EXPECT_EQ(snapshot(destination).at("").mode_bits, 0750U) << root;
  }
}

TEST_F(FromList, a_root_that_is_not_listed_is_made_as_mkdir_makes_it) {
  given_source({folder("").mode(0700), file("a")});
  const mode_t before = ::umask(027);
  run_ok(listing({"a"}));
  ::umask(before);
  EXPECT_EQ(snapshot(destination).at("").mode_bits, 0750U);
}

TEST_F(FromList, a_folder_in_the_way_is_kept) {
  given_source({file("a")});
  given_destination({file("a/x")});
  const Pass pass = run_pass(listing({"a"}));
  EXPECT_EQ(pass.status(), Status::some_failed);
  EXPECT_EQ(paths(), (Strings{"a", "a/x"}));
}

TEST_F(FromList, proofs_of_what_is_not_listed_still_hold) {
  given_old_source({file("a/b", "1"), file("c", "2")});
  Options how = options();
  remember(how);
  run_ok(how);
  Options some = listing({"c"});
  remember(some);
  run_ok(some);
  const Pass again = run_ok(how);
  EXPECT_EQ(again.summary.bytes_read, 0);
  EXPECT_EQ(again.summary.standing.entries, 2);
}

}  // namespace
}  // namespace syncline::test
