// One large file, interrupted again and again by SIGKILL and SIGTERM at any moment: it is copied
// exactly, and no more than once.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/disk.h"
#include "support/random_tree.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <random>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t mebibyte = 1 << 20;
constexpr std::uint64_t chunk = 8 * mebibyte;

/// Bytes, as the kernel counts them for a process (proc_pid_io(5)).
struct Traffic {
  std::uint64_t read = 0;
  std::uint64_t written = 0;
};

/// Of a process that has ended and was not waited for.
Traffic traffic_of(pid_t pid) {
  Traffic traffic;
  std::ifstream file("/proc/" + std::to_string(pid) + "/io");
  std::string what;
  for (std::uint64_t bytes = 0; file >> what >> bytes;) {
    if (what == "rchar:") traffic.read = bytes;
    if (what == "wchar:") traffic.written = bytes;
  }
  return traffic;
}

/// Returns once it has ended, and leaves it to be waited for.
void await_end(pid_t pid) {
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT), 0);
}

class Resumed : public Cli {
 protected:
  void given(std::uint64_t size) const {
    std::mt19937_64 engine{7};
    std::vector<std::uint64_t> block(mebibyte / sizeof(std::uint64_t));
    std::ofstream file(source + "/large", std::ios::binary);
    for (std::uint64_t done = 0; done < size; done += mebibyte) {
      for (auto& word : block) word = engine();
      file.write(reinterpret_cast<const char*>(block.data()),
                 static_cast<std::streamsize>(mebibyte));
    }
    file.close();
    let_age();
  }

  /// Nothing is kept of a source that was written to just now.
  void let_age() const {
    stamps(source);
    const auto then = std::chrono::steady_clock::now() + milliseconds(25);
    while (std::chrono::steady_clock::now() < then) std::this_thread::yield();
  }

  [[nodiscard]] std::vector<std::string> mirror(const std::vector<std::string>& how) const {
    const std::string index = "--index=" + (home / "kept.index");
    return mirror_with(index, how);
  }
  [[nodiscard]] std::vector<std::string> mirror_with(const std::string& index,
                                                     const std::vector<std::string>& how) const {
    std::vector<std::string> words{index, "--partial=1M", source, destination};
    words.insert(words.begin(), how.begin(), how.end());
    return command(words);
  }

  /// Runs it and ends it by `signal` some time before `longest`. False: it was faster.
  bool interrupt(const std::vector<std::string>& words, milliseconds longest, int signal) {
    const Process process(words);
    const milliseconds moment(random.below(static_cast<std::uint64_t>(longest.count()) + 1));
    siginfo_t info{};
    const auto end = std::chrono::steady_clock::now() + moment;
    while (std::chrono::steady_clock::now() < end && info.si_pid == 0) {
      ::waitid(P_PID, static_cast<id_t>(process.pid()), &info, WEXITED | WNOHANG | WNOWAIT);
      std::this_thread::yield();
    }
    const bool was_running = info.si_pid == 0;
    process.signal(signal);
    await_end(process.pid());
    add(process.pid());
    return was_running;
  }

  /// Ends it once it is well under way with a file in `where`.
  static Exit interrupt_in_the_middle(const std::vector<std::string>& words,
                                      const std::string& where) {
    Process process(words);
    const auto is_begun = [&] {
      if (!std::filesystem::exists(where)) return false;
      for (const auto& path : paths_in(where))
        if (std::filesystem::is_regular_file(path)) return true;
      return false;
    };
    while (!is_begun()) std::this_thread::yield();
    const auto then = std::chrono::steady_clock::now() + milliseconds(300);
    while (std::chrono::steady_clock::now() < then) std::this_thread::yield();
    process.signal(SIGTERM);
    const auto exit = process.wait(std::chrono::seconds(20));
    EXPECT_TRUE(exit) << "it goes on";
    const Exit ended = exit.value_or(Exit{});
    EXPECT_EQ(ended.status, 20);
    return ended;
  }

  void complete(const std::vector<std::string>& words) {
    Process process(words);
    await_end(process.pid());
    add(process.pid());
    const auto exit = process.wait(std::chrono::seconds(60));
    ASSERT_TRUE(exit);
    EXPECT_EQ(exit->status, 0) << exit->err;
  }

  void add(pid_t pid) {
    const Traffic traffic = traffic_of(pid);
    all.read += traffic.read;
    all.written += traffic.written;
    ++runs;
  }

  void expect_copied_once(std::uint64_t size) const {
    EXPECT_EQ(run({"/usr/bin/cmp", source + "/large", destination + "/large"}).status, 0);
    EXPECT_EQ(paths_in(destination).size(), 1U) << "litter";
    const std::uint64_t most = size + size / 10 + static_cast<std::uint64_t>(runs - 1) * chunk;
    EXPECT_LE(all.read, most) << runs;
    EXPECT_LE(all.written, most) << runs;
    RecordProperty("read",
                   std::to_string(static_cast<double>(all.read) / static_cast<double>(size)));
    RecordProperty("written",
                   std::to_string(static_cast<double>(all.written) / static_cast<double>(size)));
  }

  void interrupt_many(std::uint64_t size, int times, milliseconds longest,
                      const std::vector<std::string>& how) {
    given(size);
    for (int i = 0; i < times; ++i)
      if (!interrupt(mirror(how), longest, i % 2 == 0 ? SIGKILL : SIGTERM)) break;
    complete(mirror({}));
    expect_copied_once(size);
  }

  Random random{announced_seed()};
  Traffic all;
  int runs = 0;
};

TEST_F(Resumed, costs_no_more_than_a_copy) {
  interrupt_many(96 * mebibyte, 10, milliseconds(150), {"--bwlimit=100M"});
}

// At any moment after it began, also in the one after the kill.
TEST_F(Resumed, is_exact_whatever_happens_to_the_kept_copy) {
  given(48 * mebibyte);
  for (int i = 0; i < 6; ++i) {
    std::filesystem::remove_all(destination);
    // Without an index all of it is compared with the source.
    const std::string index = i < 4 ? "--index=" + (home / std::to_string(i)) : "--no-index";
    const auto how = [&](const std::vector<std::string>& more) { return mirror_with(index, more); };
    interrupt(how({"--bwlimit=100M"}), milliseconds(400), i % 2 == 0 ? SIGKILL : SIGTERM);
    if (!std::filesystem::exists(destination)) continue;
    // Longer than the lease of a process that was killed (engine/src/content/journal.h).
    let_age();
    for (const std::string& path : paths_in(destination)) {
      std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(static_cast<std::streamoff>(random.below(48 * mebibyte)));
      file.put(static_cast<char>(random.below(256)));
    }
    complete(how({}));
    EXPECT_EQ(run({"/usr/bin/cmp", source + "/large", destination + "/large"}).status, 0) << i;
  }
}

TEST_F(Resumed, is_told_of) {
  given(32 * mebibyte);
  const Exit exit = interrupt_in_the_middle(mirror({"--bwlimit=40M"}), destination);
  EXPECT_NE(exit.err.find("large: its copy was kept at "), std::string::npos) << exit.err;
  const Exit dry = run(mirror({"-n", "-v"}));
  EXPECT_NE(dry.out.find("resumed at "), std::string::npos) << dry.out;
  const Exit json = run(mirror({"--json"}));
  EXPECT_NE(json.out.find("\"reason\":\"new, resumed at "), std::string::npos) << json.out;
}

/// Shown with such modes, whatever is set: as drivers do for what has no modes.
class ResumedElsewhere : public Resumed, public testing::WithParamInterface<std::string> {};

TEST_P(ResumedElsewhere, is_told_of_only_where_the_next_run_goes_on_from_there) {
  std::filesystem::create_directory(home / "disk");
  std::filesystem::create_directory(destination);
  const Exit bound = run({"/usr/bin/env", "bindfs", "--perms=" + GetParam(), "--chmod-ignore",
                          home / "disk", destination});
  if (bound.status != 0) GTEST_SKIP() << "no bindfs here: " << bound.err;
  given(32 * mebibyte);
  const Exit exit = interrupt_in_the_middle(mirror({"--bwlimit=40M"}), home / "disk");
  let_age();
  const Exit dry = run(mirror({"-n", "-v"}));
  const bool is_told = exit.err.find("kept at") != std::string::npos;
  const bool is_gone_on_with = dry.out.find("resumed at") != std::string::npos;
  EXPECT_TRUE(!is_told || is_gone_on_with) << exit.err << dry.out;
  ::umount2(destination.c_str(), MNT_DETACH);
}

INSTANTIATE_TEST_SUITE_P(Modes, ResumedElsewhere, testing::Values("a=rwx", "u=rwX:go=rX"),
                         [](const auto& each) {
                           return each.param == "a=rwx" ? "open_to_all" : "open_to_its_owner";
                         });

TEST_F(Resumed, is_chosen_by_option) {
  given(32 * mebibyte);
  for (const std::vector<std::string>& words :
       {command({"--no-partial", "--bwlimit=40M", "--no-index", source, destination}),
        command({"--partial", "--bwlimit=40M", "--no-index", source, destination})}) {
    interrupt(words, milliseconds(300), SIGTERM);
    if (!std::filesystem::exists(destination)) continue;
    EXPECT_TRUE(paths_in(destination).empty()) << "smaller than 64 MiB";
  }
  const std::vector<std::string> refused{"--no-partial", "--partial=1M"};
  EXPECT_EQ(run(mirror(refused)).status, 1);
  EXPECT_EQ(syncline({"--no-partial", "-P", source, destination}).status, 1);
  EXPECT_EQ(syncline({"--partial=much", source, destination}).status, 1);
  EXPECT_EQ(syncline({"--order=largest", source, destination}).status, 1);
}

class LongResumed : public Resumed {};

TEST_F(LongResumed, costs_no_more_than_a_copy_of_4_gb) {
  interrupt_many(4096 * mebibyte, 20, milliseconds(500), {});
}

}  // namespace
}  // namespace syncline::test
