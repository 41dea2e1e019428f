// What is called .syncline at the top of a root is Syncline's own: it takes no part, whatever is
// asked for.
//
// SPDX-License-Identifier: MIT
#include "filesystem/own_names.h"
#include "support/index.h"
#include "support/two_roots.h"

#include "syncline/explain.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace syncline::test {
namespace {

class ReservedName : public TwoRoots {
 protected:
  /// Once a pass.
  static void expect_told(const Pass& pass) {
    ASSERT_EQ(pass.notices.size(), 1);
    EXPECT_EQ(pass.notices.front().path, filesystem::reserved_name);
    EXPECT_EQ(pass.notices.front().code, NoticeCode::reserved_name);
  }
  [[nodiscard]] Stamps stamps_of_ours() const {
    Stamps found = stamps(destination);
    std::erase_if(found, [](const auto& each) { return !each.first.starts_with(".syncline"); });
    return found;
  }
  [[nodiscard]] Options remembering() const {
    Options how = options();
    how.index = index_place::File{home / "index"};
    return how;
  }
};

TEST_F(ReservedName, is_not_mirrored_whatever_its_kind) {
  for (const Entry& ours : {file(".syncline", "ours"), folder(".syncline"),
                            symlink(".syncline", "a"), fifo(".syncline")}) {
    given_source({file("a", "a"), file("b/.syncline/inside", "not at the top")});
    put(ours, source);
    if (ours.kind == Kind::folder) put(file(".syncline/inside", "ours"), source);
    for (int round = 0; round < 2; ++round) {
      const Pass pass = run_ok(remembering());
      expect_told(pass);
      EXPECT_EQ(pass.summary.source.entries, 4);
    }
    EXPECT_FALSE(exists(destination, ".syncline"));
    EXPECT_TRUE(exists(destination, "b/.syncline/inside"));
    remove(home.path(), "source");
    remove(home.path(), "destination");
    remove(home.path(), "index");
  }
}

TEST_F(ReservedName, is_neither_deleted_nor_looked_into_in_the_destination) {
  for (const Entry& ours : {file(".syncline", "ours"), folder(".syncline"),
                            symlink(".syncline", "a"), fifo(".syncline")}) {
    given_source({file("a", "a")});
    given_destination({file("a", "a")});
    put(ours, destination);
    if (ours.kind == Kind::folder)
      put(file(".syncline/.syncline-0123456789abcdef.tmp"), destination);
    const Stamps before = stamps_of_ours();
    std::vector<Options> ways(6, options());
    ways[0].deletions = deletion::Unlimited{};
    ways[1].deletions = deletion::AtMostEntries{0};  // it does not count
    ways[2].delete_before = true;
    ways[3].delete_excluded = true;
    ways[3].filters.push_back({.pattern = ".syncline"});
    ways[4].dry_run = true;
    ways[5] = remembering();
    for (const Options& how : ways) {
      const Pass pass = run_ok(how);
      expect_told(pass);
      EXPECT_EQ(pass.summary.deletions_wanted.entries, 0);
      EXPECT_EQ(pass.summary.destination.entries, 1);
      EXPECT_TRUE(pass.paths(Verb::clean).empty());
      EXPECT_TRUE(pass.paths(Verb::remove).empty());
    }
    EXPECT_TRUE(untouched(before, stamps_of_ours()));
    remove(home.path(), "destination");
    remove(home.path(), "index");
    remove(home.path(), "source");
  }
}

TEST_F(ReservedName, on_both_sides_is_two_things) {
  given_source({file("a", "a"), file(".syncline/quarantine", "theirs")});
  given_destination({file("a", "a"), file(".syncline", "ours")});
  const Pass pass = run_ok(options());
  expect_told(pass);
  EXPECT_EQ(snapshot(destination).at(".syncline").content, "ours");
  EXPECT_TRUE(pass.actions.empty());
}

TEST_F(ReservedName, is_no_failure_where_it_is_listed) {
  given_source({file("a", "a"), file(".syncline/inside", "ours")});
  Options how = options();
  how.listed = {"a", ".syncline/", ".syncline/inside"};
  how.recurse_listed = true;
  expect_told(run_ok(how));
  EXPECT_TRUE(exists(destination, "a"));
  EXPECT_FALSE(exists(destination, ".syncline"));
}

// An older version mirrored it. What it did to it is not undone, and nothing is moved out of it.
TEST_F(ReservedName, is_not_where_moved_entries_are_taken_from) {
  given_source({file("other", "x"), folder("b")});
  put(folder(".syncline"), source);
  put(file(".syncline/film", std::string(100'000, 'f')), source);
  run_ok(remembering());
  put(folder(".syncline"), destination);
  put(file(".syncline/film", std::string(100'000, 'f')), destination);
  rename(source, ".syncline/film", "film");
  const Pass pass = run_ok(remembering());
  EXPECT_TRUE(pass.paths(Verb::move).empty());
  EXPECT_TRUE(exists(destination, "film"));
  EXPECT_TRUE(exists(destination, ".syncline/film"));
}

TEST_F(ReservedName, holds_no_backups) {
  given_source({file("a", "new")});
  given_destination({file("a", "old!")});
  for (const bool is_there : {false, true}) {
    if (is_there) put(folder(".syncline"), destination);
    const Tree before = snapshot(destination);
    for (const std::string& where :
         {std::string(".syncline"), std::string(".syncline/backup"), destination + "/.syncline",
          destination + "/.syncline/backup"}) {
      if (!is_there && where == destination + "/.syncline/backup") continue;  // no parent
      Options how = options();
      how.backup = Backup{.folder = where, .suffix = ""};
      EXPECT_EQ(refusal(how), Status::root_unusable) << where;
      EXPECT_TRUE(same(snapshot(destination), before)) << where;
    }
  }
}

TEST_F(ReservedName, is_explained) {
  given_source({file("a", "a"), file(".syncline/inside", "ours")});
  given_destination({file("a", "a")});
  for (const char* const path : {".syncline", ".syncline/inside"})
    EXPECT_EQ(explain(options(), path).answer.value().code, AnswerCode::reserved) << path;
  EXPECT_NE(explain(options(), "a").answer.value().code, AnswerCode::reserved);
}

// So that a disk that is not mounted is not taken for one that holds something.
TEST_F(ReservedName, makes_no_root_any_fuller) {
  given_source({file("a", "a")});
  Options how = options();
  how.expected_roots = run_ok(how).summary.roots;
  rename(home.path(), "source", "unmounted");
  given_source({file(".syncline/inside", "ours")});
  EXPECT_EQ(refusal(how), Status::root_unusable);
  EXPECT_TRUE(exists(destination, "a"));
}

}  // namespace
}  // namespace syncline::test
