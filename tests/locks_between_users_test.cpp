// Locks that strangers hold: anybody who may read a folder can, and nobody waits for them.
//
// SPDX-License-Identifier: MIT
#include "filesystem/lock_holders.h"
#include "filesystem/tree_lock.h"
#include "support/between_users.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

namespace syncline::test {
namespace {

using filesystem::lock_holders;
using filesystem::LockHolder;
using filesystem::parse_flock;
using filesystem::Whose;
using filesystem::whose;

int locked(const std::string& path, int mode) {
  const int fd = checked(::open(path.c_str(), O_RDONLY | O_CLOEXEC), path);
  checked(::flock(fd, mode | LOCK_NB), path);
  return fd;
}

/// Whoever holds these locks for as long as this lives.
std::unique_ptr<Waiting> stranger_who_locks(const std::vector<std::string>& paths, int mode) {
  return std::make_unique<Waiting>([&] {
    if (!become_a_stranger()) return false;
    for (const std::string& path : paths) locked(path, mode);
    return true;
  });
}

std::unique_ptr<Waiting> root_who_locks(const std::string& path, int mode) {
  return std::make_unique<Waiting>([&] { return locked(path, mode) >= 0; });
}

/// Takes a lock and leaves it to this process, as the shell's "exec 9<DST; flock -s 9" does.
bool inherits_lock(const std::string& path, int mode) {
  const int held = checked(::open(path.c_str(), O_RDONLY | O_CLOEXEC), path);
  const pid_t taker = checked(::fork(), "fork");
  if (taker == 0) ::_exit(::flock(held, mode | LOCK_NB));
  int status = -1;
  checked(::waitpid(taker, &status, 0), "waitpid");
  return status == 0;
}

bool lose_capability(unsigned which) {
  __user_cap_header_struct head{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, 2> sets{};
  if (::syscall(SYS_capget, &head, sets.data()) != 0) return false;
  const unsigned bit = 1U << which;
  if ((sets[0].permitted & bit) == 0) return false;
  sets[0].effective &= ~bit;
  sets[0].permitted &= ~bit;
  sets[0].inheritable &= ~bit;
  return ::syscall(SYS_capset, &head, sets.data()) == 0;
}

/// Where this process's own locks would lie in any environment, there is a folder now that others
/// can write to.
bool goes_without_fixed_place(const std::string& others) {
  return ::unshare(CLONE_NEWNS) == 0 &&
         ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount(others.c_str(), "/var/lib", nullptr, MS_BIND, nullptr) == 0;
}

/// What a child of this process sees, as it is when `prepared`.
bool in_child(const std::function<bool()>& prepared) {
  return Waiting(prepared).is_ready();
}

class Locks : public BetweenUsers {
 protected:
  void SetUp() override {
    BetweenUsers::SetUp();
    if (IsSkipped()) return;
    ::setenv("STATE_DIRECTORY", (ours + "/state").c_str(), 1);
    put(file("file", "root's"), source);
  }
  void TearDown() override { ::unsetenv("STATE_DIRECTORY"); }

  [[nodiscard]] Options options() const { return between(source, destination); }

  static std::string told_by(const Pass& pass) {
    std::string all;
    for (const Notice& notice : pass.notices)
      all += to_string(notice.code) + (" " + notice.name + ": " + notice.cause) + '\n';
    return all;
  }

  void expect_passed_over(const Waiting& stranger) const {
    const Pass pass = run_ok(options());
    const std::string told = told_by(pass);
    const std::string who = "process " + std::to_string(stranger.pid()) + " of user " +
                            std::to_string(stranger_id) + ", '";
    EXPECT_NE(told.find("lock_passed_over " + destination + ": " + who), std::string::npos) << told;
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  }
};

TEST_P(Locks, that_a_stranger_has_on_the_destination_are_told_and_passed_over) {
  for (const int mode : {LOCK_SH, LOCK_EX}) {
    const auto stranger = stranger_who_locks({destination}, mode);
    ASSERT_TRUE(stranger->is_ready());
    put(file("of mode " + std::to_string(mode)), source);
    expect_passed_over(*stranger);
  }
}

TEST_P(Locks, that_a_stranger_has_above_the_destination_are_passed_over_in_silence) {
  for (const int mode : {LOCK_SH, LOCK_EX}) {
    const auto stranger = stranger_who_locks({disk.path()}, mode);
    ASSERT_TRUE(stranger->is_ready());
    std::filesystem::remove_all(destination);  // nor does he keep it from being made
    const Pass pass = run_ok(options());
    EXPECT_EQ(told_by(pass).find("lock_passed_over"), std::string::npos) << told_by(pass);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  }
}

TEST_P(Locks, that_a_stranger_has_make_nobody_wait) {
  const auto stranger = stranger_who_locks({destination}, LOCK_EX);
  ASSERT_TRUE(stranger->is_ready());
  Options how = options();
  how.wait = true;
  std::stop_source stop;
  const auto give_up = [&](const Event& event) {
    const auto* const notice = std::get_if<Notice>(&event);
    if (notice != nullptr && notice->code == NoticeCode::waiting_for_destination)
      stop.request_stop();
  };
  EXPECT_EQ(run_pass(how, give_up, stop.get_token()).status(), Status::done);
}

TEST_P(Locks, that_a_stranger_took_and_passed_on_are_no_less_his) {
  const Waiting stranger(
      [&] { return become_a_stranger() && inherits_lock(destination, LOCK_SH); });
  ASSERT_TRUE(stranger.is_ready());
  expect_passed_over(stranger);
}

TEST_P(Locks, of_a_stranger_who_calls_himself_root_are_no_less_his) {
  const auto named = [] { return ::prctl(PR_SET_NAME, "a Uid: 0", 0, 0, 0) == 0; };
  {
    const Waiting taker(
        [&] { return become_a_stranger() && named() && locked(destination, LOCK_SH) >= 0; });
    ASSERT_TRUE(taker.is_ready());
    expect_passed_over(taker);
  }
  put(file("another"), source);
  const Waiting heir(
      [&] { return become_a_stranger() && named() && inherits_lock(destination, LOCK_SH); });
  ASSERT_TRUE(heir.is_ready());
  expect_passed_over(heir);
}

TEST_P(Locks, that_a_stranger_has_by_the_hundred_are_looked_at_once) {
  constexpr int many = 1000;
  const Waiting stranger([&] {
    const rlimit enough{.rlim_cur = 4 * many, .rlim_max = 4 * many};
    checked(::setrlimit(RLIMIT_NOFILE, &enough), "setrlimit");
    if (!become_a_stranger()) return false;
    for (int i = 0; i < many; ++i) checked(::open("/dev/null", O_RDONLY | O_CLOEXEC), "open");
    for (int i = 0; i < many; ++i) locked(destination, LOCK_SH);
    return true;
  });
  ASSERT_TRUE(stranger.is_ready());
  const std::clock_t before = std::clock();
  expect_passed_over(stranger);
  EXPECT_LT(static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC, 2);
}

TEST_P(Locks, that_root_was_left_and_may_not_look_for_are_not_taken_for_strangers) {
  const Waiting root([&] { return inherits_lock(destination, LOCK_EX); });
  ASSERT_TRUE(root.is_ready());
  const int fd = checked(::open(destination.c_str(), O_RDONLY | O_CLOEXEC), destination);
  if (!in_child([] { return lose_capability(CAP_SYS_PTRACE); }))
    GTEST_SKIP() << "there is no capability to lose";
  EXPECT_TRUE(in_child([&] {
    return lose_capability(CAP_SYS_PTRACE) && whose(lock_holders(fd), 0) != Whose::strangers;
  }));
  ::close(fd);
}

TEST_P(Locks, that_a_set_user_id_program_was_given_are_its_users) {
  const Waiting stranger([&] {
    locked(destination, LOCK_SH);
    return ::setresuid(stranger_id, 0, 0) == 0;
  });
  ASSERT_TRUE(stranger.is_ready());
  expect_passed_over(stranger);
}

TEST_P(Locks, that_sudo_was_given_are_of_whoever_called_it) {
  const auto logged_in = [] {
    std::ofstream file("/proc/self/loginuid");
    return static_cast<bool>(file << stranger_id << std::flush);
  };
  const auto is_refused = [&](int as) {
    const Waiting sudo([&] {
      const int held = locked(destination, LOCK_SH);
      return logged_in() && ::dup2(held, as) == as && ::close(held) == 0;
    });
    if (!sudo.is_ready()) throw std::runtime_error("nobody can be logged in here");
    return refusal(options()) == Status::busy;
  };
  try {
    EXPECT_FALSE(is_refused(0));
    EXPECT_TRUE(is_refused(9)) << "root's own work, whoever became it";
  } catch (const std::runtime_error& error) {
    GTEST_SKIP() << error.what();
  }
}

TEST_P(Locks, of_a_user_without_a_number_here_may_be_anybodys) {
  const auto root = root_who_locks(destination, LOCK_SH);
  ASSERT_TRUE(root->is_ready());
  const auto enters_namespace = [] { return become_a_stranger() && ::unshare(CLONE_NEWUSER) == 0; };
  if (!in_child(enters_namespace)) GTEST_SKIP() << "there can be no user namespace here";
  EXPECT_TRUE(in_child([&] {
    if (!enters_namespace()) return false;
    const int fd = checked(::open(destination.c_str(), O_RDONLY | O_CLOEXEC), destination);
    return whose(lock_holders(fd), ::geteuid()) == Whose::unknown;
  }));
}

TEST_P(Locks, that_nobody_is_seen_to_hold_are_no_runs) {
  // In flight: what keeps it is a socket that nobody reads.
  const Waiting stranger([&] {
    if (!become_a_stranger()) return false;
    std::array<int, 2> pair{};
    checked(::socketpair(AF_UNIX, SOCK_DGRAM, 0, pair.data()), "socketpair");
    const pid_t taker = checked(::fork(), "fork");
    if (taker == 0) {
      const int fd = locked(destination, LOCK_EX);
      send_over(pair[0], fd);
      ::_exit(0);
    }
    int status = -1;
    checked(::waitpid(taker, &status, 0), "waitpid");
    return status == 0;
  });
  ASSERT_TRUE(stranger.is_ready());
  run_ok(options());
}

TEST_P(Locks, of_roots_are_respected) {
  for (const int mode : {LOCK_SH, LOCK_EX}) {
    const auto root = root_who_locks(destination, mode);
    ASSERT_TRUE(root->is_ready());
    EXPECT_EQ(refusal(options()), Status::busy);
    EXPECT_NE(why_refused(options()).find("process " + std::to_string(root->pid()) + ", running"),
              std::string::npos)
        << why_refused(options());
  }
  const auto above = root_who_locks(disk.path(), LOCK_EX);
  ASSERT_TRUE(above->is_ready());
  EXPECT_EQ(refusal(options()), Status::busy);
}

TEST_P(Locks, of_roots_are_found_among_those_of_strangers) {
  const auto before = stranger_who_locks({destination}, LOCK_SH);
  const auto root = root_who_locks(destination, LOCK_SH);
  const auto after = stranger_who_locks({destination}, LOCK_SH);
  ASSERT_TRUE(before->is_ready() && root->is_ready() && after->is_ready());
  EXPECT_NE(why_refused(options()).find("process " + std::to_string(root->pid()) + ", running"),
            std::string::npos)
      << why_refused(options());
}

TEST_P(Locks, of_strangers_count_where_there_can_be_none_of_our_own) {
  const std::string others = disk.path() + "/others";
  ASSERT_EQ(::mkdir(others.c_str(), 0700), 0);
  ASSERT_EQ(::chmod(others.c_str(), 0777), 0);
  const auto stranger = stranger_who_locks({destination}, LOCK_SH);
  ASSERT_TRUE(stranger->is_ready());
  const auto is_refused = [&] {
    if (!goes_without_fixed_place(others)) return false;
    const auto root = filesystem::Directory::open_root(destination);
    return !filesystem::TreeLock::try_lock(root) &&
           filesystem::TreeLock::holder(root).find("/var/lib/syncline") != std::string::npos;
  };
  if (!in_child([&] { return goes_without_fixed_place(others); }))
    GTEST_SKIP() << "there can be no mounts of our own here";
  for (const std::string& place :
       {std::string("/proc/no such folder"), destination + "/state", others}) {
    ::setenv("STATE_DIRECTORY", place.c_str(), 1);
    EXPECT_TRUE(in_child(is_refused)) << place;
    EXPECT_TRUE(std::filesystem::is_empty(destination));
  }
}

TEST_P(Locks, of_a_stranger_bring_no_two_runs_together_that_have_two_state_folders) {
  for (const int mode : {LOCK_SH, LOCK_EX}) {
    const auto stranger = stranger_who_locks({destination}, mode);
    ASSERT_TRUE(stranger->is_ready());
    std::optional<filesystem::TreeLock> held;
    const Waiting first([&] {
      ::setenv("STATE_DIRECTORY", (ours + "/another").c_str(), 1);
      held = filesystem::TreeLock::try_lock(filesystem::Directory::open_root(destination));
      return held && !held->passed_over().empty();
    });
    ASSERT_TRUE(first.is_ready());
    EXPECT_EQ(refusal(options()), Status::busy);
  }
}

TEST_P(Locks, of_a_stranger_count_where_they_hide_runs_from_each_other) {
  const std::string others = disk.path() + "/others";
  ASSERT_EQ(::mkdir(others.c_str(), 0700), 0);
  ASSERT_EQ(::chmod(others.c_str(), 0777), 0);
  if (!in_child([&] { return goes_without_fixed_place(others); }))
    GTEST_SKIP() << "there can be no mounts of our own here";
  const auto is_locked = [&] {
    return goes_without_fixed_place(others) &&
           filesystem::TreeLock::try_lock(filesystem::Directory::open_root(destination));
  };
  {
    const auto stranger = stranger_who_locks({destination}, LOCK_EX);
    ASSERT_TRUE(stranger->is_ready());
    EXPECT_FALSE(in_child(is_locked)) << "another one could be at work unseen";
  }
  const auto stranger = stranger_who_locks({destination}, LOCK_SH);
  ASSERT_TRUE(stranger->is_ready());
  std::optional<filesystem::TreeLock> held;
  const Waiting first([&] {
    ::setenv("STATE_DIRECTORY", (ours + "/another").c_str(), 1);
    held = filesystem::TreeLock::try_lock(filesystem::Directory::open_root(destination));
    return held.has_value();
  });
  ASSERT_TRUE(first.is_ready());
  EXPECT_FALSE(in_child(is_locked)) << "its shared lock shows it";
}

TEST_P(Locks, that_killed_runs_left_behind_go) {
  make({folder("state"), file("state/fe00-a76066.lock"), file("state/mine.lock"),
        file("state/0fe00-1.lock"), file("state/a-b.lock")},
       ours);
  set_mode(ours, "state", 0700);
  const int fd = locked(ours + "/state/a-b.lock", LOCK_SH);
  run_ok(options());
  std::set<std::string> left;
  for (const auto& each : std::filesystem::directory_iterator(ours + "/state"))
    left.insert(each.path().filename());
  EXPECT_EQ(left, (std::set<std::string>{"0fe00-1.lock", "a-b.lock", "mine.lock"}));
  ::close(fd);
}

TEST_P(Locks, of_our_own_are_no_part_of_a_source_and_leave_nothing) {
  ::setenv("STATE_DIRECTORY", (source + "/state").c_str(), 1);
  put(folder("state"), source);
  set_mode(source, "state", 0700);
  run_ok(options());
  EXPECT_FALSE(run_ok(options()).summary.changed_anything());
  EXPECT_TRUE(std::filesystem::is_empty(destination + "/state"));
  EXPECT_TRUE(std::filesystem::is_empty(source + "/state"));
}

INSTANTIATE_TEST_SUITE_P(On, Locks, disks_of_attacks(), name_of_disk);

TEST(Flocks, are_known_by_the_kernels_words) {
  const auto held = parse_flock("17: FLOCK  ADVISORY  WRITE 1234 fd:00:5678 0 EOF");
  ASSERT_TRUE(held);
  EXPECT_EQ(held->pid, 1234);
  EXPECT_TRUE(held->is_exclusive);
  EXPECT_EQ(held->major_number, 0xfdU);
  EXPECT_EQ(held->minor_number, 0U);
  EXPECT_EQ(held->inode, 5678U);
  EXPECT_FALSE(parse_flock("17: FLOCK  ADVISORY  READ  1 00:1f:2 0 EOF")->is_exclusive);
  for (const char* const other : {"17: -> FLOCK  ADVISORY  WRITE 1235 fd:00:5678 0 EOF",
                                  "18: POSIX  ADVISORY  WRITE 1234 fd:00:5678 0 EOF",
                                  "19: OFDLCK ADVISORY  READ -1 fd:00:5678 0 EOF",
                                  "20: LEASE  ACTIVE    READ 3 0:1:2 0 EOF", "", "17: FLOCK"})
    EXPECT_FALSE(parse_flock(other)) << other;
}

TEST(Flocks, are_ours_where_one_of_us_is_among_the_holders) {
  using Sight = LockHolder::Sight;
  constexpr uid_t us = 1000;
  const LockHolder root{.sight = Sight::seen, .pid = 1, .user = 0};
  const LockHolder mine{.sight = Sight::seen, .pid = 2, .user = us};
  const LockHolder his{.sight = Sight::seen, .pid = 3, .user = 1001};
  const LockHolder hidden{.sight = Sight::hidden, .pid = 4};
  const LockHolder gone{.sight = Sight::gone, .pid = 5};
  EXPECT_EQ(whose({}, us), Whose::unknown);
  EXPECT_EQ(whose({root}, us), Whose::ours);
  EXPECT_EQ(whose({his, mine}, us), Whose::ours);
  EXPECT_EQ(whose({hidden, root}, us), Whose::ours);
  EXPECT_EQ(whose({his, hidden}, us), Whose::unknown);
  EXPECT_EQ(whose({gone, his}, us), Whose::strangers);
  EXPECT_EQ(whose({mine}, 1002), Whose::strangers);
}

}  // namespace
}  // namespace syncline::test
