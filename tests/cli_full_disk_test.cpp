// The disk of the log or of the index is full: that is told, and the mirror is made all the same.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/disk.h"
#include "support/index.h"
#include "support/mounted_image.h"
#include "support/tree.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t page = 4096;

class FullDiskOfOurs : public Cli {
 protected:
  void SetUp() override {
    if (!disk.done()) GTEST_SKIP() << disk.why();
    Tree tree;
    for (int i = 0; i < 2000; ++i) tree.put(file("file " + std::to_string(i), "text"));
    make(tree, source);
  }

  /// Takes all of the disk but so many pages.
  void leave(std::uint64_t pages) const {
    std::ofstream ballast(disk.path() + "/ballast", std::ios::binary);
    const std::string block(page, 'b');
    for (std::uint64_t left = disk_pages - pages; left > 0; --left) ballast << block;
    ballast.flush();
    ASSERT_TRUE(ballast);
  }
  void make_room() const { remove(disk.path(), "ballast"); }

  void expect_mirrored() const { EXPECT_TRUE(same(snapshot(destination), snapshot(source))); }

  static constexpr std::uint64_t disk_pages = 500;
  const MountedImage disk{"tmpfs", disk_pages* page, std::vector<std::string>{}, "mode=0755"};
};

TEST_F(FullDiskOfOurs, loses_lines_of_a_log_and_says_so) {
  leave(2);
  const std::string its_log = disk.path() + "/log";
  const Exit full = syncline({"--log-file=" + its_log, source, destination});
  EXPECT_EQ(full.status, 23);
  EXPECT_NE(full.err.find("log '" + its_log + "' cannot be written: No space left on device"),
            std::string::npos)
      << full.err;
  EXPECT_EQ(read(its_log).size(), 2 * page);
  expect_mirrored();

  make_room();
  EXPECT_EQ(syncline({"--log-file=" + its_log, source, destination}).status, 0);
  EXPECT_NE(read(its_log).find("ended"), std::string::npos);
}

TEST_F(FullDiskOfOurs, does_not_end_a_loop_that_logs_there) {
  leave(0);
  const std::string its_log = disk.path() + "/log";
  Process process(command({its_log, source, destination, "0.05"}));
  const Watch parent(home.path());
  ASSERT_TRUE(parent.until([&] { return std::filesystem::exists(destination); }));
  const Watch mirror(destination);
  ASSERT_TRUE(mirror.until([&] { return std::filesystem::exists(destination + "/file 1999"); }));
  write(source + "/another", "text");
  ASSERT_TRUE(mirror.until([&] { return std::filesystem::exists(destination + "/another"); }));

  const Watch logged(disk.path());
  make_room();
  EXPECT_TRUE(logged.until([&] {
    return read(its_log).find(" lines of this log were lost before this one") != std::string::npos;
  }));
  process.signal(SIGTERM);
  const auto exit = process.wait(10s);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 20);
  EXPECT_NE(exit->err.find("No space left on device"), std::string::npos) << exit->err;
}

TEST_F(FullDiskOfOurs, leaves_an_index_behind_the_mirror) {
  leave(30);
  const std::string index = disk.path() + "/index";
  const Exit full = syncline({"--index=" + index, source, destination});
  EXPECT_EQ(full.status, 23);
  EXPECT_NE(full.err.find("the index '" + index + "' failed: database or disk is full"),
            std::string::npos)
      << full.err;
  expect_mirrored();
  EXPECT_TRUE(claims_nothing_false(index, source, destination));

  make_room();
  EXPECT_EQ(syncline({"--index=" + index, source, destination}).status, 0);
  expect_mirrored();
  EXPECT_EQ(files_in_index(index).size(), 2000U);
}

TEST_F(FullDiskOfOurs, that_has_no_room_for_an_index_at_all_is_refused) {
  leave(0);
  const std::string index = disk.path() + "/index";
  const Exit full = syncline({"--index=" + index, source, destination});
  EXPECT_EQ(full.status, 11);
  EXPECT_TRUE(is_one_line(full.err));
  EXPECT_NE(full.err.find("index '" + index + "' cannot be used: database or disk is full"),
            std::string::npos)
      << full.err;

  make_room();
  const Exit roomy = syncline({"--index=" + index, source, destination});
  EXPECT_EQ(roomy.status, 0) << roomy.err;
  expect_mirrored();
}

}  // namespace
}  // namespace syncline::test
