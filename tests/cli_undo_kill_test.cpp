// Passes and undos killed at any moment: nothing is lost, and the next undo is exact.
//
// SPDX-License-Identifier: MIT
#include "filesystem/own_names.h"
#include "support/cli.h"
#include "support/disk.h"
#include "support/random_tree.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

class KilledUndo : public Cli {
 protected:
  [[nodiscard]] std::vector<std::string> mirror() const {
    return command(
        {"--undo", "--delete", "--max-delete=100%", "--index=" + index, source, destination});
  }
  [[nodiscard]] std::vector<std::string> undo(const std::string& option = {}) const {
    std::vector<std::string> words{"undo", destination};
    if (!option.empty()) words.push_back(option);
    return command(words);
  }

  /// Without what is kept.
  [[nodiscard]] Tree held() const {
    Tree tree = snapshot(destination);
    tree.remove(filesystem::reserved_name);
    return tree;
  }

  /// Kills it at some moment before its usual end. False: it was faster.
  bool run_and_kill(const std::vector<std::string>& words, microseconds usual) {
    Process process(words);
    const microseconds moment(random.below(static_cast<std::uint64_t>(usual.count()) + 1));
    if (process.wait(std::chrono::duration_cast<std::chrono::milliseconds>(moment))) return false;
    process.signal(SIGKILL);
    return true;
  }

  microseconds time_of(const std::vector<std::string>& words) {
    const auto begin = Clock::now();
    EXPECT_EQ(run(words).status, 0);
    return std::chrono::ceil<microseconds>(Clock::now() - begin);
  }

  /// A pass that was killed is taken back, by an undo that may be killed too.
  void kill_many(std::uint64_t entries, std::uint64_t changes, int kills) {
    constexpr int nothing_to_undo = 3;
    std::filesystem::remove(source);
    make(random_tree(random, entries), source);
    ASSERT_EQ(run(command({"--index=" + index, source, destination})).status, 0);
    change_randomly(random, source, changes);
    const Tree first = held();
    const microseconds of_pass = time_of(mirror());
    const microseconds of_undo = time_of(undo());
    ASSERT_TRUE(same(held(), first));
    ASSERT_EQ(run(undo("--release")).status, 0);
    for (int killed = 0; killed < kills;) {
      change_randomly(random, source, changes);
      // What came before is not to be taken back.
      std::filesystem::remove_all(destination + "/" + filesystem::reserved_name);
      const Tree before = held();
      if (run_and_kill(mirror(), of_pass)) ++killed;
      while (random.one_in(2))
        if (run_and_kill(undo(), of_undo)) ++killed;
      const auto last = run(undo());
      if (last.status == nothing_to_undo) {
        // It was killed before it did anything, or an undo was done with it.
        ASSERT_TRUE(same(held(), before)) << last.err;
      } else {
        ASSERT_EQ(last.status, 0) << last.err;
        ASSERT_TRUE(same(held(), before));
      }
      run(undo("--release"));
      if (random.one_in(2)) {
        ASSERT_EQ(run(mirror()).status, 0);
        ASSERT_TRUE(same(held(), snapshot(source)));
      }
    }
  }

  const std::string index = home / "index";
  Random random{announced_seed()};
};

TEST_F(KilledUndo, is_exact_the_next_time) {
  kill_many(200, 60, 10);
}

using LongKilledUndo = KilledUndo;

TEST_F(LongKilledUndo, is_exact_the_next_time) {
  kill_many(300, 80, 200);
}

}  // namespace
}  // namespace syncline::test
