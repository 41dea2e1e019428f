// Killed at any moment, again and again: what is there is whole, what the index claims is true, and
// the next run completes the mirror.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/disk.h"
#include "support/index.h"
#include "support/random_tree.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <string>

namespace syncline::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

class Killed : public Cli {
 protected:
  [[nodiscard]] std::vector<std::string> mirror() const {
    return command({"--delete", "--index=" + index, source, destination});
  }

  /// Starts a run and kills it at some moment before its usual end. False: it was faster.
  bool run_and_kill(milliseconds usual) {
    Process process(mirror());
    const milliseconds moment(random.below(static_cast<std::uint64_t>(usual.count()) + 1));
    if (const auto exit = process.wait(moment)) {
      EXPECT_EQ(exit->status, 0) << exit->err;
      return false;
    }
    process.signal(SIGKILL);
    return true;
  }

  /// What a run from here to the end takes; the destination is as before.
  milliseconds time_of_a_run() {
    const auto begin = Clock::now();
    EXPECT_EQ(run(mirror()).status, 0);
    return std::chrono::ceil<milliseconds>(Clock::now() - begin);
  }

  void expect_true_index() const {
    if (std::filesystem::exists(index)) {
      ASSERT_TRUE(claims_nothing_false(index, source, destination));
    }
  }

  /// So many kills of a first copy, and as many of updates.
  void kill_many(std::uint64_t entries, std::uint64_t changes, int kills) {
    std::filesystem::remove(source);
    make(random_tree(random, entries), source);
    const milliseconds first = time_of_a_run();
    for (int killed = 0; killed < kills;) {
      std::filesystem::remove(index);
      std::filesystem::remove_all(destination);
      while (killed < kills && run_and_kill(first)) {
        ++killed;
        ASSERT_NO_FATAL_FAILURE(expect_true_index());
      }
    }
    ASSERT_EQ(run(mirror()).status, 0);
    ASSERT_TRUE(same(snapshot(destination), snapshot(source)));
    for (int killed = 0; killed < kills; ++killed) {
      change_randomly(random, source, changes);
      run_and_kill(first);
      ASSERT_NO_FATAL_FAILURE(expect_true_index());
      if (!random.one_in(3)) continue;
      ASSERT_EQ(run(mirror()).status, 0);
      ASSERT_TRUE(same(snapshot(destination), snapshot(source)));
      ASSERT_NO_FATAL_FAILURE(expect_true_index());
    }
    ASSERT_EQ(run(mirror()).status, 0);
    ASSERT_TRUE(same(snapshot(destination), snapshot(source)));
    ASSERT_NO_FATAL_FAILURE(expect_true_index());
  }

  const std::string index = home / "index";
  Random random{announced_seed()};
};

TEST_F(Killed, leaves_nothing_false_behind) {
  kill_many(400, 40, 8);
}

class LongKilled : public Killed {};

TEST_F(LongKilled, leaves_nothing_false_behind) {
  kill_many(4000, 400, 50);
}

}  // namespace
}  // namespace syncline::test
