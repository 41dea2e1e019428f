// What a mirror keeps beside names and bytes: hard links, extended attributes, access control
// lists, special modes and times; and how copies are made where file systems offer more than
// writing.
//
// SPDX-License-Identifier: MIT
#include "support/acl.h"
#include "support/bent_kernel.h"
#include "support/disk.h"
#include "support/index.h"
#include "support/mounted_image.h"
#include "support/nobody.h"
#include "support/passes.h"
#include "support/tree.h"
#include "support/two_roots.h"

#include "syncline/mirror.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

namespace syncline::test {
namespace {

class Fidelity : public TwoRoots {
 protected:
  [[nodiscard]] Options indexed() const {
    Options how = options();
    how.index = index_place::File{home / "index"};
    return how;
  }

  [[nodiscard]] bool holds_attributes() const {
    return can_make(file("probe").attribute("user.probe", "x"), home.path()) &&
           can_make(file("probe").access_acl({user_entry(1, 6)}), home.path());
  }
};

std::uint64_t inode_of(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

std::uint64_t bytes_on_disk(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_blocks) * 512
                                             : 0;
}

// Attributes and lists of access.

TEST_F(Fidelity, keeps_attributes_and_lists_of_access_of_all_kinds) {
  if (!holds_attributes()) GTEST_SKIP() << "no attributes here";
  const Tree tree{
      folder("f").attribute("user.a", "folder").default_acl({user_entry(7, 5)}),
      file("f/inherits nothing", "x"),
      folder("f/nor does this"),
      fifo("f/nor this"),
      file("plain", "bytes")
          .attribute("user.a", std::string("\0\n\xff", 3))
          .attribute("user.b", ""),
      file("shared", "bytes").mode(0640).access_acl({user_entry(1000, 6), group_entry(5, 4)}),
      file("large", std::string(200'000, 'l')).attribute("user.a", std::string(300, 'v'))};
  given_source(tree);
  expect_mirrored(tree, indexed());
  EXPECT_TRUE(run_ok(indexed()).actions.empty());
}

TEST_F(Fidelity, an_attribute_that_changed_on_either_side_is_set_right_without_a_copy) {
  if (!holds_attributes()) GTEST_SKIP() << "no attributes here";
  Tree tree{folder("folder").attribute("user.a", "1"), file("file", "x").attribute("user.a", "1"),
            file("other", "y")};
  given_source(tree);
  for (const Options& how : {options(), indexed()}) {
    expect_mirrored(tree, how);
    const std::uint64_t inode = inode_of(destination + "/file");
    stamps(source);  // until the clock has ticked
    set_attribute(source, "file", "user.a", "2");
    set_attribute(source, "folder", "user.new", "3");
    remove_attribute(source, "folder", "user.a");
    set_attribute(destination, "other", "user.stray", "4");
    const Tree changed = snapshot(source);
    const Pass pass = expect_mirrored(changed, how);
    EXPECT_EQ(pass.paths(Verb::set_metadata),
              (std::vector<std::string>{"file", "folder", "other"}));
    EXPECT_EQ(inode_of(destination + "/file"), inode);
    set_attribute(source, "file", "user.a", "1");
    set_attribute(source, "folder", "user.a", "1");
    remove_attribute(source, "folder", "user.new");
  }
}

TEST_F(Fidelity, what_is_inherited_from_the_destination_folder_goes) {
  if (!holds_attributes()) GTEST_SKIP() << "no attributes here";
  const Tree tree{file("file", "x"),    file("large", std::string(100'000, 'x')),
                  symlink("link", "x"), fifo("fifo"),
                  folder("folder"),     file("folder/inner", "y")};
  given_source(tree);
  make({Entry{folder("").default_acl({user_entry(9, 7)})}}, destination);
  expect_mirrored(tree);
}

TEST_F(Fidelity, keeps_set_id_modes_and_far_times) {
  constexpr std::int64_t year_1912 = -1'800'000'000'123'456'789;
  constexpr std::int64_t year_2226 = 8'100'000'000'987'654'321;
  const Tree tree{file("setuid", "x").mode(06755),           folder("sticky").mode(03777),
                  file("unreadable", "x").mode(0),           file("old", "x").mtime(year_1912),
                  symlink("old link", "x").mtime(year_1912), folder("new").mtime(year_2226)};
  given_source(tree);
  expect_mirrored(tree);
}

TEST_F(Fidelity, what_an_ordinary_user_cannot_keep_is_counted_once_a_kind) {
  if (::geteuid() != 0) GTEST_SKIP() << "root alone can give files to others";
  given_source({file("theirs", "x").owner(1, 1).mode(0644), file("mine", "y").mode(0644)});
  ::chmod(home.path().c_str(), 0777);
  Options how = options();
  {
    const AsNobody nobody;
    const Summary summary = run_ok(how).summary;
    const auto owner = std::ranges::find(summary.unkept, Aspect::owner, &Unkept::aspect);
    ASSERT_NE(owner, summary.unkept.end());
    EXPECT_EQ(owner->entries, 3U);  // the root folder too
    how.strict = true;
    EXPECT_EQ(run_pass(how).status(), Status::some_failed);
  }
}

// As nobody's mirror of root's files does, which all but their owner may read.
TEST_F(Fidelity, keeps_modes_that_keep_an_ordinary_owner_from_reading) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may give files away";
  constexpr unsigned nobody = 65534;
  const Entry small = file("small", "text").mode(0044);
  const Entry none = file("none").mode(0004);
  const Entry large = file("large", std::string(300'000, 'l')).mode(0055);
  given_source({small, none, large});
  given_destination({folder("").owner(nobody, nobody)});
  set_mode(home.path(), "", 0755);
  BentKernel kernel;
  kernel.pretend_type(FUSE_SUPER_MAGIC);  // each file is flushed by itself
  const auto theirs = [](Entry entry) { return std::move(entry).owner(nobody, nobody); };
  for (const bool verify : {false, true}) {
    SCOPED_TRACE(verify);
    Options how = options();
    how.verify = verify;
    {
      const AsNobody guise;
      run_ok(how);
    }
    EXPECT_TRUE(same(snapshot(destination),
                     {theirs(folder("")), theirs(small), theirs(none), theirs(large)}));
    for (const Entry& made : {small, none, large}) remove(destination, made.path);
  }
}

// Hard links.

TEST_F(Fidelity, names_of_one_inode_stay_names_of_one_inode) {
  const Tree tree{file("a", "one"),         folder("f"),
                  hard_link("f/b", "a"),    hard_link("f/c", "a"),
                  file("alone", "one"),     symlink("l", "target"),
                  hard_link("f/l", "l"),    fifo("p"),
                  hard_link("f/p", "p"),    file("big", std::string(300'000, 'b')),
                  hard_link("f/big", "big")};
  given_source(tree);
  expect_mirrored(tree, indexed());
  run_ok(indexed());  // reads what was too fresh to prove anything
  const Pass again = run_ok(indexed());
  EXPECT_TRUE(again.actions.empty());
  EXPECT_EQ(again.summary.bytes_read, 0U);
  EXPECT_TRUE(claims_nothing_false(home / "index", source, destination));
}

TEST_F(Fidelity, groups_that_were_parted_joined_and_moved_are_so_in_the_mirror) {
  given_source({file("a", "one"), hard_link("b", "a"), file("c", "two"), hard_link("d", "c"),
                hard_link("e", "c")});
  expect_mirrored(snapshot(source), indexed());
  stamps(source);
  const Tree changed{file("a", "one"), file("b", "one"), file("c", "two"), hard_link("d", "a"),
                     hard_link("f", "c")};
  for (const char* path : {"b", "d", "e"}) remove(source, path);
  put(file("b", "one"), source);
  ASSERT_EQ(::link((source + "/a").c_str(), (source + "/d").c_str()), 0);
  ASSERT_EQ(::link((source + "/c").c_str(), (source + "/f").c_str()), 0);
  set_mtime(source, "", default_mtime_ns);
  expect_mirrored(changed, indexed());
  EXPECT_TRUE(claims_nothing_false(home / "index", source, destination));
  EXPECT_TRUE(run_ok(indexed()).actions.empty());
}

TEST_F(Fidelity, links_that_the_destination_alone_has_are_parted) {
  given_source({file("a", "same"), file("b", "same"), file("other", "else")});
  make({file("a", "same"), hard_link("b", "a"), hard_link("other", "a")}, destination);
  expect_mirrored(snapshot(source));
}

TEST_F(Fidelity, a_link_takes_the_place_of_anything) {
  given_source({file("a", "one"), folder("f"), hard_link("f/file", "a"), hard_link("f/folder", "a"),
                hard_link("f/link", "a")});
  make({folder("f"), file("f/file", "old"), folder("f/folder"), file("f/folder/in", "x"),
        symlink("f/link", "a")},
       destination);
  expect_mirrored(snapshot(source));
  expect_mirrored(snapshot(source));
}

TEST_F(Fidelity, metadata_of_an_inode_with_names_outside_is_left_alone) {
  given_source({file("a", "one").mode(0600), hard_link("b", "a")});
  make({file("a", "one"), hard_link("b", "a")}, destination);
  const std::string outside = home / "outside";
  ASSERT_EQ(::link((destination + "/a").c_str(), outside.c_str()), 0);
  expect_mirrored(snapshot(source));
  struct stat status {};
  ASSERT_EQ(::stat(outside.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0644U);
}

TEST_F(Fidelity, a_dry_run_tells_of_links_that_are_missing_and_of_no_others) {
  given_source({file("a", "one"), hard_link("b", "a"), hard_link("c", "a")});
  make({file("a", "one"), hard_link("b", "a")}, destination);
  Options how = options();
  how.dry_run = true;
  const Pass pass = run_ok(how);
  EXPECT_EQ(pass.paths(Verb::create), std::vector<std::string>{"c"});
  EXPECT_EQ(pass.paths(Verb::update), std::vector<std::string>{});
}

// Copies.

TEST_F(Fidelity, holes_stay_holes) {
  constexpr std::uint64_t size = 40'000'000;
  make({}, source);
  put_sparse(source, "empty", size);
  put_sparse(source, "small", 50'000);
  put_sparse(source, "edges", size);
  for (const off_t at : {off_t{0}, off_t{chunk_bytes - 2}, off_t{size - 4}}) {
    const int fd = ::open((source + "/edges").c_str(), O_WRONLY | O_CLOEXEC);
    ASSERT_EQ(::pwrite(fd, "data", 4, at), 4);
    ::close(fd);
  }
  const Tree tree = snapshot(source);
  expect_mirrored(tree);
  for (const char* name : {"/empty", "/small", "/edges"})
    EXPECT_EQ(bytes_on_disk(destination + name), bytes_on_disk(source + name)) << name;
  // Changed, it is copied with its holes again.
  overwrite_unseen(source, "edges", "DATA");
  put_sparse(source, "edges2", size);
  expect_mirrored(snapshot(source));
  EXPECT_LE(bytes_on_disk(destination + "/edges"), bytes_on_disk(source + "/edges") + 8192);
}

TEST_F(Fidelity, what_is_verified_is_exact) {
  const Tree tree{file("small", "x"), file("empty"), file("large", std::string(200'000, 'l')),
                  file("chunks", std::string(2 * chunk_bytes + 1, 'c'))};
  given_source(tree);
  Options how;
  how.verify = true;
  const Pass pass = expect_mirrored(tree, how);
  EXPECT_GE(pass.summary.bytes_read, 2 * (2 * chunk_bytes + 200'000));
}

TEST_F(Fidelity, in_place_keeps_the_inode_and_forgets_the_row_first) {
  std::string content(2 * chunk_bytes + 10, 'c');
  given_source({file("large", content), file("small", "x")});
  expect_mirrored(snapshot(source), indexed());
  const std::uint64_t inode = inode_of(destination + "/large");
  Options how = indexed();
  how.in_place = true;
  for (const std::size_t size :
       {content.size(), content.size() + 5, content.size() - chunk_bytes}) {
    content.resize(size, 'n');
    content[chunk_bytes - 1] = static_cast<char>(content[chunk_bytes - 1] + 1);
    remove(source, "large");
    put(file("large", content), source);
    set_mtime(source, "", default_mtime_ns);
    const Pass pass = expect_mirrored(snapshot(source), how);
    EXPECT_LE(pass.summary.bytes_written, chunk_bytes + (1U << 20U)) << "only what differs";
    EXPECT_EQ(inode_of(destination + "/large"), inode);
    EXPECT_TRUE(claims_nothing_false(home / "index", source, destination));
  }
  ASSERT_EQ(::link((destination + "/large").c_str(), (home / "outside").c_str()), 0);
  content[5] = '!';
  remove(source, "large");
  put(file("large", content), source);
  set_mtime(source, "", default_mtime_ns);
  expect_mirrored(snapshot(source), how);
  EXPECT_NE(inode_of(destination + "/large"), inode) << "it has another name";
}

class OnImage : public testing::TestWithParam<const char*> {
 protected:
  static constexpr std::uint64_t image_bytes = 512'000'000;
};

TEST_P(OnImage, a_changed_chunk_is_all_that_is_written_where_blocks_can_be_shared) {
  const MountedImage image{GetParam(), image_bytes};
  if (!image.done()) GTEST_SKIP() << image.why();
  const TemporaryFolder home;
  const std::string source = home / "source";
  const std::string destination = image.path() + "/destination";
  std::string content(10 * chunk_bytes, 'c');
  for (std::size_t i = 0; i < content.size(); i += 4096) content[i] = static_cast<char>(i >> 12U);
  make({file("big", content)}, source);
  mirror_ok(source, destination);
  struct statvfs before {};
  struct statvfs after {};
  const auto free = [&](struct statvfs& status) {
    ::sync();
    ::statvfs(destination.c_str(), &status);
  };
  // What the old copy and the new one share is there once, as long as both are.
  ASSERT_EQ(::link((destination + "/big").c_str(), (image.path() + "/kept").c_str()), 0);
  free(before);
  content[5 * chunk_bytes + 3] = '!';
  remove(source, "big");
  put(file("big", content + "grown"), source);
  mirror_ok(source, destination);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  free(after);
  EXPECT_LE((before.f_bfree - after.f_bfree) * before.f_frsize, 2 * chunk_bytes);
}

TEST_P(OnImage, copies_within_it_share_their_blocks_unless_they_must_not) {
  const MountedImage image{GetParam(), image_bytes};
  if (!image.done()) GTEST_SKIP() << image.why();
  const std::string source = image.path() + "/source";
  make({file("big", std::string(4 * chunk_bytes, 'b')), file("small", "x"), file("empty")}, source);
  for (const Reflink how : {Reflink::automatic, Reflink::always, Reflink::never}) {
    struct statvfs before {};
    struct statvfs after {};
    ::sync();
    ::statvfs(source.c_str(), &before);
    const std::string destination = image.path() + "/" + std::to_string(static_cast<int>(how));
    mirror_ok(source, destination, with(&Options::reflink, how));
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
    ::sync();
    ::statvfs(source.c_str(), &after);
    const auto taken = (before.f_bfree - after.f_bfree) * before.f_frsize;
    if (how == Reflink::never)
      EXPECT_GE(taken, 4 * chunk_bytes);
    else
      EXPECT_LE(taken, chunk_bytes);
  }
}

INSTANTIATE_TEST_SUITE_P(Reflinks, OnImage, testing::Values("xfs", "btrfs"));

TEST_F(Fidelity, blocks_that_cannot_be_shared_are_a_failure_where_they_must_be) {
  given_source({file("file", "x"), file("empty")});
  const Pass pass = run_pass([&] {
    Options how = options();
    how.reflink = Reflink::always;
    return how;
  }());
  if (pass.status() == Status::done) GTEST_SKIP() << "they can be shared here";
  EXPECT_EQ(pass.status(), Status::some_failed);
  ASSERT_EQ(pass.failures.size(), 1U);
  EXPECT_EQ(pass.failures.front().path, "file");
}

// What a first name that waits for a folder to give way is called meanwhile is nobody's business.
TEST_F(Fidelity, links_to_what_takes_the_place_of_a_folder_are_told_by_its_name) {
  given_source({file("a", "x"), hard_link("b", "a"), symlink("s", "x"), hard_link("t", "s")});
  given_destination({folder("a"), file("a/y"), folder("s")});
  const Pass pass = expect_mirrored(snapshot(source));
  ASSERT_NE(pass.action_at("b"), nullptr);
  EXPECT_EQ(pass.action_at("b")->reason.code, ReasonCode::hard_link);
  EXPECT_EQ(pass.action_at("b")->link_of, "a");
  ASSERT_NE(pass.action_at("t"), nullptr);
  EXPECT_EQ(pass.action_at("t")->reason.code, ReasonCode::hard_link);
  EXPECT_EQ(pass.action_at("t")->link_of, "s");
}

// Order of deletions.

TEST_F(Fidelity, deletions_can_come_first) {
  given_source({folder("f"), file("f/new", "new"), folder("kept"), file("kept/a", "a")});
  make({file("f", "was a file"), folder("gone"), file("gone/x", "x"), folder("kept"),
        file("kept/b", "b")},
       destination);
  Options how = options();
  how.delete_before = true;
  std::vector<std::string> order;
  const Pass pass = run_pass(how, [&](const Event& event) {
    if (const auto* action = std::get_if<Action>(&event)) order.emplace_back(action->path);
  });
  EXPECT_EQ(pass.status(), Status::done);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  const auto place = [&](const char* path) {
    return std::ranges::find(order, path) - order.begin();
  };
  EXPECT_LT(place("gone/x"), place("f/new"));
  EXPECT_LT(place("kept/b"), place("kept/a"));
  EXPECT_EQ(pass.summary.removed.entries, 3U);
}

}  // namespace
}  // namespace syncline::test
