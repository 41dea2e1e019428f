// SPDX-License-Identifier: MIT
#include "support/mounted_image.h"

#include "support/descriptor.h"
#include "support/disk.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <system_error>

namespace syncline::test {
namespace {

constexpr std::uint64_t bytes = 320'000'000;  // xfs wants 300 MiB, and takes a fifth for its log

struct KindOfDisk {
  const char* name;
  std::int64_t magic;
};

class Images : public testing::TestWithParam<KindOfDisk> {};

struct statfs disk_of(const std::string& path) {
  struct statfs found {};
  EXPECT_EQ(::statfs(path.c_str(), &found), 0);
  return found;
}

TEST_P(Images, are_of_their_kind_and_size_and_gone_at_the_end) {
  std::string path;
  {
    const MountedImage disk(GetParam().name, bytes);
    if (!disk.done()) GTEST_SKIP() << disk.why();
    path = disk.path();
    const auto found = disk_of(path);
    EXPECT_EQ(found.f_type, GetParam().magic);
    EXPECT_NEAR(static_cast<double>(found.f_blocks) * static_cast<double>(found.f_bsize), bytes,
                bytes / 3.0);
    put(file("file", "text"), path);
    EXPECT_EQ(snapshot(path).at("file"), file("file", "text"));
  }
  EXPECT_NE(::access(path.c_str(), F_OK), 0);
}

TEST_P(Images, hold_what_was_written_when_mounted_again) {
  if (GetParam().magic == TMPFS_MAGIC) GTEST_SKIP() << "tmpfs forgets all";
  const MountedImage disk(GetParam().name, bytes, {}, "noatime");
  if (!disk.done()) GTEST_SKIP() << disk.why();
  put(file("file", "text"), disk.path());
  {
    const Descriptor open(::open((disk.path() + "/file").c_str(), O_RDONLY | O_CLOEXEC));
    EXPECT_THROW(disk.remount(), std::system_error);
  }
  disk.remount();
  EXPECT_EQ(disk_of(disk.path()).f_type, GetParam().magic);
  EXPECT_EQ(snapshot(disk.path()).at("file"), file("file", "text"));
}

INSTANTIATE_TEST_SUITE_P(Each, Images,
                         testing::Values(KindOfDisk{"ext4", EXT4_SUPER_MAGIC},
                                         KindOfDisk{"xfs", XFS_SUPER_MAGIC},
                                         KindOfDisk{"btrfs", BTRFS_SUPER_MAGIC},
                                         KindOfDisk{"tmpfs", TMPFS_MAGIC}),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(Image, of_a_kind_that_cannot_be_made_says_why) {
  const MountedImage disk("no-such-kind", bytes);
  EXPECT_FALSE(disk.done());
  EXPECT_FALSE(disk.why().empty());
}

}  // namespace
}  // namespace syncline::test
