// Killed at any moment, again and again: what is there is whole, what the index claims is true, and
// the next run completes the mirror and leaves no litter.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/disk.h"
#include "support/index.h"
#include "support/random_tree.h"
#include "support/versions.h"

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
    return command({"--delete", "--partial=100K", "--index=" + index, source, destination});
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

  void expect_nothing_torn_or_false() const {
    if (std::filesystem::exists(destination)) {
      ASSERT_TRUE(versions.nothing_is_torn_in(snapshot(destination)));
    }
    if (std::filesystem::exists(index)) {
      ASSERT_TRUE(claims_nothing_false(index, source, destination));
    }
  }

  /// What was killed before is litter now, and gone with the rest after this.
  void expect_completed() {
    ASSERT_EQ(run(mirror()).status, 0);
    const Tree wanted = snapshot(source);
    ASSERT_TRUE(same(snapshot(destination), wanted));
    ASSERT_NO_FATAL_FAILURE(expect_nothing_torn_or_false());
    versions.forget();
    versions.add(wanted);
  }

  /// So many kills of a first copy, and as many of updates.
  void kill_many(std::uint64_t entries, std::uint64_t changes, int kills) {
    std::filesystem::remove(source);
    make(random_tree(random, entries), source);
    versions.add(snapshot(source));
    const milliseconds first = time_of_a_run();
    for (int killed = 0; killed < kills;) {
      std::filesystem::remove(index);
      std::filesystem::remove_all(destination);
      while (killed < kills && run_and_kill(first)) {
        ++killed;
        ASSERT_NO_FATAL_FAILURE(expect_nothing_torn_or_false());
      }
    }
    ASSERT_NO_FATAL_FAILURE(expect_completed());
    for (int killed = 0; killed < kills;) {
      change_randomly(random, source, changes);
      versions.add(snapshot(source));
      if (run_and_kill(first)) ++killed;
      ASSERT_NO_FATAL_FAILURE(expect_nothing_torn_or_false());
      if (random.one_in(3)) {
        ASSERT_NO_FATAL_FAILURE(expect_completed());
      }
    }
    ASSERT_NO_FATAL_FAILURE(expect_completed());
  }

  /// So many kills of runs that do little but rename: folders, and a file out of each.
  void kill_while_renaming(int folders, int kills) {
    Tree tree;
    for (int number = 0; number < folders; ++number)
      for (const char* name : {"/kept", "/goes"})
        tree.put(
            file("a" + std::to_string(number) + name, "content " + std::to_string(number) + name));
    tree.put(folder("files"));
    make(tree, source);
    versions.add(tree);
    time_of_a_run();
    milliseconds usual{0};
    int round = 0;
    for (int killed = 0; killed < kills; ++round) {
      const bool is_even = round % 2 == 0;
      for (int number = 0; number < folders; ++number) {
        const std::string digits = std::to_string(number);
        const std::string to = (is_even ? "b" : "a") + digits;
        rename(source, (is_even ? "a" : "b") + digits, to);
        if (is_even)
          rename(source, to + "/goes", "files/" + digits);
        else
          rename(source, "files/" + digits, to + "/goes");
      }
      versions.add(snapshot(source));
      if (round < 2)
        usual = time_of_a_run();
      else if (run_and_kill(usual))
        ++killed;
      ASSERT_NO_FATAL_FAILURE(expect_nothing_torn_or_false());
      // What a killed run had moved is found, what it had not is moved.
      if (random.one_in(2)) {
        ASSERT_NO_FATAL_FAILURE(expect_completed());
      }
    }
    ASSERT_NO_FATAL_FAILURE(expect_completed());
  }

  const std::string index = home / "index";
  Random random{announced_seed()};
  Versions versions;
};

TEST_F(Killed, leaves_nothing_false_behind) {
  kill_many(400, 40, 8);
}

TEST_F(Killed, while_it_renames_it_loses_nothing) {
  kill_while_renaming(60, 10);
}

class LongKilled : public Killed {};

TEST_F(LongKilled, while_it_renames_it_loses_nothing) {
  kill_while_renaming(1000, 100);
}

TEST_F(LongKilled, leaves_nothing_false_behind) {
  kill_many(2000, 200, 100);
}

}  // namespace
}  // namespace syncline::test
