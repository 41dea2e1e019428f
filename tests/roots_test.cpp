// Roots that cannot be worked with: refused with one line, nothing created, nothing touched.
//
// SPDX-License-Identifier: MIT
#include "support/bind_mount.h"
#include "support/nobody.h"
#include "support/two_roots.h"

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace syncline::test {
namespace {

class Roots : public TwoRoots {
 protected:
  /// Refused as an unusable root, everything in the home as it was.
  void expect_refused(const Options& how) const {
    const Stamps before = stamps(home.path());
    EXPECT_EQ(refusal(how), Status::root_unusable);
    EXPECT_TRUE(untouched(before, stamps(home.path())));
  }

  void expect_refused(const std::string& from, const std::string& to) const {
    expect_refused(between(home / from, home / to));
  }

  void given_home(const Tree& tree) const { make(tree, home.path()); }
};

TEST_F(Roots, need_a_source) {
  given_home({folder("destination")});
  expect_refused("missing", "destination");
  expect_refused("missing", "missing too");
}

TEST_F(Roots, need_a_folder_as_source) {
  given_home({file("file"), symlink("dangling", "nowhere"), fifo("fifo"), folder("destination")});
  expect_refused("file", "destination");
  expect_refused("file", "new");
  expect_refused("fifo", "destination");
  expect_refused("dangling", "destination");
  expect_refused("file/below", "destination");
}

TEST_F(Roots, need_a_folder_as_destination) {
  given_home({file("source/file"), file("file"), symlink("to file", "file"), fifo("fifo")});
  expect_refused("source", "file");
  expect_refused("source", "to file");
  expect_refused("source", "fifo");
  expect_refused("source", "file/below");
}

// Neither is a disk that is not mounted made up for by a folder in its place, nor is the link.
TEST_F(Roots, that_are_links_to_nowhere_are_refused) {
  given_home({file("source/file"), folder("disk"), symlink("gone", home / "nowhere/mirror"),
              symlink("deleted", "disk/mirror"), symlink("chain", "deleted"),
              symlink("self", "self"), symlink("ping", "pong"), symlink("pong", "ping"),
              symlink("into a file", "source/file/below")});
  for (const char* const name :
       {"gone", "deleted", "deleted/", "chain", "self", "ping", "into a file", "gone/below"}) {
    expect_refused("source", name);
    expect_refused(name, "disk");
    Options how = between(home / "source", home / name);
    how.create_destination = false;
    expect_refused(how);
    how.create_destination = true;
    how.adopt = true;
    expect_refused(how);
    how.dry_run = true;
    expect_refused(how);
  }
  EXPECT_EQ(why_refused(between(home / "source", home / "deleted")),
            "root_is_link_to_nothing destination, " + home / "deleted" + ", disk/mirror");
  // And a link that leads somewhere is as good as what it leads to.
  put(folder("disk/mirror"), home.path());
  EXPECT_EQ(refusal(between(home / "source", home / "chain")), std::nullopt);
  EXPECT_TRUE(exists(home.path(), "disk/mirror/file"));
}

TEST_F(Roots, that_are_out_of_reach_are_told_apart) {
  given_home({file("source/file"), folder("shut/destination")});
  set_mode(home.path(), "", 0755);
  set_mode(home.path(), "shut", 0700);
  const AsNobody nobody;
  if (::geteuid() == 0) GTEST_SKIP() << "root goes everywhere";
  for (const std::string& to : {home / "shut/destination", home / "shut/new"})
    EXPECT_EQ(why_refused(between(home / "source", to)),
              "root_unusable destination, " + to + ", open: Permission denied");
  EXPECT_EQ(why_refused(between(home / "shut/destination", home / "source")),
            "root_unusable source, " + home / "shut/destination" + ", open: Permission denied");
}

TEST_F(Roots, need_the_parent_of_the_destination) {
  given_home({file("source/file")});
  expect_refused("source", "missing/destination");
}

TEST_F(Roots, need_a_name) {
  given_home({file("source/file")});
  expect_refused(between("", destination));
  expect_refused(between(source, ""));
}

TEST_F(Roots, must_not_be_the_same) {
  given_home({folder("source/sub"), symlink("link", "source")});
  expect_refused("source", "source");
  expect_refused("source", "source/");
  expect_refused("source", "source/.");
  expect_refused("source", "source/sub/..");
  expect_refused("source", "link");
  expect_refused("link", "source");
}

TEST_F(Roots, must_not_hold_the_destination_in_the_source) {
  given_home({folder("source/sub/sub"), symlink("link", "source/sub"), folder("other")});
  expect_refused("source", "source/sub");
  expect_refused("source", "source/sub/sub");
  expect_refused("source", "source/new");
  expect_refused("source", "source/sub/sub/new");
  expect_refused("source", "link");
  expect_refused("source", "link/new");
  expect_refused("source", "other/../source/sub");
}

TEST_F(Roots, may_hold_the_destination_where_the_source_is_not_walked) {
  const auto mirrored = [&](const std::string& to, Options how) {
    std::filesystem::remove_all(source);
    given_home({file("source/file", "text"), folder("source/mnt/b"), file("source/mnt/other")});
    how.source = source;
    how.destination = source + '/' + to;
    const auto why = refusal(how);
    EXPECT_TRUE(why || snapshot(how.destination).at("file").content == "text");
    return !why;
  };
  const auto without = [](const std::string& pattern, bool includes = false) {
    Options how;
    how.filters = {{.pattern = pattern, .includes = includes}};
    return how;
  };
  const auto listing = [](std::vector<std::string> paths, bool all_below = false) {
    Options how;
    how.listed = std::move(paths);
    how.recurse_listed = all_below;
    return how;
  };
  for (const char* to : {"mnt/b", "mnt/new"}) {
    SCOPED_TRACE(to);
    EXPECT_TRUE(mirrored(to, without("/mnt")));
    EXPECT_TRUE(mirrored(to, without("/mnt/*")));
    EXPECT_TRUE(mirrored(to, listing({"file"})));
    EXPECT_TRUE(mirrored(to, listing({"file", "mnt/other"})));
    EXPECT_TRUE(mirrored(to, listing({"file", "mnt"})));
    EXPECT_FALSE(mirrored(to, without("/mnt/other")));
    EXPECT_FALSE(mirrored(to, without("/mnt", true)));
    EXPECT_FALSE(mirrored(to, listing({"file", "mnt"}, true)));
    EXPECT_FALSE(mirrored(to, listing({"file", "mnt/"})));
    Options protects;
    protects.filters = {{.pattern = "/mnt", .sides = FilterRule::Sides::destination}};
    EXPECT_FALSE(mirrored(to, protects));
  }
  // A folder on the way to what is listed is walked, whatever rules say of it.
  Options on_the_way = listing({"file", "mnt/b/x"});
  on_the_way.filters = {{.pattern = "/mnt"}};
  EXPECT_FALSE(mirrored("mnt/b", on_the_way));
}

// What rules say of its path does not hold for another way to it, which the walk sees to.
TEST_F(Roots, are_met_in_the_source_though_a_rule_excludes_where_they_lie) {
  given_home({file("source/file"), folder("source/mnt/b"), folder("source/z")});
  const BindMount inside(home / "source/mnt", home / "source/z");
  if (!inside.done()) GTEST_SKIP() << "no right to mount";
  Options how = between(source, home / "source/mnt/b");
  how.filters = {{.pattern = "/mnt"}};
  EXPECT_EQ(refusal(how), Status::root_unusable);
  EXPECT_FALSE(exists(source, "mnt/b/z/b"));
}

TEST_F(Roots, must_not_hold_the_source_in_the_destination) {
  given_home({folder("destination/sub/sub"), symlink("link", "destination/sub"), folder("other")});
  expect_refused("destination/sub", "destination");
  expect_refused("destination/sub/sub", "destination");
  expect_refused("link", "destination");
  expect_refused("link/sub", "other/../destination");
}

TEST_F(Roots, may_have_names_that_begin_alike) {
  given_home({file("source/file"), folder("source 2"), folder("source")});
  EXPECT_EQ(refusal(between(home / "source", home / "source 2")), std::nullopt);
}

TEST_F(Roots, are_seen_through_bind_mounts) {
  given_home({folder("source/sub"), folder("mounted"), folder("mounted sub")});
  const BindMount whole(home / "source", home / "mounted");
  const BindMount part(home / "source/sub", home / "mounted sub");
  if (!whole.done() || !part.done()) GTEST_SKIP() << "no right to mount";
  EXPECT_EQ(refusal(between(home / "source", home / "mounted")), Status::root_unusable);
  EXPECT_EQ(refusal(between(home / "mounted", home / "source/sub")), Status::root_unusable);
  EXPECT_EQ(refusal(between(home / "source/sub", home / "mounted")), Status::root_unusable);
}

TEST_F(Roots, that_are_met_inside_one_another_through_a_bind_mount_are_refused) {
  given_home({folder("source/sub"), file("destination/file")});
  const BindMount inside(destination, home / "source/sub");
  if (!inside.done()) GTEST_SKIP() << "no right to mount";
  EXPECT_EQ(refusal(options()), Status::root_unusable);
  EXPECT_TRUE(exists(destination, "file"));
}

TEST_F(Roots, are_created_only_where_that_was_asked_for) {
  given_source({file("file")});
  Options how = options();
  how.create_destination = false;
  expect_refused(how);
  given_destination({});
  EXPECT_EQ(refusal(how), std::nullopt);
}

class RememberedRoots : public Roots {
 protected:
  /// Options of the second pass of a loop.
  [[nodiscard]] Options after_first_pass() const {
    given_source({file("file", "text")});
    Options how = options();
    how.free_at_first = false;
    how.expected_roots = run_pass(how).summary.roots;
    return how;
  }

  void replace(const std::string& root, const Tree& by) const {
    syncline::test::rename(home.path(), name_of(root), "former");
    make(by, root);
  }
};

TEST_F(RememberedRoots, are_told_by_the_summary) {
  const Options how = after_first_pass();
  struct stat from {};
  struct stat to {};
  ASSERT_EQ(::stat(source.c_str(), &from), 0);
  ASSERT_EQ(::stat(destination.c_str(), &to), 0);
  EXPECT_EQ(how.expected_roots->source, (FileId{from.st_dev, from.st_ino}));
  EXPECT_EQ(how.expected_roots->destination, (FileId{to.st_dev, to.st_ino}));
}

TEST_F(RememberedRoots, stand_for_an_emptied_source) {
  const Options how = after_first_pass();
  remove(source, "file");
  EXPECT_EQ(refusal(how), std::nullopt);
  EXPECT_FALSE(exists(destination, "file"));
}

TEST_F(RememberedRoots, refuse_another_empty_source) {
  const Options how = after_first_pass();
  replace(source, {});
  expect_refused(how);
  EXPECT_TRUE(exists(destination, "file"));
}

TEST_F(RememberedRoots, refuse_another_empty_destination) {
  const Options how = after_first_pass();
  replace(destination, {});
  expect_refused(how);
}

TEST_F(RememberedRoots, accept_another_source_that_holds_something) {
  Options how = after_first_pass();
  replace(source, {file("another")});
  EXPECT_EQ(run_pass(how).status(), Status::deletions_held) << "they meet for the first time";
  EXPECT_TRUE(exists(destination, "file"));
  how.deletions = deletion::AtMostEntries{1};
  EXPECT_EQ(refusal(how), std::nullopt);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(RememberedRoots, accept_another_destination_that_holds_something) {
  Options how = after_first_pass();
  replace(destination, {file("another")});
  EXPECT_EQ(run_pass(how).status(), Status::deletions_held) << "they meet for the first time";
  EXPECT_TRUE(exists(destination, "another"));
  how.deletions = deletion::AtMostEntries{1};
  EXPECT_EQ(refusal(how), std::nullopt);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(RememberedRoots, have_a_destination_that_was_deleted_made_anew) {
  Options how = after_first_pass();
  how.create_destination = false;
  for (int round = 0; round < 2; ++round) {
    remove(home.path(), "destination");
    const Pass pass = run_ok(how);
    ASSERT_EQ(pass.notices.size(), 1);
    EXPECT_EQ(pass.notices.front().code, NoticeCode::destination_made_anew);
    EXPECT_EQ(pass.notices.front().name, destination);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
    how.expected_roots = pass.summary.roots;
  }
}

TEST_F(RememberedRoots, have_no_destination_made_in_another_folder) {
  given_home({folder("disk"), file("source/file", "text")});
  Options how = between(source, home / "disk/mirror");
  how.expected_roots = run_ok(how).summary.roots;
  how.create_destination = false;
  rename(home.path(), "disk", "unmounted");
  given_home({folder("disk")});
  expect_refused(how);
}

TEST_F(RememberedRoots, have_no_destination_made_where_a_disk_was_mounted) {
  given_home({folder("disk"), folder("mirror"), file("source/file", "text")});
  Options how = between(source, home / "mirror");
  {
    const BindMount mounted(home / "disk", home / "mirror");
    if (!mounted.done()) GTEST_SKIP() << "no right to mount";
    how.expected_roots = run_ok(how).summary.roots;
  }
  how.create_destination = false;
  remove(home.path(), "mirror");  // as udisks does
  expect_refused(how);
}

}  // namespace
}  // namespace syncline::test
