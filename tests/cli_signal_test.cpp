// Ended by a signal at any moment: soon, whole, without litter, and completed by the next run.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/descriptor.h"
#include "support/disk.h"
#include "support/passes.h"
#include "support/random_tree.h"
#include "support/tree.h"
#include "support/versions.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <optional>
#include <set>
#include <string>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

class Interrupted : public Cli {
 protected:
  Interrupted() {
    // Ignored ones are inherited, and stay ignored.
    for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, SIG_DFL);
  }

  [[nodiscard]] std::vector<std::string> mirror() const {
    return command({"-v", "--delete", source, destination});
  }

  /// Starts a run, ends it at some moment before its usual end and sees what it leaves.
  void interrupt(milliseconds usual, const Tree& old) {
    const Tree given = snapshot(source);
    Process process(mirror());
    const milliseconds moment(random.below(static_cast<std::uint64_t>(usual.count()) * 3 / 4 + 1));
    if (const auto exit = process.wait(moment)) {
      EXPECT_EQ(exit->status, 0) << exit->err;
      return;
    }
    const int signal = random.one_in(2) ? SIGINT : SIGTERM;
    const auto from = Clock::now();
    process.signal(signal);
    const auto exit = process.wait(20s);
    const auto took = Clock::now() - from;
    ASSERT_TRUE(exit);
    longest = std::max(longest, took);
    EXPECT_LT(took, 3s);
    // Before it can listen to signals it does nothing either.
    const bool had_begun = exit->status != 128 + signal;
    EXPECT_TRUE((std::set{0, 20, 128 + signal}.contains(exit->status))) << exit->status;
    EXPECT_TRUE(had_begun || exit->out.empty()) << exit->out;
    stopped += exit->status == 20 ? 1 : 0;
    if (!fs::exists(destination)) return;
    const Tree found = snapshot(destination);
    // A folder that gave way is emptied under a temporary name, which takes as long as it takes.
    for (const std::string& path : temporaries_in(destination))
      EXPECT_EQ(found.at(path).kind, Kind::folder) << path;
    Versions versions;
    versions.add(old);
    versions.add(given);
    EXPECT_TRUE(versions.nothing_is_torn_in(found));
  }

  void expect_completed() const {
    const Exit exit = run(mirror());
    EXPECT_EQ(exit.status, 0) << exit.err;
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  }

  void put_large(int number) {
    const std::string name = "large " + std::to_string(number);
    if (exists(source, name)) remove(source, name);
    const char letter = static_cast<char>('a' + random.below(26));
    put(file(name, std::string(8'500'000 + random.below(1'000'000), letter)), source);
  }

  /// So many first copies, and as many updates.
  void interrupt_many(std::uint64_t entries, int wanted) {
    constexpr int most_tries = 20;
    fs::remove(source);
    make(random_tree(random, entries), source);
    for (int number = 0; number < 2; ++number) put_large(number);
    const auto from = Clock::now();
    expect_completed();
    const auto usual = std::chrono::ceil<milliseconds>(Clock::now() - from);
    int tries = 0;
    for (; stopped < wanted && tries < most_tries * wanted && !HasFailure(); ++tries) {
      remove(home.path(), "destination");
      for (const auto& entry : fs::directory_iterator(state.path())) fs::remove_all(entry.path());
      ASSERT_NO_FATAL_FAILURE(interrupt(usual, {}));
      expect_completed();
    }
    for (; stopped < 2 * wanted && tries < 2 * most_tries * wanted && !HasFailure(); ++tries) {
      change_randomly(random, source, entries / 5);
      for (int number = 0; number < 2; ++number) put_large(number);
      ASSERT_NO_FATAL_FAILURE(interrupt(usual, snapshot(destination)));
      expect_completed();
    }
    EXPECT_EQ(stopped, 2 * wanted);
    std::cout << stopped << " of " << tries << " runs were stopped, in at most "
              << std::chrono::duration_cast<milliseconds>(longest).count() << " ms\n";
  }

  Random random{announced_seed()};
  Clock::duration longest{};
  int stopped = 0;
};

TEST_F(Interrupted, at_any_moment_it_ends_soon_and_whole) {
  interrupt_many(300, 3);
}

/// Asked how far it is where nobody reads the answer.
class Unread : public Interrupted {
 protected:
  Unread() {
    checked(::mkfifo(path.c_str(), 0600), "mkfifo");
    pipe.emplace(checked(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC), "open"));
  }

  void fill() const {
    for (const std::size_t size : {std::size_t{4096}, std::size_t{1}})
      while (::write(pipe->get(), std::string(size, 'x').data(), size) > 0) continue;
  }
  void empty() const {
    std::array<char, 4096> some{};
    while (::read(pipe->get(), some.data(), some.size()) > 0) continue;
  }

  const std::string path = home / "pipe";
  std::optional<Descriptor> pipe;
};

TEST_F(Unread, standard_error_holds_up_no_end) {
  fill();
  const Watch logging(logs);
  Process process(
      shell(R"(exec "$@" 2>)" + ("'" + path + "'"), {log, source, destination, "3600"}));
  ASSERT_TRUE(logging.until([&] { return logged("pass 1 ended"); }));
  process.signal(SIGUSR1);
  ASSERT_TRUE(logging.until([&] { return logged("between two passes"); })) << read(log);
  process.signal(SIGTERM);
  const auto exit = process.wait(10s);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 20);
}

TEST_F(Unread, a_log_holds_up_no_stop) {
  write(source + "/large", std::string(4'000'000, 'x'));
  fs::create_directory(destination);
  const Watch watch(destination);
  Process process(shell(R"(exec "$@" >)" + ("'" + path + "'"),
                        {"--log-file=-", "--log-detail=summary", "--no-index", "--bwlimit=100",
                         source, destination}));
  ASSERT_TRUE(watch.until([&] { return !fs::is_empty(destination); }));
  fill();
  process.signal(SIGUSR1);
  process.signal(SIGTERM);
  EXPECT_TRUE(watch.until([&] { return fs::is_empty(destination); }));
  auto exit = process.wait(0s);
  for (const auto until = Clock::now() + 10s; !exit && Clock::now() < until;) {
    empty();
    exit = process.wait(10ms);
  }
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 20);
}

class LongInterrupted : public Interrupted {};

TEST_F(LongInterrupted, at_any_moment_it_ends_soon_and_whole) {
  interrupt_many(4000, 50);
}

}  // namespace
}  // namespace syncline::test
