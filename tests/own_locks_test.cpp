// SPDX-License-Identifier: MIT
#include "filesystem/own_locks.h"

#include "support/temporary_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
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

int locked(const std::string& path, int how) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  EXPECT_EQ(::flock(fd, how), 0);
  return fd;
}

// As whoever leaves has it for a moment, to see whether he is the last: here for as long as a busy
// machine lets him wait.
TEST(OwnLocks, of_a_moment_are_no_other_runs) {
  const test::TemporaryFolder state;
  const test::TemporaryFolder elsewhere;
  const Directory root = Directory::open_root(elsewhere.path());
  for (const LockMode mode : {LockMode::shared, LockMode::exclusive}) {
    auto locks = OwnLocks::in(state.path(), root);
    const int moment = locked(state / "1-1.lock", LOCK_EX);
    const std::jthread leaves{[&] {
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
      ::close(moment);
    }};
    EXPECT_TRUE(locks->try_lock({.device = 1, .inode = 1}, mode));
  }
  auto locks = OwnLocks::in(state.path(), root);
  const int run = locked(state / "1-1.lock", LOCK_EX);
  EXPECT_FALSE(locks->try_lock({.device = 1, .inode = 1}, LockMode::shared));
  ::close(run);
}

}  // namespace
}  // namespace syncline::filesystem
