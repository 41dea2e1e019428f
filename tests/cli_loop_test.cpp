// The loop: that it follows, lives on, sleeps soundly and ends at once.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/disk.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class Loop : public Cli {
 protected:
  /// Until the log has `text`, and behind it the end of that pass: what is changed then, only the
  /// next pass can see.
  [[nodiscard]] testing::AssertionResult awaits(const std::string& text) const {
    const auto told = [&] {
      const std::string so_far = read(log);
      const std::size_t at = so_far.find(text);
      return at != std::string::npos && so_far.find("ended: ", at) != std::string::npos;
    };
    if (watch.until(told)) return testing::AssertionSuccess();
    return testing::AssertionFailure() << text << " is not in the log:\n" << read(log);
  }
  [[nodiscard]] std::size_t passes_failed() const {
    std::size_t count = 0;
    for (const std::string& line : lines_of(read(log))) {
      if (line.find(" failed: ") != std::string::npos) ++count;
    }
    return count;
  }

  const Watch watch{logs};
};

/// Processor time of all threads of a process.
std::chrono::duration<double> cpu_time(pid_t pid) {
  std::string text = read("/proc/" + std::to_string(pid) + "/stat");
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return std::chrono::duration<double>((user + system) /
                                       static_cast<double>(::sysconf(_SC_CLK_TCK)));
}

TEST_F(Loop, follows_what_happens_to_the_source) {
  write(source + "/edited", "before");
  write(source + "/removed", "text");
  write(source + "/changes", "a file");
  Process process(loop("0.2"));
  ASSERT_TRUE(awaits("pass 1 ended"));
  EXPECT_EQ(read(destination + "/edited"), "before");

  write(source + "/edited", "after!");
  ASSERT_TRUE(awaits("update file \"edited\""));
  write(source + "/added", "text");
  ASSERT_TRUE(awaits("create file \"added\""));
  fs::remove(source + "/removed");
  ASSERT_TRUE(awaits("remove file \"removed\""));
  fs::remove(source + "/changes");
  fs::create_directory(source + "/changes");
  write(source + "/changes/inside", "text");
  ASSERT_TRUE(awaits("create file \"changes/inside\""));
  process.signal(SIGTERM);
  const auto exit = process.wait(10s);
  ASSERT_TRUE(exit);

  EXPECT_EQ(exit->status, 20);
  EXPECT_EQ(exit->out + exit->err, "");
  EXPECT_EQ(read(destination + "/edited"), "after!");
  EXPECT_EQ(read(destination + "/added"), "text");
  EXPECT_FALSE(fs::exists(destination + "/removed"));
  EXPECT_EQ(read(destination + "/changes/inside"), "text");
  EXPECT_TRUE(is_log(read(log)));
  EXPECT_TRUE(lines_of(read(log)).back().ends_with(" info stopped by a signal"));
}

TEST_F(Loop, ends_at_once_on_a_signal) {
  for (const int signal : {SIGTERM, SIGINT}) {
    fs::remove(log);
    Process process(loop("3600"));
    ASSERT_TRUE(awaits("pass 1 ended"));
    const auto before = Clock::now();
    process.signal(signal);
    const auto exit = process.wait(10s);
    EXPECT_LT(Clock::now() - before, 1s);
    ASSERT_TRUE(exit);
    EXPECT_EQ(exit->status, 20);
  }
}

TEST_F(Loop, gives_up_a_root_that_was_wrong_from_the_start) {
  const std::string missing = home / "missing";
  const Exit exit = run(command({log, missing, destination, "0.1"}));
  EXPECT_EQ(exit.status, 3);
  EXPECT_TRUE(is_one_line(exit.err));
  EXPECT_EQ(passes_failed(), 1U);
  EXPECT_FALSE(fs::exists(destination));
  EXPECT_EQ(run(command({log, source, source, "0.1"})).status, 3);
}

TEST_F(Loop, outlives_a_source_that_goes_away_and_comes_back) {
  write(source + "/file", "text");
  Process process(loop("0.1"));
  ASSERT_TRUE(awaits("pass 1 ended"));
  const std::string away = home / "away";
  fs::rename(source, away);
  ASSERT_TRUE(watch.until([&] { return passes_failed() >= 2; }));
  EXPECT_EQ(read(destination + "/file"), "text");

  write(away + "/more", "text");
  fs::rename(away, source);
  ASSERT_TRUE(awaits("create file \"more\""));
  EXPECT_FALSE(logged("remove file"));
  process.signal(SIGTERM);
  EXPECT_TRUE(process.wait(10s));
}

TEST_F(Loop, makes_no_destination_in_place_of_one_that_went_away) {
  write(source + "/file", "text");
  const std::string disk = home / "disk";
  const std::string mirror = disk + "/mirror";
  fs::create_directory(disk);
  Process process(command({log, source, mirror, "0.1"}));
  ASSERT_TRUE(awaits("pass 1 ended"));
  fs::rename(disk, home / "unmounted");
  ASSERT_TRUE(watch.until([&] { return passes_failed() >= 2; }));
  fs::create_directory(disk);  // a mount point whose disk is not there
  std::size_t before = passes_failed();
  ASSERT_TRUE(watch.until([&] { return passes_failed() >= before + 2; }));
  EXPECT_TRUE(fs::is_empty(disk));
  fs::create_directory(mirror);
  before = passes_failed();
  ASSERT_TRUE(watch.until([&] { return passes_failed() >= before + 2; }));
  EXPECT_TRUE(fs::is_empty(mirror));
}

TEST_F(Loop, makes_a_destination_anew_that_was_deleted_where_it_lay) {
  write(source + "/file", "text");
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{{}, {"--no-index"}}) {
    fs::remove(log);
    std::vector<std::string> words = more;
    words.insert(words.end(), {log, source, destination, "0.1"});
    Process process(command(words));
    ASSERT_TRUE(awaits("pass 1 ended"));
    fs::remove_all(destination);
    ASSERT_TRUE(awaits("was deleted since the last pass: it is created again"));
    EXPECT_EQ(read(destination + "/file"), "text");
    process.signal(SIGTERM);
    EXPECT_TRUE(process.wait(10s));
    fs::remove_all(destination);
  }
}

TEST_F(Loop, needs_no_processor_between_passes) {
  write(source + "/file", "text");
  Process process(loop("2"));
  ASSERT_TRUE(awaits("pass 1 ended"));
  const auto from = Clock::now();
  const auto used_before = cpu_time(process.pid());
  ASSERT_TRUE(watch.until([&] { return logged("pass 2 ended"); }));
  const auto used = cpu_time(process.pid()) - used_before;
  const std::chrono::duration<double> passed = Clock::now() - from;
  EXPECT_GT(passed, 1s);
  EXPECT_LT(used, passed / 10);
}

TEST_F(Loop, as_an_option_logs_to_standard_error) {
  Process process(command({"--interval", "0.05", source, destination}));
  const Watch beside(home.path());
  ASSERT_TRUE(beside.until([&] { return fs::exists(destination); }));
  process.signal(SIGTERM);
  const auto exit = process.wait(10s);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 20);
  EXPECT_EQ(exit->out, "");
  EXPECT_TRUE(is_log(exit->err));
  EXPECT_NE(exit->err.find(" info pass 1 began"), std::string::npos) << exit->err;
}

TEST_F(Loop, logs_to_standard_output_as_a_dash) {
  Process process(command({"-", source, destination, "0.05"}));
  const Watch beside(home.path());
  ASSERT_TRUE(beside.until([&] { return fs::exists(destination); }));
  process.signal(SIGTERM);
  const auto exit = process.wait(10s);
  ASSERT_TRUE(exit);
  EXPECT_TRUE(is_log(exit->out));
  EXPECT_NE(exit->out.find(" info stopped by a signal"), std::string::npos) << exit->out;
  EXPECT_EQ(exit->err, "");
}

TEST_F(Loop, spends_one_short_line_on_a_pass_that_did_nothing) {
  write(source + "/file", "text");
  let_age(source);  // else a pass reads it once more, and says so
  Process process(loop("0.1"));
  ASSERT_TRUE(awaits("pass 3 ended: nothing to do; source 1 entries; "));
  write(source + "/more", "text");
  ASSERT_TRUE(awaits("create file \"more\""));
  process.signal(SIGTERM);
  ASSERT_TRUE(process.wait(10s));
  const std::string text = read(log);
  EXPECT_TRUE(is_log(text));
  const auto has_line = [&](const std::string& part) {
    return std::ranges::any_of(lines_of(text), [&](const std::string& line) {
      return line.find(part) != std::string::npos;
    });
  };
  EXPECT_TRUE(has_line("pass 1 began: ")) << text;
  EXPECT_TRUE(has_line("pass 1 ended: created ")) << text;
  EXPECT_FALSE(has_line("pass 3 began")) << text;
  // What was done is told in full, and its beginning stands before it.
  std::string last_begin;
  for (const std::string& line : lines_of(text)) {
    if (line.find(" began: ") != std::string::npos) last_begin = line;
    if (line.find("create file \"more\"") == std::string::npos) continue;
    EXPECT_NE(last_begin.find("pass "), std::string::npos) << text;
    EXPECT_EQ(last_begin.find("pass 1 "), std::string::npos) << text;
    EXPECT_LE(last_begin.substr(0, 29), line.substr(0, 29));
  }
  for (const std::string& line : lines_of(text)) {
    const bool is_short = line.find("nothing to do") == std::string::npos || line.size() < 110;
    EXPECT_TRUE(is_short) << line;
  }
}

TEST_F(Loop, tells_how_far_it_is_and_goes_on) {
  write(source + "/file", "text");
  Process process(loop("3600"));
  ASSERT_TRUE(awaits("pass 1 ended"));
  process.signal(SIGUSR1);
  ASSERT_TRUE(watch.until([&] { return logged(" info between two passes"); })) << read(log);
  process.signal(SIGTERM);
  const auto exit = process.wait(10s);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 20);
  EXPECT_EQ(exit->err, "syncline: between two passes\n");
}

TEST_F(Loop, tells_how_far_it_is_where_the_log_is_standard_error) {
  Process process(command({"--interval=3600", source, destination}));
  const Watch beside(home.path());
  ASSERT_TRUE(beside.until([&] { return fs::exists(destination); }));
  process.signal(SIGUSR1);
  process.signal(SIGTERM);
  const auto exit = process.wait(10s);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 20);
  EXPECT_TRUE(is_log(exit->err));
}

TEST_F(Loop, leaves_a_hangup_ignored_as_nohup_wants_it) {
  Process process(shell(R"(trap "" HUP; exec "$@")", {log, source, destination, "0.1"}));
  ASSERT_TRUE(awaits("pass 1 ended"));
  process.signal(SIGHUP);
  ASSERT_TRUE(awaits("pass 4 ended"));
  EXPECT_FALSE(logged("log reopened"));
  process.signal(SIGTERM);
  const auto exit = process.wait(10s);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 20);
}

}  // namespace
}  // namespace syncline::test
