// The destination's disk fails in the middle of a pass: it becomes read-only, stops, or is taken
// away. That is told, nothing is torn, and once the disk is back the next pass completes the
// mirror.
//
// SPDX-License-Identifier: MIT
#include "filesystem/syscalls.h"
#include "support/cuttable_disk.h"
#include "support/descriptor.h"
#include "support/disk.h"
#include "support/index.h"
#include "support/interference.h"
#include "support/passes.h"
#include "support/temporary_folder.h"
#include "support/tree.h"
#include "support/versions.h"

#include "syncline/mirror.h"

#include <sys/mount.h>

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <ostream>
#include <string>

namespace syncline::test {
namespace {

namespace syscalls = filesystem::syscalls;
using syscalls::Call;

enum class Trouble : std::uint8_t { read_only, stopped, taken_away };

struct Case {
  Trouble trouble;
  Call moment;
  const char* name;
  bool index_is_there = false;  ///< on the disk that fails
};

void PrintTo(const Case& which, std::ostream* out) {
  *out << which.name;
}

// Small files alone: while one is open for writing, nobody can make its disk read-only.
Tree before() {
  Tree tree{folder("kept"), file("kept/edited", "old"), file("becomes", "x"),
            folder("was"),  file("was/inside", "gone"), symlink("link", "old"),
            file("gone"),   folder("gone folder"),      file("gone folder/in it", "gone")};
  for (int i = 0; i < 20; ++i) tree.put(file("kept/" + std::to_string(i), "as before"));
  return tree;
}

Tree after() {
  Tree tree{folder("kept"),
            file("kept/edited", "new, and longer"),
            folder("becomes"),
            file("becomes/new", "x"),
            file("was", "a file now"),
            symlink("link", "new"),
            folder("new"),
            fifo("new/fifo")};
  for (int i = 0; i < 20; ++i)
    tree.put(
        file("kept/" + std::to_string(i), std::string(static_cast<std::size_t>(i) * 100, 'n')));
  return tree;
}

class FailingDisk : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (!disk.done()) GTEST_SKIP() << disk.why();
    make(after(), source);
  }

  [[nodiscard]] Options options() const {
    Options how = between(source, destination);
    how.index = index_place::File{index};
    how.io_threads = 1;
    return how;
  }

  void break_disk() const {
    switch (GetParam().trouble) {
      case Trouble::read_only:
        remount(MS_RDONLY);
        break;
      case Trouble::stopped:
        shut_down(disk.path());
        break;
      case Trouble::taken_away:
        checked(::umount2(disk.path().c_str(), MNT_DETACH), "detach");
        break;
    }
  }

  void repair_disk() const {
    switch (GetParam().trouble) {
      case Trouble::read_only:
        remount(0);
        break;
      case Trouble::stopped:
        disk.remount();
        break;
      case Trouble::taken_away:
        // Nothing was put where the disk had been.
        EXPECT_TRUE(std::filesystem::is_empty(disk.path()));
        disk.mount_again();
        break;
    }
  }

  /// A pass during which the disk fails: how it ended, by its summary or by giving up.
  Status pass_on_a_failing_disk() {
    const Interference trouble(
        1, [this] { break_disk(); }, GetParam().moment);
    Recorder recorder;
    Status status = Status::done;
    try {
      const Summary summary = mirror(options(), recorder, {});
      status = summary.status();
      EXPECT_EQ(status == Status::done, recorder.failures.empty());
    } catch (const Unusable& error) {
      status = error.status();
      EXPECT_NE(std::string(error.what()), "");
    }
    recorder.pass_ended();
    EXPECT_TRUE(trouble.happened());
    for (const Failure& failure : recorder.failures) {
      EXPECT_NE(failure.path, "");
      if (failure.operation == "use the index") continue;
      EXPECT_TRUE(failure.error_number == EROFS || failure.error_number == EIO)
          << printable(failure.path) << ": " << failure.operation << ": " << failure.error_number;
    }
    return status;
  }

  void expect_told_and_mended(const Versions& versions) {
    const Status status = pass_on_a_failing_disk();
    repair_disk();
    if (exists(disk.path(), "destination")) {
      const Tree found = snapshot(destination);
      EXPECT_TRUE(versions.nothing_is_torn_in(found));
      // A disk that was taken out of the tree can still be written to by who has it open.
      if (GetParam().trouble == Trouble::taken_away)
        EXPECT_EQ(status, Status::done);
      else
        EXPECT_NE(status, Status::done);
      if (status == Status::done) {
        EXPECT_TRUE(same(found, after()));
      }
    }
    if (std::filesystem::exists(index)) {
      EXPECT_TRUE(claims_nothing_false(index, source, destination));
    }
    run_ok(options());
    EXPECT_TRUE(same(snapshot(destination), after()));
  }

 private:
  void remount(unsigned long flags) const {
    checked(::mount(nullptr, disk.path().c_str(), nullptr, MS_REMOUNT | flags, nullptr), "remount");
  }

 protected:
  const TemporaryFolder home;
  const MountedImage disk{GetParam().index_is_there ? "xfs" : "ext4",
                          GetParam().index_is_there ? 320'000'000ULL : 32'000'000ULL};
  const std::string source = home / "source";
  const std::string destination = disk.path() + "/destination";
  const std::string index = GetParam().index_is_there ? disk.path() + "/index" : home / "index";
};

TEST_P(FailingDisk, is_told_and_mended_in_the_middle_of_an_update) {
  make(before(), destination);
  disk.remount();  // it is on the disk, which nobody but us has seen to so far
  // So that it is known, deletions and all.
  Options known = options();
  known.dry_run = true;
  known.rehash = true;
  run_ok(known);
  Versions versions;
  versions.add(before());
  versions.add(after());
  expect_told_and_mended(versions);
}

INSTANTIATE_TEST_SUITE_P(
    Any, FailingDisk,
    testing::Values(
        Case{Trouble::read_only, Call::make_folder, "read_only_at_a_folder"},
        Case{Trouble::read_only, Call::flush_filesystem, "read_only_at_a_flush"},
        Case{Trouble::read_only, Call::rename, "read_only_at_a_rename"},
        Case{Trouble::read_only, Call::exchange, "read_only_at_an_exchange"},
        Case{Trouble::read_only, Call::unlink, "read_only_at_a_deletion"},
        Case{Trouble::stopped, Call::read_folder, "stopped_at_a_listing"},
        Case{Trouble::stopped, Call::write, "stopped_at_a_write"},
        Case{Trouble::stopped, Call::flush_filesystem, "stopped_at_a_flush"},
        Case{Trouble::stopped, Call::rename, "stopped_at_a_rename"},
        Case{Trouble::stopped, Call::exchange, "stopped_at_an_exchange"},
        Case{Trouble::stopped, Call::unlink, "stopped_at_a_deletion"},
        Case{Trouble::stopped, Call::rename, "stopped_at_a_rename_with_the_index", true},
        Case{Trouble::stopped, Call::exchange, "stopped_at_an_exchange_with_the_index", true},
        Case{Trouble::stopped, Call::unlink, "stopped_at_a_deletion_with_the_index", true},
        Case{Trouble::taken_away, Call::write, "taken_away_at_a_write"},
        Case{Trouble::taken_away, Call::unlink, "taken_away_at_a_deletion"}),
    [](const auto& each) { return std::string(each.param.name); });

class FailingDiskAtFirst : public FailingDisk {};

TEST_P(FailingDiskAtFirst, is_told_and_mended_in_the_middle_of_a_first_copy) {
  Versions versions;
  versions.add(after());
  expect_told_and_mended(versions);
}

INSTANTIATE_TEST_SUITE_P(
    Any, FailingDiskAtFirst,
    testing::Values(Case{Trouble::read_only, Call::flush_filesystem, "read_only_at_a_flush"},
                    Case{Trouble::stopped, Call::write, "stopped_at_a_write"},
                    Case{Trouble::stopped, Call::flush_filesystem, "stopped_at_a_flush"},
                    Case{Trouble::taken_away, Call::write, "taken_away_at_a_write"}),
    [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace syncline::test
