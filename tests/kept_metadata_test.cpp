// Metadata that is not kept, or kept as something else: trees before, trees after.
//
// SPDX-License-Identifier: MIT
#include "support/bent_kernel.h"
#include "support/two_roots.h"

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

constexpr std::uint32_t somebody = 4321;

class KeptMetadataTest : public TwoRoots {
 protected:
  KeptMetadataTest() { ::umask(022); }
  ~KeptMetadataTest() override { ::umask(umask_before_); }

  [[nodiscard]] static bool is_root() { return ::geteuid() == 0; }
  Pass mirrored(const Options& how) const { return mirror_ok(source, destination, how); }
  /// A pass after which the destination is `expected`, and another that finds nothing to do.
  void expect_settled(const Options& how, const Tree& expected) const {
    mirrored(how);
    EXPECT_TRUE(same(snapshot(destination), expected));
    Options dry = how;
    dry.dry_run = true;
    EXPECT_EQ(mirrored(dry).actions.size(), 0U);
    const Pass again = mirrored(how);
    EXPECT_FALSE(again.summary.changed_anything());
    EXPECT_EQ(again.summary.unkept.size(), 0U);
  }

  Options asked = {};

 private:
  const mode_t umask_before_ = ::umask(022);
};

// Whatever way a file comes into being: small and large, new and over another one.
TEST_F(KeptMetadataTest, modes_that_are_not_kept_are_the_systems_or_the_old_ones) {
  const std::string large(300'000, 'x');
  given_source({folder("").mode(0700), folder("new").mode(02750), file("new/file").mode(04766),
                file("new/large", large).mode(0600), file("same").mode(0600),
                file("other", "new").mode(0600), file("other large", large).mode(0600),
                folder("folder").mode(0700), fifo("fifo").mode(0666), symlink("link", "x")});
  given_destination({folder("").mode(0755), file("same").mode(0641), file("other").mode(0604),
                     file("other large").mode(0604), folder("folder").mode(0711)});
  asked.metadata.mode = false;
  expect_settled(asked,
                 {folder("").mode(0755), folder("new").mode(0750), file("new/file").mode(0744),
                  file("new/large", large).mode(0600), file("same").mode(0641),
                  file("other", "new").mode(0604), file("other large", large).mode(0604),
                  folder("folder").mode(0711), fifo("fifo").mode(0644), symlink("link", "x")});
}

TEST_F(KeptMetadataTest, owners_that_are_not_kept_are_ours_or_the_old_ones) {
  if (!is_root()) GTEST_SKIP() << "only root may give files away";
  given_source({folder("").owner(7, 8), folder("new").owner(7, 8), file("new/file").owner(7, 8),
                file("same").owner(7, 8), file("other", "new").owner(7, 8),
                symlink("link", "new").owner(7, 8)});
  given_destination({file("same"), file("other").owner(somebody, somebody),
                     symlink("link", "old").owner(somebody, somebody)});
  asked.metadata.owner = false;
  asked.metadata.group = false;
  expect_settled(asked, {folder(""), folder("new"), file("new/file"), file("same"),
                         file("other", "new").owner(somebody, somebody),
                         symlink("link", "new").owner(somebody, somebody)});
}

TEST_F(KeptMetadataTest, access_control_lists_go_with_the_modes) {
  const Entry listed = file("file").mode(0640).access_acl({user_entry(somebody, 4)});
  if (!can_make(listed, home.path())) GTEST_SKIP() << "no access control lists here";
  given_source({Entry(listed)});
  asked.metadata.mode = false;
  asked.index = index_place::File{home / "index"};
  expect_settled(asked, {file("file").mode(0640)});
  // Whoever keeps them later gets them, though nothing else has moved.
  asked.metadata.mode = true;
  expect_settled(asked, {Entry(listed)});
}

/// What cp(1) makes of the tree `from` in a folder that has that default list.
Tree as_copied(const std::string& from, const std::string& to, const Entry& root) {
  make({Entry(root)}, to);
  const std::string command = "cp -r --sparse=never '" + from + "/.' '" + to + "'";
  EXPECT_EQ(std::system(command.c_str()), 0);
  return snapshot(to);
}

Tree without_times(Tree tree) {
  const auto entries = tree.entries();
  for (const auto& [path, entry] : entries) tree.put(Entry(entry).mtime(0));
  return tree;
}

// The kernel ignores the umask there, and so do we: it withholds what the list withholds, and gives
// what the list gives, whatever way a file comes into being.
TEST_F(KeptMetadataTest, modes_that_are_not_kept_are_what_a_default_list_makes_of_them) {
  const std::string large_file(300'000, 'x');
  const std::vector<std::vector<AclEntry>> lists{{}, {user_entry(somebody, 7)}};
  for (const std::vector<AclEntry>& list : lists) {
    for (const std::uint32_t mode : {0770U, 0755U, 0700U, 0777U}) {
      for (const mode_t umask : {0022, 0077, 0000}) {
        const Entry shared = list.empty() && mode == 0755 ? folder("").mode(mode)
                                                          : folder("").mode(mode).default_acl(list);
        if (!can_make(Entry(shared), home.path())) GTEST_SKIP() << "no access control lists here";
        const TemporaryFolder scene;
        ::umask(umask);
        make({folder("").mode(0755), folder("new"), folder("closed").mode(0700),
              file("new/file", "x"), file("small", "x"), file("program", "x").mode(0755),
              file("private").mode(0600), file("large", large_file), fifo("fifo")},
             scene / "source");
        make({Entry(shared)}, scene / "destination");
        const Tree expected = as_copied(scene / "source", scene / "copied", shared);
        Options how = asked;
        how.metadata.mode = false;
        mirror_ok(scene / "source", scene / "destination", how);
        EXPECT_TRUE(same(without_times(snapshot(scene / "destination")), without_times(expected)))
            << std::oct << "mode " << mode << ", umask " << umask;
        EXPECT_FALSE(
            mirror_ok(scene / "source", scene / "destination", how).summary.changed_anything());
      }
    }
  }
}

// Large enough for a journal, which other users could write to if it had their rights meanwhile.
TEST_F(KeptMetadataTest, what_is_copied_with_a_journal_has_the_rights_of_the_rest) {
  const Entry shared = folder("").mode(0777).default_acl({});
  if (!can_make(Entry(shared), home.path())) GTEST_SKIP() << "no access control lists here";
  ::umask(077);
  given_source({file("large", std::string(3'000'000, 'x')).mode(0664)});
  given_destination({Entry(shared)});
  let_age(source);
  asked.metadata.mode = false;
  asked.keep_partial_from = 1'000'000;
  mirrored(asked);
  EXPECT_EQ(snapshot(destination).at("large").mode_bits, 0664U);
}

TEST_F(KeptMetadataTest, whether_files_can_be_executed_may_be_kept_alone) {
  given_source({file("program", "new").mode(0755), file("same program").mode(0711),
                file("text", "new").mode(0644), file("same text").mode(0600),
                file("new").mode(0755), folder("folder").mode(0700)});
  given_destination({file("program", "old").mode(0640), file("same program").mode(0604),
                     file("text", "old").mode(0751), file("same text").mode(0710),
                     folder("folder").mode(0511)});
  asked.metadata.mode = false;
  asked.metadata.executability = true;
  asked.index = index_place::File{home / "index"};
  expect_settled(asked, {file("program", "new").mode(0750), file("same program").mode(0705),
                         file("text", "new").mode(0640), file("same text").mode(0600),
                         file("new").mode(0755), folder("folder").mode(0511)});
}

TEST_F(KeptMetadataTest, a_changed_mode_shows_in_the_access_control_list) {
  const auto listed = [](std::uint32_t mode) {
    return file("file").mode(mode).access_acl({user_entry(somebody, 6), owning_group_entry(6)});
  };
  if (!can_make(listed(0660), home.path())) GTEST_SKIP() << "no access control lists here";
  given_source({listed(0660)});
  asked.metadata.mode_changes = {{.keep = 07777U & ~020U}};  // g-w
  expect_settled(asked, {listed(0640)});
}

TEST_F(KeptMetadataTest, times_that_are_not_kept_are_not_set) {
  given_source({folder("").mtime(1), file("file", "text").mtime(2), symlink("link", "x").mtime(3),
                folder("folder").mtime(4)});
  given_destination({folder("").mtime(11), file("file", "text").mtime(12),
                     symlink("link", "x").mtime(13), folder("folder").mtime(14)});
  asked.metadata.times = false;
  expect_settled(asked, {folder("").mtime(11), file("file", "text").mtime(12),
                         symlink("link", "x").mtime(13), folder("folder").mtime(14)});
  asked = {};
  asked.metadata.folder_times = false;
  expect_settled(asked, {folder("").mtime(11), file("file", "text").mtime(2),
                         symlink("link", "x").mtime(3), folder("folder").mtime(14)});
  asked = {};
  asked.metadata.link_times = false;
  set_mtime(destination, "link", 13);
  expect_settled(asked, {folder("").mtime(1), file("file", "text").mtime(2),
                         symlink("link", "x").mtime(13), folder("folder").mtime(4)});
}

// The index must not take a file that has no mtime of the source's for unknown.
TEST_F(KeptMetadataTest, files_without_the_sources_mtime_are_proved_once) {
  given_source({file("file", "text")});
  asked.metadata.times = false;
  asked.index = index_place::File{home / "index"};
  mirrored(asked);
  mirrored(asked);
  const Pass third = mirrored(asked);
  EXPECT_EQ(third.summary.standing.entries, 1U);
  EXPECT_EQ(third.summary.bytes_read, 0U);
}

TEST_F(KeptMetadataTest, what_is_wanted_instead_is_what_is_compared) {
  if (!is_root()) GTEST_SKIP() << "only root may give files away";
  given_source({folder("").mode(0700), file("file", "text").mode(0600), symlink("link", "x")});
  asked.metadata.owner_instead = somebody;
  asked.metadata.group_instead = somebody;
  asked.metadata.mode_changes = {{.to_others = false, .keep = 07777, .add = 055},
                                 {.to_folders = false, .keep = 07777, .add = 044}};
  expect_settled(asked, {folder("").mode(0755).owner(somebody, somebody),
                         file("file", "text").mode(0644).owner(somebody, somebody),
                         symlink("link", "x").owner(somebody, somebody)});
}

TEST_F(KeptMetadataTest, modes_are_changed_of_what_cannot_be_linked_too) {
  given_source({file("one", "text").mode(0644), hard_link("two", "one")});
  asked.metadata.mode_changes = {{.to_folders = false, .keep = 0700}};  // Fgo=
  BentKernel kernel;
  kernel.refuse_links();
  mirrored(asked);
  EXPECT_TRUE(same(snapshot(destination),
                   {file("one", "text").mode(0600), file("two", "text").mode(0600)}));
}

TEST_F(KeptMetadataTest, mtimes_within_the_window_are_the_same) {
  constexpr std::int64_t second = 1'000'000'000;
  given_source({file("a").mtime(100 * second), file("b").mtime(100 * second + 5)});
  given_destination({file("a").mtime(102 * second + 999), file("b").mtime(103 * second)});
  asked.metadata.folder_times = false;
  asked.metadata.mtime_window_s = 2;
  EXPECT_EQ(mirrored(asked).paths(Verb::set_metadata), std::vector<std::string>{"b"});
  EXPECT_EQ(snapshot(destination).at("a").modified, timestamp_of(102 * second + 999));
  asked.metadata.mtime_window_s.reset();
  EXPECT_EQ(mirrored(asked).paths(Verb::set_metadata), std::vector<std::string>{"a"});
}

TEST_F(KeptMetadataTest, files_of_one_size_are_taken_for_the_same_where_that_is_asked_for) {
  given_source({file("file", "new!"), file("longer", "longer"), file("old", "same").mtime(5)});
  given_destination({file("file", "old!").mtime(7), file("longer", "text"), file("old", "else")});
  asked.size_only = true;
  asked.index = index_place::File{home / "index"};
  const Pass done = mirrored(asked);
  EXPECT_TRUE(same(snapshot(destination),
                   {file("file", "old!"), file("longer", "longer"), file("old", "else").mtime(5)}));
  EXPECT_EQ(done.summary.unproven.entries, 2U);
  // Later passes must not inherit it.
  asked.size_only = false;
  mirrored(asked);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

}  // namespace
}  // namespace syncline::test
