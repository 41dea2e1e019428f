// What a person sees while a run goes on.
//
// Such a run is held up where it can be: at the lock of the destination.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/descriptor.h"
#include "support/disk.h"
#include "support/terminal.h"
#include "support/tree.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

constexpr char control_c = '\x03';

class OnTerminal : public Cli {
 protected:
  OnTerminal() {
    std::signal(SIGINT, SIG_DFL);
    ::setenv("TERM", "xterm", 1);
    ::unsetenv("NO_COLOR");
    std::filesystem::create_directory(destination);
  }

  void SetUp() override {
    if (!Terminal::is_possible()) GTEST_SKIP() << "no terminal can be made here";
  }

  /// Runs wait until it is given back.
  void hold_destination() {
    held = Descriptor(checked(::open(destination.c_str(), O_RDONLY | O_CLOEXEC), "open"));
    ASSERT_EQ(::flock(held->get(), LOCK_EX), 0);
  }

  [[nodiscard]] std::vector<std::string> mirror(std::vector<std::string> how = {}) const {
    how.insert(how.end(), {"--wait", source, destination});
    return command(how);
  }

  static bool shows_progress(const Screen& screen) { return screen.last().starts_with("starting"); }

  std::optional<Descriptor> held;
};

TEST_F(OnTerminal, a_line_is_there_while_it_runs_and_gone_at_the_end) {
  for (const unsigned columns : {12U, 40U, 80U, 200U}) {
    hold_destination();
    put(file(std::to_string(columns), "x"), source);
    Terminal terminal(mirror(), columns);
    ASSERT_TRUE(terminal.until(shows_progress)) << columns;
    held.reset();
    EXPECT_EQ(terminal.wait(), 0);
    EXPECT_EQ(terminal.screen().surprise(), "");
    for (const std::string& line : terminal.screen().lines())
      EXPECT_FALSE(line.starts_with("starting")) << line;
    EXPECT_EQ(terminal.screen().last(), "");
  }
}

TEST_F(OnTerminal, a_signal_leaves_no_line_behind) {
  hold_destination();
  Terminal terminal(mirror(), 40);
  ASSERT_TRUE(terminal.until(shows_progress));
  terminal.type(control_c);
  EXPECT_EQ(terminal.wait(), 20);
  EXPECT_EQ(terminal.screen().last(), "");
  EXPECT_FALSE(terminal.screen().has("starting"));
}

TEST_F(OnTerminal, in_the_middle_of_a_copy_it_fits_the_width_and_goes_with_a_signal) {
  constexpr std::uint64_t long_enough = std::uint64_t{64} << 30U;
  // On both sides, so that nothing is written; and all is read, since no chunk is a hole as a
  // whole.
  std::vector<Extent> data;
  for (std::uint64_t at = 0; at < long_enough; at += chunk_bytes) data.push_back({at, 1});
  for (const std::string& side : {source, destination})
    put_with_holes(side, "large", data, long_enough);
  for (const unsigned columns : {40U, 200U}) {
    Terminal terminal(mirror({"--no-index"}), columns);
    ASSERT_TRUE(terminal.until([](const Screen& screen) {
      return screen.last().starts_with("reading") &&
             screen.last().find(" of 68.7 GB") != std::string::npos;
    }));
    terminal.type(control_c);
    EXPECT_EQ(terminal.wait(), 20);
    for (const std::string& line : terminal.screen().shown())
      EXPECT_TRUE(!line.starts_with("reading") || line.size() < columns) << line;
    EXPECT_FALSE(terminal.screen().has("reading"));
    EXPECT_EQ(terminal.screen().surprise(), "");
    EXPECT_EQ(terminal.screen().last(), "");
  }
}

/// What was ever shown that begins so.
std::vector<std::string> shown_as(const Screen& screen, const std::string& label) {
  std::vector<std::string> lines;
  for (const std::string& line : screen.shown())
    if (line.starts_with(label)) lines.push_back(line);
  return lines;
}

/// Of a line that is shown; 0 where there is none.
int percent_in(const std::string& line) {
  std::smatch found;
  return std::regex_search(line, found, std::regex("(\\d+) %")) ? std::stoi(found[1]) : 0;
}

TEST_F(OnTerminal, what_is_read_back_is_part_of_the_work) {
  put(file("large", std::string(2'400'000, 'l')), source);
  put(file("small", "s"), source);
  Terminal terminal(mirror({"--no-index", "--verify", "--bwlimit=2M"}), 200);
  EXPECT_EQ(terminal.wait(), 0);
  const auto copying = shown_as(terminal.screen(), "copying");
  const auto verifying = shown_as(terminal.screen(), "verifying");
  ASSERT_FALSE(copying.empty());
  ASSERT_FALSE(verifying.empty());
  for (const std::string& line : copying) {
    EXPECT_LE(percent_in(line), 50) << line;
    EXPECT_EQ(line.find("small"), std::string::npos) << "is done: " << line;
  }
  for (const std::string& line : verifying) EXPECT_LT(percent_in(line), 100) << line;
  EXPECT_GT(percent_in(verifying.back()), 50) << verifying.back();
  EXPECT_TRUE(std::ranges::any_of(
      copying, [](const std::string& line) { return line.ends_with("  large"); }));
}

TEST_F(OnTerminal, what_is_flushed_is_part_of_the_work) {
  const std::vector<std::string> slowed{"strace", "-f", "-qq", "-o", "/dev/null"};
  const auto traced = [&](const std::string& what, const std::vector<std::string>& program) {
    std::vector<std::string> words{"/usr/bin/env"};
    words.insert(words.end(), slowed.begin(), slowed.end());
    words.insert(words.end(), {"-e", "trace=" + what, "-e", "signal=none", "-e",
                               "inject=" + what + ":delay_enter=700000"});
    words.insert(words.end(), program.begin(), program.end());
    return words;
  };
  if (run(traced("fdatasync", {"true"})).status != 0)
    GTEST_SKIP() << "no strace, or no right to it";
  const TemporaryFolder disk("/var/tmp");  // where flushing means something
  put(file("large", std::string(4'000'000, 'l')), source);
  Terminal terminal(
      traced("fdatasync,fsync,syncfs", command({"--no-index", source, disk / "mirror"})), 200);
  EXPECT_EQ(terminal.wait(), 0);
  const auto flushing = shown_as(terminal.screen(), "flushing");
  ASSERT_FALSE(flushing.empty());
  for (const std::string& line : shown_as(terminal.screen(), ""))
    EXPECT_LT(percent_in(line), 100) << line;
  EXPECT_EQ(percent_in(flushing.front()), 50) << flushing.front();
}

TEST_F(OnTerminal, messages_are_whole_lines_above_it) {
  constexpr int failures = 20;
  for (int i = 0; i < failures; ++i) {
    const std::string name = "in the way " + std::to_string(i);
    put(file(name, "x"), source);
    put(folder(name), destination);
  }
  hold_destination();
  Terminal terminal(mirror({"--no-delete", "-v"}), 200);
  ASSERT_TRUE(terminal.until(shows_progress));
  held.reset();
  EXPECT_EQ(terminal.wait(), 23);
  const auto& lines = terminal.screen().lines();
  EXPECT_EQ(std::ranges::count_if(lines,
                                  [](const std::string& line) {
                                    return line.starts_with("syncline: in the way ") &&
                                           line.find("--no-delete keeps") != std::string::npos;
                                  }),
            failures);
  EXPECT_EQ(terminal.screen().last(), "");
}

TEST_F(OnTerminal, colours_are_left_out_where_nobody_wants_them) {
  for (const char* const refusal : {"", "1"}) {
    ::setenv("NO_COLOR", refusal, 1);
    hold_destination();
    Terminal terminal(mirror(), 80);
    ASSERT_TRUE(terminal.until(shows_progress));
    held.reset();
    EXPECT_EQ(terminal.wait(), 0);
    EXPECT_EQ(terminal.screen().has_colours(), *refusal == '\0');
  }
}

TEST_F(OnTerminal, no_line_is_shown_where_it_is_refused) {
  put(file("file", std::string(1'000'000, 'x')), source);
  for (const char* const how : {"-q", "--no-progress"}) {
    Terminal terminal(mirror({how}), 80);
    EXPECT_EQ(terminal.wait(), 0);
    for (const std::string& line : terminal.screen().shown())
      EXPECT_TRUE(line.find("starting") == std::string::npos) << line;
  }
  ::setenv("TERM", "dumb", 1);
  Terminal terminal(mirror(), 80);
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_EQ(terminal.screen().surprise(), "");
  EXPECT_FALSE(terminal.screen().has_colours());
}

TEST_F(OnTerminal, without_one_lines_are_printed_where_asked_and_nothing_otherwise) {
  const Exit silent = syncline({source, destination});
  EXPECT_EQ(silent.status, 0);
  EXPECT_EQ(silent.out + silent.err, "");

  hold_destination();
  const std::string told = home / "told";
  ASSERT_EQ(::mkfifo(told.c_str(), 0600), 0);
  Process process(
      shell("exec \"$@\" 2> '" + told + "'", {"--progress=plain", "--wait", source, destination}));
  std::ifstream err(told);
  std::string line;
  while (line != "syncline: starting" && std::getline(err, line)) {
  }
  EXPECT_EQ(line, "syncline: starting");
  held.reset();
  while (std::getline(err, line)) EXPECT_EQ(line.find('\x1b'), std::string::npos);
  const auto exit = process.wait(std::chrono::seconds(20));
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 0);
  EXPECT_EQ(exit->out, "");
}

}  // namespace
}  // namespace syncline::test
