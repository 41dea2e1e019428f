// The power cut during passes that can be taken back, and during undos: nothing is lost, and the
// next undo is exact.
//
// SPDX-License-Identifier: MIT
#include "filesystem/own_names.h"
#include "support/cli.h"
#include "support/cuttable_disk.h"
#include "support/descriptor.h"
#include "support/disk.h"
#include "support/random_tree.h"

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using Words = std::vector<std::string>;

class PowerCutUndo : public Cli, public testing::WithParamInterface<KindOfDisk> {
 protected:
  void SetUp() override {
    if (!disk.done()) GTEST_SKIP() << disk.why();
  }

  [[nodiscard]] Words mirror() const {
    return command(
        {"--undo", "--delete", "--max-delete=100%", "--index=" + index, source, mirrored});
  }
  [[nodiscard]] Words undo(Words more = {}) const {
    more.insert(more.begin(), {"undo", mirrored});
    return command(more);
  }

  /// Without what is kept.
  [[nodiscard]] Tree held() const {
    Tree tree = snapshot(mirrored);
    tree.remove(filesystem::reserved_name);
    return tree;
  }

  /// For good, whatever happens to the power.
  void forget_passes() const {
    std::filesystem::remove_all(mirrored + "/" + filesystem::reserved_name);
    const Descriptor root(checked(::open(disk.path().c_str(), O_RDONLY | O_CLOEXEC), disk.path()));
    ASSERT_EQ(::syncfs(root.get()), 0);
  }

  /// Cuts the power at some moment before its usual end, and brings it back.
  void run_and_cut(const Words& words, microseconds usual) {
    Process process(words);
    const microseconds moment(random.below(static_cast<std::uint64_t>(usual.count()) + 1));
    const auto early = process.wait(std::chrono::duration_cast<std::chrono::milliseconds>(moment));
    disk.cut_power();
    ASSERT_TRUE(early || process.wait(longest_run)) << "it hangs after the cut";
    disk.bring_back();
    ++cuts;
    if (!early) ++cuts_within;
  }

  microseconds time_of(const Words& words) {
    const auto begin = Clock::now();
    EXPECT_EQ(run(words).status, 0);
    return std::chrono::ceil<microseconds>(Clock::now() - begin);
  }

  void expect_exact(const Tree& before) {
    constexpr int nothing_to_undo = 3;
    const Exit last = run(undo());
    // It was cut before it did anything, or an undo was done with it.
    ASSERT_TRUE(last.status == 0 || last.status == nothing_to_undo) << last.status << last.err;
    ASSERT_TRUE(same(held(), before)) << last.status << last.err;
  }

  void cut_many(std::uint64_t entries, std::uint64_t changes, int wanted) {
    make(random_tree(random, entries), source);
    ASSERT_EQ(run(command({"--index=" + index, source, mirrored})).status, 0);
    change_randomly(random, source, changes);
    const microseconds of_pass = time_of(mirror());
    const microseconds of_undo = time_of(undo());
    ASSERT_EQ(run(undo({"--release"})).status, 0);
    while (cuts < wanted) {
      SCOPED_TRACE("after " + std::to_string(cuts) + " cuts");
      change_randomly(random, source, changes);
      ASSERT_NO_FATAL_FAILURE(forget_passes());
      const Tree before = held();
      if (random.one_in(2)) {
        ASSERT_NO_FATAL_FAILURE(run_and_cut(mirror(), of_pass));
      } else {
        ASSERT_EQ(run(mirror()).status, 0);
      }
      while (random.one_in(2)) ASSERT_NO_FATAL_FAILURE(run_and_cut(undo(), of_undo));
      ASSERT_NO_FATAL_FAILURE(expect_exact(before));
      run(undo({"--release"}));
      ASSERT_EQ(run(mirror()).status, 0);
      ASSERT_TRUE(same(held(), snapshot(source)));
    }
    std::cout << cuts << " cuts, " << cuts_within << " of them within a run" << std::endl;
  }

  const CuttableDisk disk{GetParam()};
  const std::string mirrored = disk.path() + "/mirror";
  const std::string index = disk.path() + "/index";
  Random random{announced_seed()};
  int cuts = 0;
  int cuts_within = 0;
};

TEST_P(PowerCutUndo, is_exact_the_next_time) {
  cut_many(100, 40, 2);
}

constexpr KindOfDisk ext4{.file_system = "ext4", .has_write_cache = false};
constexpr KindOfDisk xfs{.file_system = "xfs", .has_write_cache = false};
constexpr KindOfDisk cached_ext4{.file_system = "ext4", .has_write_cache = true};
constexpr KindOfDisk cached_xfs{.file_system = "xfs", .has_write_cache = true};

std::string name_of_disk(const testing::TestParamInfo<KindOfDisk>& info) {
  return std::string(info.param.file_system) +
         (info.param.has_write_cache ? "_with_write_cache" : "");
}

INSTANTIATE_TEST_SUITE_P(Short, PowerCutUndo, testing::Values(ext4, cached_xfs), name_of_disk);

class LongPowerCutUndo : public PowerCutUndo {};

TEST_P(LongPowerCutUndo, is_exact_the_next_time) {
  cut_many(300, 80, 20);
}

INSTANTIATE_TEST_SUITE_P(Long, LongPowerCutUndo,
                         testing::Values(ext4, xfs, cached_ext4, cached_xfs), name_of_disk);

}  // namespace
}  // namespace syncline::test
