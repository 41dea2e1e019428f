// That the next camera card is told from the one before, where only its serial number tells.
//
// SPDX-License-Identifier: MIT
#include "filesystem/volume.h"

#include "index/index.h"
#include "support/bent_kernel.h"
#include "support/two_roots.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <string>

namespace syncline::test {
namespace {

class Volume : public TwoRoots {};

TEST_F(Volume, is_named_by_the_link_to_its_device) {
  const std::string links = home / "by-uuid";
  make({}, links);
  const auto give = [&](const std::string& name, dev_t device) {
    const std::string node = home / (name + " node");
    return ::mknod(node.c_str(), S_IFBLK | 0600, device) == 0 &&
           ::symlink(node.c_str(), (links + '/' + name).c_str()) == 0;
  };
  if (!give("1234-ABCD", makedev(8, 1)) || !give("5678-EF01", makedev(8, 17)))
    GTEST_SKIP() << "no right to make devices";
  ASSERT_EQ(::symlink("nowhere", (links + "/gone").c_str()), 0);
  EXPECT_EQ(filesystem::name_of_device(links, makedev(8, 17)), "5678-EF01");
  EXPECT_EQ(filesystem::name_of_device(links, makedev(8, 1)), "1234-ABCD");
  EXPECT_EQ(filesystem::name_of_device(links, makedev(8, 2)), "");
  EXPECT_EQ(filesystem::name_of_device(home / "missing", makedev(8, 1)), "");
}

TEST_F(Volume, is_not_asked_where_a_folder_is_known_for_good) {
  given_source({});
  const auto folder = filesystem::Directory::open_root(source);
  class Opens : public BentKernel {
   public:
    int before(filesystem::syscalls::Call call) override {
      if (call == filesystem::syscalls::Call::open) ++count;
      return 0;
    }
    int count = 0;
  } opens;
  EXPECT_EQ(filesystem::volume_of(folder), "");
  EXPECT_EQ(opens.count, 0);
}

TEST_F(Volume, tells_one_card_from_the_next) {
  const std::string path = home / "index";
  const auto met_with = [&](const std::string& volume) {
    index::Index index{path,
                       {.source = "card",
                        .destination = "copy",
                        .source_root = "on FAT of 100 blocks",
                        .destination_root = "inode 5",
                        .source_volume = volume},
                       1,
                       index::Secrets{}};
    const bool met = index.history().met;
    index::PassRow pass;
    pass.ended_s = 1;
    pass.meets = true;
    index.finish(pass, true);
    return met;
  };
  EXPECT_FALSE(met_with(""));
  EXPECT_TRUE(met_with("")) << "nothing tells";
  EXPECT_TRUE(met_with("first")) << "it was not known before";
  EXPECT_TRUE(met_with("first"));
  EXPECT_TRUE(met_with("")) << "it cannot be told just now";
  EXPECT_FALSE(met_with("second"));
  EXPECT_TRUE(met_with("second"));
  EXPECT_FALSE(met_with("first"));
}

}  // namespace
}  // namespace syncline::test
