// The destination's disk is full, or out of inodes. What fits is mirrored, what does not is told,
// nothing is torn or left over, and what frees room still happens. Once there is room, the next
// pass completes the mirror.
//
// SPDX-License-Identifier: MIT
#include "support/descriptor.h"
#include "support/disk.h"
#include "support/mounted_image.h"
#include "support/passes.h"
#include "support/temporary_folder.h"
#include "support/tree.h"
#include "support/versions.h"

#include "syncline/mirror.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

constexpr std::uint64_t mebibyte = 1 << 20;
constexpr std::uint64_t room = 8 * mebibyte;

struct KindOfDisk {
  const char* file_system;
  std::uint64_t bytes;
  std::vector<std::string> mkfs_options;
  std::uint64_t surely_taken;  ///< bytes, of the room that is left
};

void PrintTo(const KindOfDisk& kind, std::ostream* out) {
  *out << kind.file_system;
}

std::uint64_t bytes_left(const std::string& path) {
  struct statvfs found {};
  checked(::statvfs(path.c_str(), &found), path);
  return found.f_bavail * found.f_frsize;
}

/// Takes all but `room`.
void put_ballast(const std::string& root) {
  const Descriptor file(
      checked(::open((root + "/ballast").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600), root));
  const std::string block(mebibyte / 4, 'b');
  // What was written last is counted only once it has its place.
  while (::fsync(file.get()) == 0 && bytes_left(root) > room)
    checked(::write(file.get(), block.data(), block.size()), "ballast");
}

Tree before() {
  return {file("edited", "old"), file("gone", std::string(mebibyte, 'g')), folder("gone folder"),
          file("gone folder/in it", "gone"), file("large 1", "small once")};
}

/// Twice what there is room for.
Tree after() {
  Tree tree{file("edited", "new"), folder("small")};
  for (int i = 0; i < 16; ++i)
    tree.put(file("large " + std::to_string(i), std::string(mebibyte, static_cast<char>('a' + i))));
  for (int i = 0; i < 40; ++i)
    tree.put(file("small/" + std::to_string(i), std::string(4000, static_cast<char>('0' + i))));
  return tree;
}

/// What is there is of the source or was there before; what is not is what was told.
void expect_told(const Pass& pass, const Tree& found, const Tree& wanted, const Tree& old) {
  EXPECT_EQ(pass.status(), Status::some_failed);
  EXPECT_FALSE(pass.failures.empty());
  Versions versions;
  versions.add(wanted);
  versions.add(old);
  EXPECT_TRUE(versions.nothing_is_torn_in(found));
  for (const auto& [wanted_path, entry] : wanted.entries()) {
    const std::string& path = wanted_path;  // clang 14 captures no binding
    const bool is_told = std::ranges::any_of(pass.failures, [&](const Failure& failure) {
      return path == failure.path || path.starts_with(failure.path + '/');
    });
    const bool is_there = found.contains(path) && found.at(path).kind == entry.kind &&
                          found.at(path).content == entry.content;
    EXPECT_NE(is_told, is_there) << printable(path);
  }
  for (const auto& [path, entry] : found.entries())
    EXPECT_TRUE(wanted.contains(path)) << printable(path) << " is left over";
  for (const Failure& failure : pass.failures)
    EXPECT_EQ(failure.error_number, ENOSPC) << printable(failure.path) << ": " << failure.operation;
}

class FullDisk : public testing::TestWithParam<KindOfDisk> {
 protected:
  void SetUp() override {
    if (!disk.done()) GTEST_SKIP() << disk.why();
    make(after(), source);
  }

  const TemporaryFolder home;
  const MountedImage disk{GetParam().file_system, GetParam().bytes, GetParam().mkfs_options};
  const std::string source = home / "source";
  const std::string destination = disk.path() + "/destination";
};

TEST_P(FullDisk, takes_what_fits_and_the_rest_once_there_is_room) {
  make(before(), destination);
  put_ballast(disk.path());

  Options how = between(source, destination);
  how.index = index_place::File{home / "index"};
  const Pass pass = run_pass(how);
  const Tree found = snapshot(destination);
  expect_told(pass, found, after(), before());
  // Which is chance, but what is written side by side must not fill the disk with parts of files.
  EXPECT_GE(pass.summary.created.bytes + pass.summary.updated.bytes, GetParam().surely_taken);
  EXPECT_EQ(pass.paths(Verb::remove),
            (std::vector<std::string>{"gone", "gone folder", "gone folder/in it"}));

  remove(disk.path(), "ballast");
  run_ok(how);
  EXPECT_TRUE(same(snapshot(destination), after()));
}

// It is so large that its room is asked for before it is written.
TEST_P(FullDisk, keeps_the_old_version_of_what_does_not_fit) {
  make({file("huge", "small once")}, destination);
  put_ballast(disk.path());
  const TemporaryFolder other;
  const Tree wanted{file("huge", std::string(2 * room, 'h'))};
  make(wanted, other / "source");

  const Options how = between(other / "source", destination);
  const Pass pass = run_pass(how);
  EXPECT_EQ(pass.status(), Status::some_failed);
  ASSERT_EQ(pass.failures.size(), 1U);
  EXPECT_EQ(pass.failures.front().path, "huge");
  EXPECT_EQ(pass.failures.front().error_number, ENOSPC);
  EXPECT_TRUE(same(snapshot(destination), {file("huge", "small once")}));

  remove(disk.path(), "ballast");
  run_ok(how);
  EXPECT_TRUE(same(snapshot(destination), wanted));
}

INSTANTIATE_TEST_SUITE_P(Of, FullDisk,
                         testing::Values(KindOfDisk{"ext4", 40 * mebibyte, {}, room / 2},
                                         KindOfDisk{"xfs", 320 * mebibyte, {}, room / 2},
                                         // Its own tables may take what it calls free.
                                         KindOfDisk{"btrfs", 64 * mebibyte, {"--mixed"}, 0},
                                         KindOfDisk{"tmpfs", 40 * mebibyte, {}, room / 2}),
                         [](const auto& each) { return std::string(each.param.file_system); });

TEST(DiskFull, of_inodes_takes_what_fits_and_the_rest_once_there_is_room) {
  const MountedImage disk("tmpfs", 40 * mebibyte, {}, "nr_inodes=60");
  if (!disk.done()) GTEST_SKIP() << disk.why();
  const TemporaryFolder home;
  const std::string source = home / "source";
  const std::string destination = disk.path() + "/destination";
  Tree wanted{symlink("link", "target")};
  for (int i = 0; i < 8; ++i) {
    const std::string name = "folder " + std::to_string(i);
    for (int j = 0; j < 4; ++j) wanted.put(file(name + "/" + std::to_string(j), "text"));
    wanted.put(fifo(name + "/fifo"));
  }
  make(wanted, source);
  make({file("gone"), folder("gone folder"), file("gone folder/in it")}, destination);
  for (int i = 0; i < 30; ++i) put(file("ballast " + std::to_string(i)), disk.path());

  const Options how = between(source, destination);
  const Pass pass = run_pass(how);
  expect_told(pass, snapshot(destination), wanted, {});
  EXPECT_EQ(pass.summary.removed.entries, 3U);

  for (int i = 0; i < 30; ++i) remove(disk.path(), "ballast " + std::to_string(i));
  run_ok(how);
  EXPECT_TRUE(same(snapshot(destination), wanted));
}

}  // namespace
}  // namespace syncline::test
