// A tree that is made is the tree that is read back: what this misses, no comparison of trees can
// find.
//
// SPDX-License-Identifier: MIT
#include "support/descriptor.h"
#include "support/disk.h"
#include "support/mounted_image.h"
#include "support/nobody.h"
#include "support/random_tree.h"
#include "support/temporary_folder.h"
#include "support/tree.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace syncline::test {
namespace {

class TreesOnDisk : public testing::Test {
 protected:
  void expect_same_when_made(const Tree& tree) const {
    make(tree, root);
    EXPECT_TRUE(same(snapshot(root), tree));
  }
  [[nodiscard]] bool can_have(Entry entry) const { return can_make(std::move(entry), home.path()); }
  [[nodiscard]] bool opens(std::string_view name, int flags) const {
    return Descriptor(::open(join(root, name).c_str(), flags | O_CLOEXEC)).get() >= 0;
  }

  const TemporaryFolder home;
  const std::string root = home / "root";
};

TEST_F(TreesOnDisk, have_attributes) {
  if (!can_have(file("").attribute("user.a", "b"))) GTEST_SKIP() << "no user attributes here";
  using namespace std::string_literals;
  expect_same_when_made({
      folder("").attribute("user.of the root", "x"),
      folder("folder").attribute("user.note", "x").mode(0500),
      file("folder/file", "text").attribute("user.empty", "").attribute("user.b", "\0\xff\n"s),
      file("long", "text").attribute("user." + std::string(200, 'n'), std::string(900, 'v')),
      file("read-only").mode(0400).attribute("user.note", "x"),
      file("none"),
  });
}

TEST_F(TreesOnDisk, have_attributes_that_only_root_may_set) {
  if (!can_have(file("").attribute("trusted.a", "b"))) GTEST_SKIP() << "no trusted attributes";
  using namespace std::string_view_literals;
  // Version 2: cap_net_raw, permitted and effective.
  constexpr auto capability = "\1\0\0\2\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv;
  const Tree tree{
      file("capable", "text").owner(1, 1).attribute("security.capability", std::string(capability)),
      symlink("symlink", "nowhere").attribute("trusted.note", "of the link itself"),
      fifo("fifo").attribute("trusted.note", "x"),
      socket("socket").attribute("trusted.note", "x"),
  };
  make(tree, root);
  // No mirror keeps what overlayfs notes in its layers.
  set_attribute(root, "fifo", "trusted.overlay.opaque", "y");
  EXPECT_TRUE(same(snapshot(root), tree));
}

TEST_F(TreesOnDisk, have_access_lists) {
  const Entry listed =
      file("file").mode(0640).access_acl({user_entry(1000, 06), group_entry(1001, 04)});
  if (!can_have(listed)) GTEST_SKIP() << "no access lists here";
  const Tree tree{
      listed,
      folder("folder").default_acl({user_entry(1002, 07), user_entry(1001, 05)}),
      // Inherits no list, for it states none.
      file("folder/none"),
      folder("folder/another").mode(02770).access_acl({owning_group_entry(01)}),
      fifo("folder/fifo").access_acl({group_entry(1001, 02)}),
  };
  expect_same_when_made(tree);
  put(file("folder/later"), root);
  EXPECT_EQ(snapshot(root).at("folder/later"), file("folder/later"));
}

TEST_F(TreesOnDisk, have_access_lists_once_on_xfs) {
  const MountedImage disk("xfs", 320'000'000);
  if (!disk.done()) GTEST_SKIP() << disk.why();
  const Tree tree{file("file").access_acl({user_entry(1000, 06)}),
                  folder("folder").default_acl({user_entry(1000, 06)})};
  make(tree, disk.path());
  EXPECT_TRUE(same(snapshot(disk.path()), tree));
}

TEST_F(TreesOnDisk, take_the_rights_that_access_lists_name) {
  const Entry listed = file("file").mode(0640).access_acl({user_entry(65534, 04)});
  if (::geteuid() != 0 || !can_have(listed)) GTEST_SKIP() << "no access lists here, or not root";
  set_mode(home.path(), "", 0755);
  make({listed, file("other").mode(0640),
        file("by group").mode(0640).access_acl({group_entry(65534, 04)}),
        // The user's entry counts, whatever his groups may do.
        file("refused").mode(0640).access_acl({user_entry(65534, 0), group_entry(65534, 04)})},
       root);
  const AsNobody nobody;
  // Not by eaccess(), which knows only modes.
  EXPECT_TRUE(opens("file", O_RDONLY));
  EXPECT_FALSE(opens("file", O_WRONLY));
  EXPECT_FALSE(opens("other", O_RDONLY));
  EXPECT_TRUE(opens("by group", O_RDONLY));
  EXPECT_FALSE(opens("refused", O_RDONLY));
}

TEST_F(TreesOnDisk, have_hard_links) {
  expect_same_when_made({
      file("b", "text").mode(0600),
      hard_link("c/d", "b"),
      hard_link("a", "c/d"),
      file("other", "text").mode(0600),
      hard_link("c/other", "other"),
      symlink("link", "nowhere"),
      hard_link("same link", "link"),
      fifo("fifo"),
      hard_link("same fifo", "fifo"),
  });
  struct stat of_link {};
  ASSERT_EQ(::lstat((root + "/same link").c_str(), &of_link), 0);
  EXPECT_TRUE(S_ISLNK(of_link.st_mode));
  EXPECT_EQ(of_link.st_nlink, 2);
}

TEST_F(TreesOnDisk, differ_by_hard_links_alone) {
  const Tree apart{file("a", "text"), file("b", "text"), file("c", "text"), file("d", "text")};
  Tree pairs = apart;
  pairs.put(hard_link("b", "a"));
  pairs.put(hard_link("d", "c"));
  Tree other_pairs = apart;
  other_pairs.put(hard_link("c", "a"));
  other_pairs.put(hard_link("d", "b"));
  make(pairs, root);
  EXPECT_TRUE(same(snapshot(root), pairs));
  EXPECT_FALSE(same(snapshot(root), apart));
  EXPECT_FALSE(same(snapshot(root), other_pairs));
}

TEST_F(TreesOnDisk, state_hard_links_in_any_order) {
  const Tree tree{file("a", "x"), hard_link("b", "a"), hard_link("c", "b")};
  EXPECT_EQ(tree, (Tree{file("c", "x"), hard_link("b", "c"), hard_link("a", "b")}));
  EXPECT_EQ(tree.at("a").linked_to, "");
  EXPECT_EQ(tree.at("c").linked_to, "a");
}

TEST_F(TreesOnDisk, keep_the_other_names_when_one_goes) {
  Tree tree{file("a", "x"), hard_link("b", "a"), hard_link("folder/c", "a")};
  make(tree, root);
  tree.remove("a");
  remove(root, "a");
  set_mtime(root, "", default_mtime_ns);
  EXPECT_TRUE(same(snapshot(root), tree));
  EXPECT_EQ(tree.at("folder/c").linked_to, "b");
  tree.put(folder("b"));
  tree.put(hard_link("d", "folder/c"));
  EXPECT_EQ(tree, (Tree{folder("b"), file("folder/c", "x"), hard_link("d", "folder/c")}));
  tree.remove("folder");
  EXPECT_EQ(tree, (Tree{folder("b"), file("d", "x")}));
}

TEST_F(TreesOnDisk, have_all_that_random_ones_state) {
  if (!holds_riches(home.path())) GTEST_SKIP() << "no attributes or access lists here";
  Random random(announced_seed());
  const Tree tree = random_rich_tree(random, 300);
  expect_same_when_made(tree);
  change_richly(random, root, 30);
  const Tree changed = snapshot(root);
  EXPECT_FALSE(same(changed, tree));
  make(changed, home / "again");
  EXPECT_TRUE(same(snapshot(home / "again"), changed));
}

TEST_F(TreesOnDisk, have_holes_where_asked_for) {
  constexpr std::uint64_t mebibyte = 1U << 20U;
  const std::vector<Extent> data{{.offset = mebibyte, .bytes = mebibyte},
                                 {.offset = 1024 * mebibyte, .bytes = 2 * mebibyte}};
  make({}, root);
  put_with_holes(root, "file", data, 4096 * mebibyte);
  if (allocated(root, "file") > 1024 * mebibyte) GTEST_SKIP() << "no holes here";
  EXPECT_EQ(data_extents(root, "file"), data);
  EXPECT_GE(allocated(root, "file"), 3 * mebibyte);
  EXPECT_LT(allocated(root, "file"), 5 * mebibyte);
  put_with_holes(root, "hole", {}, mebibyte);
  EXPECT_TRUE(data_extents(root, "hole").empty());
}

TEST_F(TreesOnDisk, leave_out_the_blocks_of_zeros) {
  constexpr std::uint64_t mebibyte = 1U << 20U;
  put_sparse(home.path(), "sparse", mebibyte);
  if (allocated(home.path(), "sparse") > 0) GTEST_SKIP() << "no holes here";
  const std::string zeros(mebibyte, '\0');
  const Tree tree{file("begin", zeros + "text"), file("middle", "text" + zeros + "text"),
                  file("end", "text" + zeros), file("all", zeros)};
  expect_same_when_made(tree);
  for (const auto& [path, entry] : tree.entries()) {
    if (entry.kind == Kind::folder) continue;
    EXPECT_LT(allocated(root, path), mebibyte / 2) << path;
  }
}

}  // namespace
}  // namespace syncline::test
