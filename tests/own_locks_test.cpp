// SPDX-License-Identifier: MIT
#include "filesystem/own_locks.h"

#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace syncline::filesystem {
namespace {

// What they share above them is locked, let go and taken away by each all the time.
TEST(OwnLocks, of_other_folders_are_in_nobodys_way) {
  const test::TemporaryFolder state;
  const test::TemporaryFolder elsewhere;
  const Directory root = Directory::open_root(elsewhere.path());
  constexpr FileId above{.device = 1, .inode = 1};
  constexpr int most_runs = 1000;
  std::atomic<int> refused{0};
  const auto run_again_and_again = [&](std::uint64_t own) {
    for (int i = 0; i < most_runs; ++i) {
      auto locks = OwnLocks::in(state.path(), root);
      locks->remove_left_behind();
      if (!locks->try_lock({.device = 2, .inode = own}, LockMode::exclusive)) ++refused;
      if (!locks->try_lock(above, LockMode::shared)) ++refused;
    }
  };
  {
    std::vector<std::jthread> runs;
    for (std::uint64_t own = 1; own <= 3; ++own)
      runs.emplace_back([&, own] { run_again_and_again(own); });
  }
  EXPECT_EQ(refused, 0);
}

}  // namespace
}  // namespace syncline::filesystem
