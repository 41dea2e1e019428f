// File systems that are mounted inside the destination. What lies on them is somebody else's,
// unless the source has a folder there too.
//
// SPDX-License-Identifier: MIT
#include "support/bind_mount.h"
#include "support/two_roots.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include <string>

namespace syncline::test {
namespace {

bool is_mounted(const std::string& path) {
  struct statx found {};
  return ::statx(AT_FDCWD, path.c_str(), 0, STATX_BASIC_STATS, &found) == 0 &&
         (found.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

class MountedInDestination : public TwoRoots {
 protected:
  void SetUp() override { make(film, disk); }

  [[nodiscard]] Pass pass() const {
    Options how = options();
    how.deletions = deletion::Unlimited{};
    return run_pass(how);
  }

  void expect_kept(const std::string& path) const {
    EXPECT_TRUE(is_mounted(destination + '/' + path));
    EXPECT_TRUE(same(snapshot(disk), film));
  }

  static bool tells(const Pass& pass, const std::string& path) {
    for (const Failure& failure : pass.failures)
      if (failure.kind == FailureKind::error && failure.path == path &&
          failure.code == FailureCode::mount_point)
        return true;
    return false;
  }

  const std::string disk = home / "disk";
  const Tree film{file("film", "rare"), folder("more"), file("more/film", "rarer")};
};

TEST_F(MountedInDestination, a_folder_of_both_sides_is_mirrored_into) {
  const Tree tree{folder("mnt"), file("mnt/film", "new"), file("mnt/deep/er", "text")};
  given_source(tree);
  given_destination({folder("mnt")});
  const BindMount mounted(disk, destination + "/mnt");
  if (!mounted.done()) GTEST_SKIP() << "no right to mount";
  EXPECT_EQ(pass().status(), Status::done);
  EXPECT_TRUE(is_mounted(destination + "/mnt"));
  EXPECT_TRUE(same(snapshot(destination), tree));
  EXPECT_TRUE(exists(disk, "deep/er"));
}

TEST_F(MountedInDestination, what_the_source_lacks_is_not_emptied) {
  given_source({file("kept", "text")});
  given_destination({folder("mnt"), file("gone"), folder("gone too"), file("gone too/file")});
  const BindMount mounted(disk, destination + "/mnt");
  if (!mounted.done()) GTEST_SKIP() << "no right to mount";
  const Pass first = pass();
  EXPECT_EQ(first.status(), Status::some_failed);
  EXPECT_EQ(first.failures.size(), 1);
  EXPECT_TRUE(tells(first, "mnt"));
  EXPECT_EQ(first.summary.deletions_wanted.entries, 3);
  expect_kept("mnt");
  EXPECT_TRUE(exists(destination, "kept"));
  EXPECT_FALSE(exists(destination, "gone"));
  EXPECT_FALSE(exists(destination, "gone too"));
}

TEST_F(MountedInDestination, what_lies_deeper_in_a_folder_that_the_source_lacks_is_not_emptied) {
  given_source({});
  given_destination({folder("gone/deep/mnt"), file("gone/deep/file"), file("gone/file")});
  const BindMount mounted(disk, destination + "/gone/deep/mnt");
  if (!mounted.done()) GTEST_SKIP() << "no right to mount";
  const Pass first = pass();
  EXPECT_EQ(first.status(), Status::some_failed);
  EXPECT_TRUE(tells(first, "gone/deep/mnt"));
  expect_kept("gone/deep/mnt");
  EXPECT_FALSE(exists(destination, "gone/deep/file"));
  EXPECT_FALSE(exists(destination, "gone/file"));
}

TEST_F(MountedInDestination, a_folder_is_not_replaced) {
  given_source({file("mnt", "a file now")});
  given_destination({folder("mnt")});
  const BindMount mounted(disk, destination + "/mnt");
  if (!mounted.done()) GTEST_SKIP() << "no right to mount";
  const Pass first = pass();
  EXPECT_EQ(first.status(), Status::some_failed);
  EXPECT_TRUE(tells(first, "mnt"));
  expect_kept("mnt");
  EXPECT_TRUE(temporaries_in(destination).empty());
}

TEST_F(MountedInDestination, a_folder_that_gives_way_does_not_take_it_along) {
  given_source({file("was", "a file now")});
  given_destination({folder("was/deep/mnt"), file("was/file")});
  const BindMount mounted(disk, destination + "/was/deep/mnt");
  if (!mounted.done()) GTEST_SKIP() << "no right to mount";
  const Pass first = pass();
  EXPECT_EQ(first.status(), Status::some_failed);
  EXPECT_TRUE(tells(first, "was/deep/mnt"));
  expect_kept("was/deep/mnt");
  EXPECT_TRUE(exists(destination, "was/file"));
  EXPECT_TRUE(temporaries_in(destination).empty());
}

TEST_F(MountedInDestination, a_single_file_is_not_deleted) {
  given_source({});
  given_destination({file("mnt")});
  const BindMount mounted(disk + "/film", destination + "/mnt");
  if (!mounted.done()) GTEST_SKIP() << "no right to mount";
  const Pass first = pass();
  EXPECT_EQ(first.status(), Status::some_failed);
  EXPECT_TRUE(tells(first, "mnt"));
  expect_kept("mnt");
}

TEST_F(MountedInDestination, where_nothing_is_deleted_it_is_no_failure) {
  given_source({});
  given_destination({folder("mnt")});
  const BindMount mounted(disk, destination + "/mnt");
  if (!mounted.done()) GTEST_SKIP() << "no right to mount";
  Options how = options();
  how.deletions = deletion::None{};
  EXPECT_EQ(run_pass(how).status(), Status::done);
  expect_kept("mnt");
}

}  // namespace
}  // namespace syncline::test
