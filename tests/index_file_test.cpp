// Where the index is kept and whom it is believed from: what is refused with one line, what is set
// aside, and what earlier passes make known about two paths.
//
// SPDX-License-Identifier: MIT
#include "filesystem/trust.h"
#include "index/sqlite.h"
#include "support/bent_kernel.h"
#include "support/bind_mount.h"
#include "support/index.h"
#include "support/nobody.h"
#include "support/two_roots.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace syncline::test {
namespace {

class IndexFile : public TwoRoots {
 protected:
  void SetUp() override { given_source({file("a", "aaaa"), file("b/c", "cc")}); }

  [[nodiscard]] Options at(const std::string& path) const {
    Options how = options();
    how.index = index_place::File{path};
    return how;
  }
  [[nodiscard]] Options remembering() const { return at(index); }

  [[nodiscard]] static std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void overwrite(const std::string& path, std::streamoff at, const std::string& bytes) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(at);
    file << bytes;
  }

  /// Refused as unusable, and nothing was touched.
  void expect_refused(const Options& how) const {
    const Stamps before = stamps(home.path());
    EXPECT_EQ(refusal(how), Status::files_unusable);
    EXPECT_TRUE(untouched(before, stamps(home.path())));
  }
  void expect_refused() const { expect_refused(remembering()); }

  const std::string index = home / "index";
};

TEST_F(IndexFile, is_ours_alone) {
  run_ok(remembering());
  struct stat status {};
  ASSERT_EQ(::stat(index.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(IndexFile, needs_its_folder) {
  expect_refused(at(home / "missing/index"));
  expect_refused(at(home.path() + "/"));
  expect_refused(at(home / "source/.."));
}

TEST_F(IndexFile, that_is_something_else_is_left_untouched) {
  put(file("index",
           "a letter to somebody, longer than the head of any database file would have "
           "to be to be recognised as one of ours"),
      home.path());
  expect_refused();
}

TEST_F(IndexFile, of_another_program_is_left_untouched) {
  change_index(index, "CREATE TABLE letters(body TEXT); INSERT INTO letters VALUES('dear')");
  set_mode(home.path(), "index", 0600);
  expect_refused();
}

TEST_F(IndexFile, that_is_no_regular_file_is_refused) {
  for (const Entry& entry : {folder("index"), fifo("index"), symlink("index", "elsewhere")}) {
    put(entry, home.path());
    expect_refused();
    remove(home.path(), "index");
  }
}

TEST_F(IndexFile, that_others_can_write_to_is_not_believed) {
  run_ok(remembering());
  set_mode(home.path(), "index", 0660);
  expect_refused();
  set_mode(home.path(), "index", 0600);
  make({}, home / "shared");
  set_mode(home.path(), "shared", 0777);
  expect_refused(at(home / "shared/index"));
}

TEST_F(IndexFile, that_others_could_read_is_shut_to_them_and_has_other_secrets) {
  run_ok(remembering());
  constexpr const char* known = "SELECT count(*) FROM secret WHERE bytes = zeroblob(length(bytes))";
  constexpr const char* keyed = "SELECT count(*) FROM file WHERE tag = zeroblob(16)";
  for (const std::uint32_t mode : {0644U, 0640U, 0700U}) {
    change_index(index, "UPDATE secret SET bytes = zeroblob(length(bytes))");
    change_rows(index, [](Remembered& row) { row.fingerprint.value().tag = Tag{}; });
    ASSERT_EQ(number_in_index(index, known), 2);
    set_mode(home.path(), "index", mode);
    Options how = remembering();
    how.dry_run = true;
    run_ok(how);
    EXPECT_EQ(number_in_index(index, known), 2) << "nothing is written";
    run_ok(remembering());
    EXPECT_EQ(number_in_index(index, known), 0);
    EXPECT_EQ(number_in_index(index, keyed), 0);
    struct stat status {};
    ASSERT_EQ(::stat(index.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
  }
}

TEST_F(IndexFile, whose_secret_came_to_harm_is_mended_in_that_alone_and_by_no_dry_run) {
  run_ok(remembering());
  constexpr const char* tags = "SELECT count(tag) FROM file";
  const auto all = number_in_index(index, tags);
  ASSERT_GT(all, 0);
  Options dry = remembering();
  dry.dry_run = true;
  const auto secrets = [&] { return number_in_index(index, "SELECT count(*) FROM secret"); };

  change_index(index, "DELETE FROM secret WHERE name = 'journal'");
  run_ok(dry);
  EXPECT_EQ(secrets(), 1);
  run_ok(remembering());
  EXPECT_EQ(secrets(), 2);
  EXPECT_EQ(number_in_index(index, tags), all) << "which are not keyed with it";

  change_index(index, "DELETE FROM secret WHERE name = 'content'");
  run_ok(dry);
  EXPECT_EQ(secrets(), 1);
  EXPECT_EQ(number_in_index(index, tags), all);
  run_ok(remembering());
  EXPECT_EQ(secrets(), 2);
  EXPECT_EQ(number_in_index(index, tags), 0);
}

TEST_F(IndexFile, below_a_folder_that_others_can_rename_in_is_not_believed) {
  make({folder("above"), folder("above/own")}, home / "shared");
  set_mode(home.path(), "shared/above/own", 0700);
  const Options how = at(home / "shared/above/own/index");
  run_ok(how);
  set_mode(home.path(), "shared", 0777);
  EXPECT_NE(why_refused(how).find("'" + (home / "shared") + "' can be written by others"),
            std::string::npos)
      << why_refused(how);
  // As in /tmp: what is not theirs they may not rename there.
  set_mode(home.path(), "shared", 01777);
  run_ok(how);
  if (::geteuid() != 0) return;
  ASSERT_EQ(::chown((home / "shared/above").c_str(), 65534, 65534), 0);
  EXPECT_NE(why_refused(how).find("above' belongs to another user"), std::string::npos)
      << why_refused(how);
}

TEST(Trust, is_denied_to_what_others_could_write) {
  using filesystem::Demands;
  using filesystem::why_others_could_write;
  const auto entry = [](Kind kind, std::uint32_t uid, std::uint32_t mode) {
    syncline::Entry result;
    result.kind = kind;
    result.uid = uid;
    result.mode = mode;
    return result;
  };
  const Demands strict{.owners = {0, 7}};
  EXPECT_FALSE(why_others_could_write(entry(Kind::file, 0, 0644), strict));
  EXPECT_FALSE(why_others_could_write(entry(Kind::file, 7, 0600), strict));
  EXPECT_EQ(why_others_could_write(entry(Kind::file, 8, 0600), strict),
            "belongs to another user (8)");
  for (const std::uint32_t mode : {0620U, 0602U, 01777U, 0666U})
    EXPECT_TRUE(why_others_could_write(entry(Kind::folder, 7, mode), strict)) << mode;
  const Demands lenient{.owners = {7}, .group_is_owner = true, .sticky_will_do = true};
  EXPECT_FALSE(why_others_could_write(entry(Kind::folder, 7, 0775), lenient));
  EXPECT_FALSE(why_others_could_write(entry(Kind::folder, 7, 01777), lenient));
  EXPECT_EQ(why_others_could_write(entry(Kind::folder, 7, 0777), lenient),
            "can be written by others (mode 777)");
  EXPECT_TRUE(why_others_could_write(entry(Kind::file, 7, 01646), lenient)) << "no folder";
}

TEST_F(IndexFile, with_another_name_elsewhere_is_not_believed) {
  run_ok(remembering());
  ASSERT_EQ(::link(index.c_str(), (home / "other name").c_str()), 0);
  expect_refused();
}

TEST_F(IndexFile, of_another_user_is_not_believed) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  run_ok(remembering());
  ASSERT_EQ(::chown(index.c_str(), 65534, 65534), 0);
  expect_refused();
}

TEST_F(IndexFile, that_cannot_be_written_is_refused) {
  const AsNobody guise;
  const TemporaryFolder roots;
  make({file("a", "aaaa")}, roots / "source");
  make({}, roots / "state");
  set_mode(roots.path(), "state", 0555);
  Options how = between(roots / "source", roots / "destination");
  how.index = index_place::File{roots / "state/index"};
  EXPECT_EQ(refusal(how), Status::files_unusable);
  set_mode(roots.path(), "state", 0755);
  run_ok(how);
  set_mode(roots.path(), "state/index", 0400);
  EXPECT_EQ(refusal(how), Status::files_unusable);
}

TEST_F(IndexFile, in_the_destination_is_refused) {
  given_destination({folder("inside")});
  expect_refused(at(destination + "/index"));
  expect_refused(at(destination + "/inside/index"));
}

TEST_F(IndexFile, in_the_source_is_used_and_not_mirrored) {
  const Options how = at(source + "/index");
  for (int round = 0; round < 3; ++round) {
    const Pass pass = run_ok(how);
    EXPECT_EQ(pass.notices.size(), 1);
    EXPECT_FALSE(exists(destination, "index"));
    EXPECT_FALSE(exists(destination, "index-wal"));
    EXPECT_FALSE(exists(destination, "index-lock"));
  }
  EXPECT_EQ(files_in_index(source + "/index").size(), 2);
}

TEST_F(IndexFile, in_a_folder_of_the_source_does_not_keep_that_folder_moving) {
  put(folder("state"), source);
  const Options how = at(source + "/state/index");
  run_ok(how);
  run_ok(how);
  EXPECT_EQ(run_ok(how).actions.size(), 0);
}

TEST_F(IndexFile, of_roots_that_have_changed_places_turns_where_asked) {
  run_ok(remembering());
  Options turned = remembering();
  std::swap(turned.source, turned.destination);
  EXPECT_EQ(refusal(turned), Status::root_unusable);
  turned.adopt = true;
  run_ok(turned);
  EXPECT_EQ(refusal(remembering()), Status::root_unusable);
}

TEST_F(IndexFile, of_another_pair_is_refused) {
  run_ok(remembering());
  make({file("a")}, home / "other");
  Options how = between(home / "other", home / "other copy");
  how.index = index_place::File{index};
  EXPECT_EQ(refusal(how), Status::files_unusable);
  EXPECT_EQ(files_in_index(index).size(), 2);
}

TEST_F(IndexFile, goes_with_roots_that_are_renamed_together) {
  run_ok(remembering());
  run_ok(remembering());
  rename(home.path(), "source", "from");
  rename(home.path(), "destination", "to");
  Options how = between(home / "from", home / "to");
  how.index = index_place::File{index};
  EXPECT_EQ(run_ok(how).summary.read_because.unknown.entries, 0);
}

TEST_F(IndexFile, in_use_by_another_run_is_refused) {
  run_ok(remembering());
  const int lock = ::open((index + "-lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(lock, 0);
  ASSERT_EQ(::flock(lock, LOCK_EX | LOCK_NB), 0);
  EXPECT_EQ(refusal(remembering()), Status::busy);
  ::close(lock);
  run_ok(remembering());
}

TEST_F(IndexFile, locked_by_another_program_is_refused) {
  run_ok(remembering());
  index::Connection other{index};
  other.execute("BEGIN IMMEDIATE");
  put(file("new"), source);
  const Pass pass = run_pass(remembering());
  EXPECT_EQ(pass.status(), Status::some_failed) << "what it proved could not be kept";
  ASSERT_EQ(pass.failures.size(), 1);
  EXPECT_NE(pass.failures.front().cause.find("locked"), std::string::npos)
      << in_codes(pass.failures.front());
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));

  other.execute("ROLLBACK; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; DELETE FROM met");
  EXPECT_EQ(refusal(remembering()), Status::files_unusable);
}

TEST_F(IndexFile, on_a_network_is_refused) {
  BentKernel kernel;
  kernel.pretend_type(NFS_SUPER_MAGIC);
  expect_refused();
}

TEST_F(IndexFile, is_not_made_for_a_destination_that_is_not_there) {
  Options how = remembering();
  how.dry_run = true;
  how.rehash = true;
  run_ok(how);
  EXPECT_FALSE(exists(home.path(), "index"));
  run_ok(remembering());
}

class SetAside : public IndexFile {
 protected:
  void SetUp() override {
    IndexFile::SetUp();
    run_ok(remembering());
  }

  /// It is begun anew, told of once, and nothing is deleted because of it.
  void expect_begun_anew() const {
    for (int number = 0; number < 150; ++number)
      put(file("surplus " + std::to_string(number)), destination);
    const Pass pass = run_pass(remembering());
    EXPECT_EQ(pass.status(), Status::deletions_held) << "as at first contact";
    ASSERT_EQ(pass.notices.size(), 1);
    EXPECT_EQ(pass.notices.front().code, NoticeCode::index_set_aside);
    EXPECT_EQ(pass.notices.front().other, "index.set-aside");
    EXPECT_EQ(pass.summary.read_because.unknown.entries, 2);
    EXPECT_TRUE(exists(home.path(), "index.set-aside"));
    EXPECT_EQ(files_in_index(index).size(), 2);
    EXPECT_TRUE(run_pass(remembering()).notices.empty());
  }
};

TEST_F(SetAside, if_its_tables_are_gone) {
  change_index(index, "DROP TABLE packed_file; DROP TABLE pair");
  expect_begun_anew();
}

TEST_F(SetAside, if_it_is_damaged) {
  // Behind the head, which tells whose it is.
  overwrite(index, 100, std::string(3000, '\x55'));
  expect_begun_anew();
}

TEST_F(SetAside, if_it_is_cut_off) {
  ASSERT_EQ(::truncate(index.c_str(), 4096), 0);
  expect_begun_anew();
}

TEST_F(SetAside, in_the_place_of_nothing_else) {
  put(file("index.set-aside", "a letter"), home.path());
  change_index(index, "DROP TABLE packed_file");
  EXPECT_EQ(refusal(remembering()), Status::files_unusable);
  EXPECT_EQ(bytes_of(home / "index.set-aside"), "a letter");
}

TEST_F(SetAside, not_by_a_dry_run) {
  change_index(index, "DROP TABLE packed_file");
  const std::string before = bytes_of(index);
  Options how = remembering();
  how.dry_run = true;
  const Pass pass = run_ok(how);
  EXPECT_EQ(pass.notices.size(), 1);
  EXPECT_EQ(pass.summary.to_compare.entries, 2);
  EXPECT_EQ(bytes_of(index), before);
}

TEST_F(IndexFile, damaged_where_only_rows_are_is_met_in_the_middle) {
  Tree tree;
  for (int number = 0; number < 2000; ++number)
    tree.put(file("file with a rather long name " + std::to_string(number), "x"));
  remove(home.path(), "source");
  given_source(tree);
  run_ok(remembering());
  // Where those are depends on the order in which the files were done.
  constexpr std::size_t page = 4096;
  const std::string before = bytes_of(index);
  int damaged = 0;
  for (std::size_t at = 20 * page; at + page <= before.size() && damaged < 10; at += page) {
    if (before.substr(at, page).find("rather long name") == std::string::npos) continue;
    overwrite(index, static_cast<std::streamoff>(at), std::string(page, '\x55'));
    ++damaged;
  }
  ASSERT_EQ(damaged, 10);
  put(file("new", "new"), source);
  const Pass pass = run_pass(remembering());
  EXPECT_EQ(pass.status(), Status::some_failed);
  ASSERT_EQ(pass.failures.size(), 1);
  EXPECT_EQ(pass.failures.front().code, FailureCode::index_failed_set_aside)
      << in_codes(pass.failures.front());
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  run_ok(remembering());
  EXPECT_EQ(files_in_index(index).size(), 2001);
}

TEST_F(IndexFile, that_fills_its_disk_costs_no_more_than_itself) {
  make({}, home / "small disk");
  const std::string disk = home / "small disk";
  if (::mount("none", disk.c_str(), "tmpfs", 0, "size=256k,mode=700") != 0)
    GTEST_SKIP() << "no right to mount";
  Tree tree;
  for (int number = 0; number < 5000; ++number) tree.put(file(std::to_string(number), "x"));
  remove(home.path(), "source");
  given_source(tree);
  const Pass pass = run_pass(at(disk + "/index"));
  EXPECT_EQ(pass.status(), Status::some_failed);
  EXPECT_EQ(pass.failures.size(), 1);
  EXPECT_NE(pass.failures.front().cause.find("full"), std::string::npos)
      << in_codes(pass.failures.front());
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  EXPECT_TRUE(claims_nothing_false(disk + "/index", source, destination));
  // Deletions that cannot be counted do not happen.
  for (int number = 0; number < 10; ++number) remove(source, std::to_string(number));
  const Pass later = run_pass(at(disk + "/index"));
  EXPECT_EQ(later.summary.removed.entries == 0, later.summary.deletions_held.has_value());
  EXPECT_EQ(::umount2(disk.c_str(), MNT_DETACH), 0);
}

// In the usual place: one index for each pair of roots, whatever lies at their paths.

class UsualPlace : public IndexFile {
 protected:
  UsualPlace() { ::setenv("STATE_DIRECTORY", (home / "state").c_str(), 1); }
  ~UsualPlace() override { ::unsetenv("STATE_DIRECTORY"); }

  [[nodiscard]] Options usual() const {
    Options how = options();
    how.index = index_place::Usual{};
    return how;
  }
  [[nodiscard]] Options usual(bool Options::*what) const {
    Options how = usual();
    how.*what = true;
    return how;
  }
  /// Stamps of all but the folder in which SQLite's own files come and go.
  [[nodiscard]] Stamps stamps_but_state() const {
    Stamps found = stamps(home.path());
    found.erase("state");
    return found;
  }
  void expect_refused(const Options& how) const {
    const Stamps before = stamps_but_state();
    EXPECT_EQ(refusal(how), Status::root_unusable);
    EXPECT_TRUE(untouched(before, stamps_but_state()));
  }
};

TEST_F(UsualPlace, is_made_and_found_again) {
  run_ok(usual());
  EXPECT_EQ(run_ok(usual()).summary.read_because.unknown.entries, 0);
  struct stat status {};
  ASSERT_EQ(::stat((home / "state").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

TEST_F(UsualPlace, is_the_same_for_every_way_to_spell_a_path) {
  run_ok(usual());
  put(symlink("link", "source"), home.path());
  Options how = usual();
  how.source = home / "link/";
  how.destination = home.path() + "/source/../destination/.";
  EXPECT_EQ(run_ok(how).summary.read_because.unknown.entries, 0);
}

TEST_F(UsualPlace, that_others_can_write_to_is_refused) {
  make({}, home / "state");
  set_mode(home.path(), "state", 0770);
  EXPECT_EQ(refusal(usual()), Status::files_unusable);
}

TEST_F(UsualPlace, tells_swapped_roots) {
  run_ok(usual());
  Options swapped = usual();
  std::swap(swapped.source, swapped.destination);
  expect_refused(swapped);
  // The way back, after which they are as swapped as before.
  put(file("new in the mirror", "x"), destination);
  put(file("only in the original", "x"), source);
  swapped.restore = true;
  run_ok(swapped);
  EXPECT_TRUE(exists(source, "new in the mirror"));
  EXPECT_TRUE(exists(source, "only in the original"));
  swapped.restore = false;
  expect_refused(swapped);
  swapped.adopt = true;
  swapped.deletions = deletion::AtMostEntries{1};  // they never met this way round
  run_ok(swapped);
  // From now on the other way round is the wrong one.
  expect_refused(usual());
}

TEST_F(UsualPlace, refuses_to_restore_from_the_original) {
  run_ok(usual());
  expect_refused(usual(&Options::restore));
}

// Its disk may not be mounted: the folder that it lay in is another one now, or it was a mount
// point itself.
TEST_F(UsualPlace, refuses_a_known_destination_that_is_gone) {
  put(folder("disk"), home.path());
  Options how = usual();
  how.destination = home / "disk/mirror";
  run_ok(how);
  rename(home.path(), "disk", "unmounted");
  put(folder("disk"), home.path());
  expect_refused(how);
  how.adopt = true;
  run_ok(how);
  EXPECT_TRUE(same(snapshot(home / "disk/mirror"), snapshot(source)));
}

TEST_F(UsualPlace, refuses_a_known_destination_that_is_gone_and_was_a_mount_point) {
  put(folder("disk"), home.path());
  put(folder("destination"), home.path());
  run_ok(usual());  // before there was a disk
  {
    const BindMount mounted(home / "disk", destination);
    if (!mounted.done()) GTEST_SKIP() << "no right to mount";
    run_ok(usual(&Options::adopt));
  }
  remove(home.path(), "destination");
  expect_refused(usual());
}

TEST_F(UsualPlace, has_a_destination_that_was_deleted_made_anew) {
  for (const Options& how : {usual(), remembering()}) {
    run_ok(how);
    for (int round = 0; round < 2; ++round) {
      remove(home.path(), "destination");
      Options dry = how;
      dry.dry_run = true;
      run_ok(dry);
      EXPECT_FALSE(exists(home.path(), "destination"));
      const Pass pass = run_ok(how);
      ASSERT_EQ(pass.notices.size(), 1);
      EXPECT_EQ(pass.notices.front().code, NoticeCode::destination_made_anew);
      EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
      EXPECT_TRUE(run_ok(how).notices.empty());
    }
  }
}

TEST_F(UsualPlace, refuses_another_empty_destination) {
  run_ok(usual());
  rename(home.path(), "destination", "away");
  given_destination({});
  expect_refused(usual());
  run_ok(usual(&Options::adopt));
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(UsualPlace, refuses_another_empty_source) {
  run_ok(usual());
  rename(home.path(), "source", "away");
  make({}, source);
  expect_refused(usual());
  EXPECT_TRUE(exists(destination, "a"));
}

TEST_F(UsualPlace, lets_a_source_that_is_the_same_folder_be_emptied) {
  run_ok(usual());
  remove(source, "a");
  remove(source, "b");
  run_ok(usual());
  EXPECT_FALSE(exists(destination, "a"));
}

TEST_F(UsualPlace, keeps_an_index_for_each_of_two_disks_that_take_turns) {
  run_ok(usual());
  rename(home.path(), "destination", "first disk");
  make(snapshot(source), destination);
  EXPECT_EQ(run_ok(usual()).summary.read_because.unknown.entries, 2);
  rename(home.path(), "destination", "second disk");
  rename(home.path(), "first disk", "destination");
  EXPECT_EQ(run_ok(usual()).summary.read_because.unknown.entries, 0);
  rename(home.path(), "destination", "first disk");
  rename(home.path(), "second disk", "destination");
  EXPECT_EQ(run_ok(usual()).summary.read_because.unknown.entries, 0);
}

TEST_F(UsualPlace, knows_a_source_by_the_disk_that_it_was_mirrored_to) {
  make({}, home / "bare mount point");
  rename(home.path(), "source", "mounted");
  rename(home.path(), "bare mount point", "source");
  run_ok(usual());  // the first disk, and a source that is not mounted
  rename(home.path(), "destination", "first disk");
  rename(home.path(), "source", "bare mount point");
  rename(home.path(), "mounted", "source");
  given_destination({});
  run_ok(usual(&Options::adopt));  // the second disk
  rename(home.path(), "source", "mounted");
  rename(home.path(), "bare mount point", "source");
  expect_refused(usual());
  EXPECT_TRUE(exists(destination, "a"));
}

TEST_F(UsualPlace, keeps_those_indexes_that_were_used_last) {
  const auto change_disks = [&](const std::string& away, const std::string& back) {
    rename(home.path(), "destination", away);
    if (back.empty())
      given_destination({});
    else
      rename(home.path(), back, "destination");
  };
  run_ok(usual());
  for (int disk = 1; disk < 8; ++disk) {
    change_disks("disk " + std::to_string(disk - 1), "");
    run_ok(usual(&Options::adopt));
  }
  change_disks("disk 7", "disk 0");
  run_ok(usual());  // nothing to do
  change_disks("disk 0", "");
  run_ok(usual(&Options::adopt));
  change_disks("disk 8", "disk 0");
  EXPECT_EQ(run_ok(usual()).summary.read_because.unknown.entries, 0);
}

TEST_F(UsualPlace, does_not_keep_every_root_that_ever_was) {
  for (int round = 0; round < 12; ++round) {
    run_ok(usual(&Options::adopt));
    rename(home.path(), "destination", "disk " + std::to_string(round));
  }
  const Tree state = snapshot(home / "state");
  EXPECT_EQ(std::ranges::count_if(
                state.entries(), [](const auto& entry) { return entry.first.ends_with(".index"); }),
            8);
  EXPECT_LE(state.size(), 1 + 2 * 8U);
}

}  // namespace
}  // namespace syncline::test
