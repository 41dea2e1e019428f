// Folders of the destination whose modes keep their own owner out: mirrored into all the same, and
// left with the modes of the source. Root knows no such folders, so all of this is done as nobody.
//
// SPDX-License-Identifier: MIT
#include "support/nobody.h"
#include "support/rights_watch.h"
#include "support/two_roots.h"

#include "syncline/mirror.h"

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdint>
#include <stop_token>
#include <string>
#include <system_error>
#include <vector>

namespace syncline::test {
namespace {

using Strings = std::vector<std::string>;

struct Guise {
  const AsNobody nobody;
};

// The roots are nobody's.
class ShutFolders : private Guise, public TwoRoots {};

std::int64_t ctime_of(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) throw std::system_error(errno, std::generic_category());
  return found.st_ctim.tv_sec * 1'000'000'000 + found.st_ctim.tv_nsec;
}

const std::string large(300'000, 'x');

TEST_F(ShutFolders, are_changed_in_every_way) {
  given_destination({
      folder("shut").mode(0555),
      file("shut/changed", "before"),
      file("shut/large", std::string(300'000, 'y')),
      file("shut/gone"),
      file("shut/gone folder/inside"),
      folder("shut/gone folder").mode(0500),
      symlink("shut/link", "before"),
      file("shut/file to folder"),
      file("shut/folder to file/inside"),
      folder("shut/folder to file").mode(0555),
      folder("shut/same").mode(0500),
      file("shut/.syncline-0123456789abcdef.tmp"),
  });
  const Tree tree{
      folder("shut").mode(0555),
      file("shut/changed", "after!"),
      file("shut/large", large),
      symlink("shut/link", "after"),
      fifo("shut/fifo"),
      file("shut/new", "new"),
      folder("shut/file to folder").mode(0500),
      file("shut/file to folder/inside"),
      file("shut/folder to file"),
      folder("shut/same").mode(0500),
      folder("shut/new folder").mode(0555),
      file("shut/new folder/inside"),
  };
  given_source(tree);
  const Pass pass = expect_mirrored(tree);
  EXPECT_EQ(pass.paths(Verb::set_metadata), Strings{});
  EXPECT_EQ(pass.paths(Verb::clean).size(), 1);
}

TEST_F(ShutFolders, are_changed_at_the_root) {
  given_source({folder("").mode(0555), file("new")});
  given_destination({folder("").mode(0555), file("gone")});
  expect_mirrored({folder("").mode(0555), file("new")});
}

// One after the other, so that each kind of change has to open the folder by itself.
TEST_F(ShutFolders, are_opened_up_by_each_kind_of_change) {
  struct Case {
    Entry before;
    Entry after;
  };
  const std::string at = "shut/entry";
  const std::vector<Case> cases{
      {file("other"), file(at, "new")},
      {file("other"), file(at, large)},
      {file("other"), symlink(at, "new")},
      {file("other"), folder(at)},
      {file(at, "old"), file("other")},
      {folder(at), file("other")},
      {file(at, "old"), file(at, "newer")},
      {file(at, "old"), file(at, "new")},
      {file(at, large), file(at, std::string(large.size(), 'y'))},
      {file(at, "old"), symlink(at, "new")},
      {file(at, "old"), folder(at)},
      {folder(at), file(at, "new")},
      {folder(at), symlink(at, "new")},
      {file("shut/.syncline-0123456789abcdef.tmp"), file("other")},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    SCOPED_TRACE(i);
    const std::string from = source + std::to_string(i);
    const std::string to = destination + std::to_string(i);
    const Tree tree{folder("shut").mode(0555), cases[i].after};
    make(tree, from);
    make({folder("shut").mode(0555), cases[i].before}, to);
    mirror_ok(from, to);
    EXPECT_TRUE(same(snapshot(to), tree));
  }
}

TEST_F(ShutFolders, that_need_no_change_are_not_touched) {
  const Tree tree{folder("a").mode(0555), file("a/file"), folder("b").mode(0500),
                  folder("b/c").mode(0555), file("b/c/file").mode(0444)};
  given_source(tree);
  given_destination(tree);
  const Stamps before = stamps(destination);
  EXPECT_FALSE(expect_mirrored(tree).summary.changed_anything());
  EXPECT_TRUE(untouched(before, stamps(destination)));
}

TEST_F(ShutFolders, are_removed_with_all_that_is_in_them) {
  given_source({file("file")});
  Tree tree{file("file")};
  for (const std::uint32_t mode : {0555U, 0500U, 0400U, 0300U, 0600U, 0U}) {
    const std::string path = "gone " + std::to_string(mode);
    tree.put(file(path + "/sub/file"));
    tree.put(folder(path + "/sub").mode(mode));
    tree.put(folder(path).mode(mode));
  }
  given_destination(tree);
  expect_mirrored({file("file")});
}

TEST_F(ShutFolders, that_may_stay_keep_their_modes) {
  given_source({file("file"), file("in the way")});
  given_destination({file("file"), file("gone/sub/inside"), folder("gone/sub").mode(0),
                     folder("gone").mode(0500), file("in the way/inside"),
                     folder("in the way").mode(0)});
  Options how = options();
  how.deletions = deletion::AtMostEntries{0};
  EXPECT_EQ(run_pass(how).status(), Status::deletions_held);
  EXPECT_FALSE(exists(destination, "in the way/inside"));  // as far as nobody can see
  set_mode(destination, "in the way", 0700);
  EXPECT_TRUE(exists(destination, "in the way/inside"));
  set_mode(destination, "gone", 0700);
  EXPECT_FALSE(exists(destination, "gone/sub/inside"));
  set_mode(destination, "in the way", 0);
  how.deletions = deletion::Unlimited{};
  run_ok(how);
  EXPECT_TRUE(same(snapshot(destination), {file("file"), file("in the way")}));
}

TEST_F(ShutFolders, that_cannot_even_be_listed_are) {
  const Tree tree{file("a/b/file", "new"), file("a/b/same")};
  given_source(tree);
  for (const std::uint32_t mode : {0400U, 0300U, 0200U, 0100U, 0600U, 0U}) {
    SCOPED_TRACE(mode);
    const std::string to = destination + std::to_string(mode);
    make({file("a/b/file", "old"), file("a/b/same"), file("a/b/gone/inside"),
          folder("a/b/gone").mode(mode), folder("a/b").mode(mode), folder("a").mode(mode)},
         to);
    const Pass pass = mirror_ok(source, to);
    EXPECT_TRUE(same(snapshot(to), tree));
    EXPECT_EQ(pass.paths(Verb::set_metadata), (Strings{"a", "a/b"}));
  }
}

TEST_F(ShutFolders, get_their_modes_after_a_pass_was_cut_short) {
  const Tree tree{folder("a").mode(0555), file("a/1"), file("a/2"), folder("a/sub").mode(0500),
                  file("a/sub/3")};
  given_source(tree);
  given_destination({folder("a").mode(0555), file("a/gone")});
  std::stop_source stop;
  const Pass cut = run_pass(
      options(), [&](const Event&) { stop.request_stop(); }, stop.get_token());
  EXPECT_EQ(cut.status(), Status::stopped);
  expect_mirrored(tree);
}

TEST_F(ShutFolders, are_left_alone_in_a_dry_run) {
  given_source({folder("shut").mode(0555), file("shut/new"), file("unlisted/file")});
  given_destination({folder("shut").mode(0555), file("shut/gone"), folder("unlisted").mode(0)});
  set_mode(destination, "unlisted", 0700);
  const Stamps before = stamps(destination);
  set_mode(destination, "unlisted", 0);
  Options how = options();
  how.dry_run = true;
  const Pass pass = run_pass(how);
  EXPECT_EQ(pass.paths(Verb::create), Strings{"shut/new"});
  ASSERT_EQ(pass.failures.size(), 1);
  EXPECT_EQ(pass.failures.front().path, "unlisted");
  set_mode(destination, "unlisted", 0700);
  EXPECT_EQ(stamps(destination).at("shut"), before.at("shut"));
}

TEST_F(ShutFolders, of_the_source_are_never_opened_up) {
  given_source({file("locked/file"), folder("locked").mode(0), file("file").mode(0), file("new")});
  given_destination({file("locked/file"), file("gone")});
  const std::string locked = source + "/locked";
  const auto before = ctime_of(locked);
  stamps(destination);  // until the clock has moved on
  const Pass pass = run_pass(options());
  EXPECT_EQ(pass.status(), Status::some_failed);
  EXPECT_EQ(pass.failures.size(), 2);
  EXPECT_TRUE(exists(destination, "new"));
  EXPECT_TRUE(exists(destination, "gone"));
  EXPECT_TRUE(exists(destination, "locked/file"));
  EXPECT_EQ(ctime_of(locked), before);
}

// As nobody's mirror of root's folder does, which all but its owner may list.
TEST(ShutFoldersOfAnother, are_opened_up_in_each_pass_and_stay_as_they_are) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may give folders away";
  const TemporaryFolder home;
  set_mode(home.path(), "", 0755);
  make({folder("closed").mode(0055), file("closed/file", "text")}, home / "source");
  constexpr unsigned nobody = 65534;
  make({folder("").owner(nobody, nobody)}, home / "destination");
  {
    const AsNobody guise;
    mirror_ok(home / "source", home / "destination");
    EXPECT_FALSE(mirror_ok(home / "source", home / "destination").summary.changed_anything());
  }
  EXPECT_TRUE(
      same(snapshot(home / "destination"),
           {folder("").owner(nobody, nobody), folder("closed").mode(0055).owner(nobody, nobody),
            file("closed/file", "text").owner(nobody, nobody)}));
}

TEST_F(ShutFolders, may_be_the_root) {
  const std::uint32_t modes[]{0300, 0000, 0500, 0100};
  for (const std::uint32_t mode : modes) {
    SCOPED_TRACE(mode);
    given_source({file("folder/file", "x")});
    given_destination({file("gone")});
    set_mode(destination, "", mode);
    mirror_ok(source, destination);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
    remove(home.path(), "source");
    remove(home.path(), "destination");
  }
}

TEST_F(ShutFolders, may_be_the_root_and_stay_shut) {
  given_source({file("folder/file", "x")});
  Options how;
  how.metadata.mode_changes = {{.to_others = false, .keep = 0, .add = 0300}};
  mirror_ok(source, destination, how);
  EXPECT_FALSE(mirror_ok(source, destination, how).summary.changed_anything());
  struct stat found {};
  ASSERT_EQ(::stat(destination.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777U, 0300U);
  // One that is refused has the mode that it had.
  how.source = destination + "/folder";
  how.destination = destination;
  EXPECT_EQ(refusal(how), Status::root_unusable);
  ASSERT_EQ(::stat(destination.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777U, 0300U);
  set_mode(home.path(), "destination", 0700);
  set_mode(home.path(), "destination/folder", 0700);
}

TEST_F(ShutFolders, may_hold_the_destination) {
  given_source({file("file", "x")});
  make({folder("shut").mode(0300)}, home.path());
  for (int i = 0; i < 2; ++i) mirror_ok(source, home / "shut/new");
  set_mode(home.path(), "shut", 0700);
  EXPECT_TRUE(same(snapshot(home / "shut/new"), snapshot(source)));
}

TEST_F(ShutFolders, of_the_source_give_what_a_list_names) {
  given_source({file("a/file", "1"), file("a/b/file", "2"), file("a/other"), file("top", "3")});
  set_mode(source, "a/b", 0300);
  set_mode(source, "a", 0300);
  set_mode(source, "", 0300);
  Options how;
  how.listed = {"a/file", "a/b/file", "top"};
  mirror_ok(source, destination, how);
  how.listed->emplace_back("a/none");
  how.source = source;
  how.destination = destination;
  EXPECT_EQ(run_pass(how).status(), Status::some_failed);
  how.listed->back() = "a/b/";  // all that is in there cannot be known
  EXPECT_EQ(run_pass(how).status(), Status::some_failed);
  for (const std::string& root : {source, destination})
    for (const char* path : {"", "a", "a/b"}) set_mode(root, path, 0700);
  const Tree left = snapshot(destination);
  EXPECT_EQ(left.at("a/file").content, "1");
  EXPECT_EQ(left.at("a/b/file").content, "2");
  EXPECT_EQ(left.at("top").content, "3");
  EXPECT_FALSE(left.contains("a/other"));
}

TEST_F(ShutFolders, are_not_opened_up_for_others_once_they_were_shut_to_them) {
  given_destination({folder("folder").mode(0555)});
  const Tree tree{folder("folder").mode(0500), file("folder/secret").mode(0600)};
  given_source(tree);
  const RightsWatch watch{destination + "/folder"};
  expect_mirrored(tree);
  EXPECT_EQ(watch.some(), 0700U);
}

}  // namespace
}  // namespace syncline::test
