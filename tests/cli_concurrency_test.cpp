// Several runs at a time: on one destination all but one are refused, on several they do not mind
// each other.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/disk.h"
#include "support/listener.h"
#include "support/stranger.h"
#include "support/tree.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Returns once it stands still.
testing::AssertionResult stop(const Process& process) {
  process.signal(SIGSTOP);
  siginfo_t info{};
  const auto id = static_cast<id_t>(process.pid());
  if (::waitid(P_PID, id, &info, WSTOPPED | WNOWAIT) == 0 && info.si_code == CLD_STOPPED)
    return testing::AssertionSuccess();
  return testing::AssertionFailure() << "it ended instead";
}

class Concurrent : public Cli {
 protected:
  void SetUp() override {
    for (int number = 0; number < 2000; ++number) {
      const std::string name = std::to_string(number);
      tree.put(file("folder " + std::to_string(number % 20) + "/file " + name, name));
    }
    fs::remove(source);
    make(tree, source);
  }

  /// A run that says more than `said` holds, and so is under way until that is listened to.
  [[nodiscard]] std::unique_ptr<Process> start(const std::string& from, const std::string& to,
                                               const std::string& said) const {
    return std::make_unique<Process>(shell("exec \"$@\" >'" + said + "'", {"-v", from, to}));
  }

  static void expect_refused(const Exit& exit, const Process& by) {
    EXPECT_EQ(exit.status, 41) << exit.err;
    EXPECT_TRUE(is_one_line(exit.err));
    EXPECT_NE(exit.err.find("process " + std::to_string(by.pid()) + ","), std::string::npos)
        << exit.err;
  }

  static void expect_done(Process& process, const Listener& said) {
    EXPECT_NE(said.listen_to_the_end().find("created  "), std::string::npos);
    const auto exit = process.wait(20s);
    ASSERT_TRUE(exit);
    EXPECT_EQ(exit->status, 0) << exit->err;
  }

  Tree tree;
  const std::string pipe = home / "pipe";
};

TEST_F(Concurrent, runs_on_one_destination_are_refused_but_for_the_first) {
  const Listener said(pipe);
  const auto first = start(source, destination, pipe);
  ASSERT_TRUE(said.hears_something());
  expect_refused(syncline({source, destination}), *first);
  // Not by the index alone.
  expect_refused(syncline({"--no-index", source, destination}), *first);
  expect_done(*first, said);
  EXPECT_TRUE(same(snapshot(destination), tree));
  EXPECT_EQ(syncline({source, destination}).status, 0);
}

TEST_F(Concurrent, runs_are_refused_as_well_while_the_first_is_stopped) {
  const Listener said(pipe);
  const auto first = start(source, destination, pipe);
  ASSERT_TRUE(said.hears_something());
  ASSERT_TRUE(stop(*first));
  expect_refused(syncline({source, destination}), *first);
  first->signal(SIGCONT);
  expect_done(*first, said);
  EXPECT_TRUE(same(snapshot(destination), tree));
}

TEST_F(Concurrent, runs_wait_for_one_that_is_stopped_where_asked) {
  const Listener said(pipe);
  const auto first = start(source, destination, pipe);
  ASSERT_TRUE(said.hears_something());
  ASSERT_TRUE(stop(*first));
  Process second(command({"--wait", source, destination}));
  EXPECT_FALSE(second.wait(300ms));
  first->signal(SIGCONT);
  expect_done(*first, said);
  const auto exit = second.wait(20s);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 0) << exit->err;
  EXPECT_TRUE(same(snapshot(destination), tree));
}

TEST_F(Concurrent, runs_on_folders_inside_or_above_are_refused) {
  const Tree other{file("other", "text")};
  make(other, home / "other");
  {
    const Listener said(pipe);
    const auto first = start(source, destination, pipe);
    ASSERT_TRUE(said.hears_something());
    expect_refused(syncline({"--no-index", home / "other", destination + "/sub"}), *first);
    expect_done(*first, said);
  }
  EXPECT_TRUE(same(snapshot(destination), tree));
  fs::remove(pipe);
  const Listener said(pipe);
  const auto first = start(source, destination + "/sub", pipe);
  ASSERT_TRUE(said.hears_something());
  expect_refused(syncline({"--no-index", "--delete", home / "other", destination}), *first);
  expect_done(*first, said);
  EXPECT_TRUE(same(snapshot(destination + "/sub"), tree));
}

TEST_F(Concurrent, runs_begun_at_once_on_one_destination_make_it_exact) {
  for (int round = 0; round < 5; ++round) {
    std::vector<std::unique_ptr<Process>> runs;
    runs.reserve(4);
    for (int number = 0; number < 4; ++number)
      runs.push_back(std::make_unique<Process>(command({"--delete", source, destination})));
    std::vector<int> statuses;
    for (const auto& each : runs) {
      const auto exit = each->wait(20s);
      ASSERT_TRUE(exit);
      EXPECT_TRUE(exit->status == 0 || exit->status == 41) << exit->status << exit->err;
      statuses.push_back(exit->status);
    }
    EXPECT_NE(std::ranges::count(statuses, 0), 0);
    EXPECT_TRUE(same(snapshot(destination), tree));
    tree.put(file("new " + std::to_string(round), "text"));
    tree.remove("folder " + std::to_string(round));
    remove(home.path(), "source");
    make(tree, source);
  }
}

TEST_F(Concurrent, runs_with_one_index_are_refused_but_for_the_first) {
  const Tree other{file("other", "text")};
  make(other, home / "other");
  const std::string index = "--index=" + (home / "index");
  const Listener said(pipe);
  Process first(shell("exec \"$@\" >'" + pipe + "'", {"-v", index, source, destination}));
  ASSERT_TRUE(said.hears_something());
  expect_refused(syncline({index, source, destination}), first);
  expect_refused(syncline({index, home / "other", home / "elsewhere"}), first);
  EXPECT_FALSE(exists(home.path(), "elsewhere"));
  expect_refused(syncline({"-n", index, source, destination}), first);
  expect_refused(syncline({"--why=folder 1", index, source, destination}), first);
  expect_done(first, said);
  EXPECT_TRUE(same(snapshot(destination), tree));
  EXPECT_EQ(syncline({"-n", index, source, destination}).status, 0);
}

TEST_F(Concurrent, runs_with_one_index_wait_where_asked) {
  const std::string index = "--index=" + (home / "index");
  const Listener said(pipe);
  Process first(shell("exec \"$@\" >'" + pipe + "'", {"-v", index, source, destination}));
  ASSERT_TRUE(said.hears_something());
  const Listener waiting(home / "waiting");
  Process second(
      shell("exec \"$@\" 2>'" + (home / "waiting") + "'", {"--wait", index, source, destination}));
  ASSERT_TRUE(waiting.hears_something());
  expect_done(first, said);
  const std::string told = waiting.listen_to_the_end();
  EXPECT_TRUE(is_one_line(told));
  EXPECT_NE(told.find("the index '"), std::string::npos) << told;
  EXPECT_NE(told.find("process " + std::to_string(first.pid()) + ","), std::string::npos) << told;
  const auto exit = second.wait(20s);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 0);
}

/// Another user holds a lock on the destination all the while.
class ConcurrentBetweenUsers : public Concurrent {
 protected:
  void SetUp() override {
    if (!may_be_a_stranger()) GTEST_SKIP() << "only root may act as another user";
    Concurrent::SetUp();
    for (const std::string& each : {std::string(home.path()), source})
      fs::permissions(each, fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
    fs::create_directories(destination + "/folder 1");
  }

  [[nodiscard]] std::unique_ptr<Waiting> locked_by_a_stranger(const std::string& folder,
                                                              int mode) const {
    return std::make_unique<Waiting>([&] { return become_a_stranger() && locks(folder, mode); });
  }
  static bool locks(const std::string& folder, int mode) {
    return ::flock(::open(folder.c_str(), O_RDONLY | O_CLOEXEC), mode | LOCK_NB) == 0;
  }
};

TEST_F(ConcurrentBetweenUsers, runs_are_refused_but_for_the_first) {
  make({file("other", "text")}, home / "other");
  for (const int mode : {LOCK_SH, LOCK_EX}) {
    fs::remove_all(destination);
    fs::create_directories(destination + "/folder 1");
    const auto stranger = locked_by_a_stranger(destination, mode);
    ASSERT_TRUE(stranger->is_ready());
    fs::remove(pipe);
    const Listener said(pipe);
    const auto first =
        std::make_unique<Process>(shell("exec \"$@\" >'" + pipe + "' 2>'" + (home / "told") + "'",
                                        {"-v", "--no-index", source, destination}));
    ASSERT_TRUE(said.hears_something());
    expect_refused(syncline({"--no-index", source, destination}), *first);
    expect_refused(syncline({"--no-index", home / "other", destination + "/folder 1"}), *first);
    expect_done(*first, said);
    const std::string told = read(home / "told");
    EXPECT_TRUE(is_one_line(told));
    EXPECT_NE(told.find("process " + std::to_string(stranger->pid()) + " of user "),
              std::string::npos)
        << told;
  }
  EXPECT_TRUE(same(snapshot(destination), tree));
}

// As the services' units have it.
TEST_F(ConcurrentBetweenUsers, runs_with_the_rights_of_a_service_wait_for_no_other) {
  const std::string as_service =
      "exec setpriv "
      "--bounding-set=-all,+chown,+dac_override,+dac_read_search,+fowner,+fsetid,+lease,"
      "+mknod,+setfcap,+sys_admin,+sys_ptrace \"$@\"";
  const Waiting taker([&] { return become_a_stranger() && locks(destination, LOCK_SH); });
  const Waiting others([&] {
    if (!become_a_stranger()) return false;
    const int held = ::open(destination.c_str(), O_RDONLY | O_CLOEXEC);
    const pid_t gone = ::fork();
    if (gone == 0) ::_exit(::flock(held, LOCK_SH | LOCK_NB) == 0 ? 0 : 1);
    int status = -1;
    return ::waitpid(gone, &status, 0) == gone && status == 0;
  });
  ASSERT_TRUE(taker.is_ready() && others.is_ready());
  const Exit exit = run(shell(as_service, {source, destination}));
  EXPECT_EQ(exit.status, 0) << exit.err;
  EXPECT_NE(exit.err.find("process " + std::to_string(taker.pid()) + " of user "),
            std::string::npos)
      << exit.err;
  EXPECT_TRUE(same(snapshot(destination), tree));
}

TEST_F(ConcurrentBetweenUsers, runs_of_an_ordinary_user_wait_for_root_and_for_no_other) {
  constexpr const char* as_user = "exec setpriv --reuid=54321 --regid=54321 --clear-groups \"$@\"";
  const std::string his_state = home / "his state";
  fs::create_directory(his_state);
  for (const std::string& his : {destination, destination + "/folder 1", his_state}) {
    ASSERT_EQ(::chown(his.c_str(), 54321, 54321), 0);
    fs::permissions(his, fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
  }
  ::setenv("STATE_DIRECTORY", his_state.c_str(), 1);
  const std::vector<std::string> words{"--no-index", "--no-owner", "--no-group", source,
                                       destination};
  {
    const auto stranger = locked_by_a_stranger(destination, LOCK_EX);
    ASSERT_TRUE(stranger->is_ready());
    const Exit exit = run(shell(as_user, words));
    EXPECT_EQ(exit.status, 0) << exit.err;
    EXPECT_NE(exit.err.find(" of user " + std::to_string(stranger_id)), std::string::npos)
        << exit.err;
  }
  const Waiting root([&] { return locks(destination, LOCK_SH); });
  ASSERT_TRUE(root.is_ready());
  EXPECT_EQ(run(shell(as_user, words)).status, 41);
}

TEST_F(Concurrent, runs_from_one_source_to_several_destinations_are_exact) {
  for (int round = 0; round < 3; ++round) {
    std::vector<std::unique_ptr<Process>> runs;
    runs.reserve(4);
    for (const char* name : {"1", "2", "3"})
      runs.push_back(std::make_unique<Process>(command({"--delete", source, home / name})));
    for (const auto& each : runs) {
      const auto exit = each->wait(20s);
      ASSERT_TRUE(exit);
      EXPECT_EQ(exit->status, 0) << exit->err;
    }
    for (const char* name : {"1", "2", "3"}) EXPECT_TRUE(same(snapshot(home / name), tree));
    tree.put(file("new " + std::to_string(round), "text"));
    remove(home.path(), "source");
    make(tree, source);
  }
}

}  // namespace
}  // namespace syncline::test
