// The log: which files it may be, what its lines look like, and how it survives a full disk and
// being rotated.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "tell/terminal_observer.h"

#include "syncline/mirror.h"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class Log : public Cli {
 protected:
  /// Both with the loop's LOG and with --log-file: status 11, one line that has `named` in it, and
  /// nothing touched.
  void expect_refused(const std::string& path, const std::string& named) const {
    const std::set<std::string> before = paths_in(home.path());
    const Exit in_loop = syncline({path, source, destination, "1"});
    const Exit once = syncline({"--log-file", path, source, destination});
    for (const Exit& exit : {in_loop, once}) {
      EXPECT_EQ(exit.status, 11) << path;
      EXPECT_EQ(exit.out, "");
      EXPECT_TRUE(is_one_line(exit.err));
      EXPECT_NE(exit.err.find(named), std::string::npos) << exit.err;
    }
    EXPECT_EQ(paths_in(home.path()), before);
  }
};

TEST_F(Log, is_never_a_symlink) {
  const std::string target = logs + "/target";
  fs::create_symlink(target, log);
  expect_refused(log, "is a symbolic link");
  write(target, "");
  expect_refused(log, "is a symbolic link");
}

TEST_F(Log, is_never_a_file_with_other_names) {
  write(log, "");
  fs::create_hard_link(log, logs + "/other");
  expect_refused(log, "has other hard links");
}

TEST_F(Log, is_never_a_file_of_something_else) {
  for (const char* content : {"a letter to somebody\n", "2026-11-23", "\n",
                              "2026-11-23T07:30:24.123+00:00 debug of something else\n"}) {
    write(log, content);
    expect_refused(log, "is not a log of syncline");
    EXPECT_EQ(read(log), content);
  }
}

TEST_F(Log, is_never_a_folder_or_fifo) {
  expect_refused(logs, "is a folder");
  expect_refused(logs + "/", "is a folder");
  ASSERT_EQ(::mkfifo(log.c_str(), 0644), 0);
  expect_refused(log, "is not a regular file");
}

TEST_F(Log, is_never_in_a_folder_that_is_missing) {
  expect_refused(home / "missing/log", "No such file or directory");
}

TEST_F(Log, is_never_in_a_root) {
  fs::create_directories(source + "/deep/er");
  fs::create_directory_symlink(source + "/deep", home / "link");
  expect_refused(source + "/log", "lies in the source");
  expect_refused(source + "/deep/er/log", "lies in the source");
  expect_refused(home / "link/er/log", "lies in the source");
  expect_refused(logs + "/../source/log", "lies in the source");

  expect_refused(destination, "has the path of the destination");
  expect_refused(logs + "/../destination", "has the path of the destination");
  fs::create_directory(destination);
  expect_refused(destination + "/log", "lies in the destination");
}

TEST_F(Log, of_a_single_run_goes_beside_its_output_and_is_appended_to) {
  write(source + "/file", "text");
  const Exit exit = syncline({"-v", "--log-file", log, source, destination});
  EXPECT_EQ(exit.status, 0);
  EXPECT_NE(exit.out.find("create file \"file\""), std::string::npos);
  const std::string first = read(log);
  EXPECT_TRUE(is_log(first));
  EXPECT_NE(first.find(" info pass 1 began: "), std::string::npos) << first;
  EXPECT_TRUE(std::regex_search(first, std::regex(R"( began: .*, as \d{8}T\d{6}Z\n)"))) << first;
  EXPECT_NE(first.find(" info create file \"file\" ("), std::string::npos) << first;
  EXPECT_NE(first.find(" info pass 1 ended: created "), std::string::npos) << first;

  EXPECT_EQ(syncline({"--log-file", log, source, destination}).status, 0);
  EXPECT_TRUE(read(log).starts_with(first));
  EXPECT_GT(read(log).size(), first.size());
}

TEST_F(Log, goes_to_standard_output_as_a_dash) {
  write(source + "/file", "text");
  const Exit exit = syncline({"-v", "--log-file=-", source, destination});
  EXPECT_EQ(exit.status, 0);
  EXPECT_TRUE(is_log(exit.out));
  EXPECT_NE(exit.out.find(" info create file \"file\""), std::string::npos) << exit.out;
}

TEST_F(Log, tells_why_a_run_could_not_start) {
  EXPECT_EQ(syncline({"--log-file", log, home / "missing", destination}).status, 3);
  EXPECT_TRUE(is_log(read(log)));
  EXPECT_TRUE(logged(" error pass 1 failed: ")) << read(log);
}

TEST_F(Log, cannot_be_forged_by_a_name) {
  const std::string forged = "a\n2026-11-23T07:30:24.123+00:00 info remove file \"b\"";
  const std::vector<std::string> names{
      forged,
      "\r\t\v\f\b\a\x1b]0;title\x07\x7f",
      "\302\205\302\23331m",                       // C1: next line, control sequence introducer
      "\xe2\x80\xa8\xe2\x80\xa9",                  // line and paragraph separator
      "\xe2\x80\xaegpj.exe",                       // right-to-left override
      "\xe2\x81\xa6\xe2\x81\xa9",                  // isolates
      "\xc0\xaf\xed\xa0\x80\xf5\x80\xff\xe2\x80",  // overlong, surrogate, out of range, cut short
      "quote\" and \\backslash",
  };
  for (const std::string& name : names) write(source + '/' + name, name);
  ASSERT_EQ(syncline({"--log-file", log, source, destination}).status, 0);
  EXPECT_TRUE(is_log(read(log)));
  for (const char* shown :
       {R"("a\n2026-11-23T07:30:24.123+00:00 info remove file \"b\"")",
        R"("\r\t\x0b\x0c\x08\x07\x1b]0;title\x07\x7f")", R"("\xc2\x85\xc2\x9b31m")",
        R"("\xe2\x80\xa8\xe2\x80\xa9")", R"("\xe2\x80\xaegpj.exe")",
        R"("\xe2\x81\xa6\xe2\x81\xa9")", R"("\xc0\xaf\xed\xa0\x80\xf5\x80\xff\xe2\x80")",
        R"("quote\" and \\backslash")"}) {
    EXPECT_TRUE(logged(shown)) << shown;
  }
}

TEST_F(Log, shows_names_in_any_script_as_they_are) {
  const std::string name = "Übung – 練習 – 🎞️";
  write(source + '/' + name, "text");
  ASSERT_EQ(syncline({"--log-file", log, source, destination}).status, 0);
  EXPECT_TRUE(logged('"' + name + '"')) << read(log);
}

TEST_F(Log, is_reopened_on_hangup) {
  const Watch watch(logs);
  Process process(loop("3600"));
  ASSERT_TRUE(watch.until([&] { return logged("pass 1 ended"); }));
  const std::string rotated = log + ".1";
  fs::rename(log, rotated);
  process.signal(SIGHUP);
  ASSERT_TRUE(watch.until([&] { return logged("log reopened"); }));
  EXPECT_NE(read(rotated).find("pass 1 ended"), std::string::npos);

  // What is not fit to be a log is not taken for one later either.
  fs::remove(log);
  write(log, "a letter to somebody\n");
  process.signal(SIGHUP);
  process.signal(SIGTERM);
  const auto exit = process.wait(10s);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 20);
  EXPECT_EQ(read(log), "a letter to somebody\n");
}

TEST_F(Log, stays_where_it_is_if_reopening_fails) {
  const Watch watch(logs);
  Process process(loop("3600"));
  ASSERT_TRUE(watch.until([&] { return logged("pass 1 ended"); }));
  const std::string rotated = log + ".1";
  fs::rename(log, rotated);
  fs::create_directory(log);
  process.signal(SIGHUP);
  const auto told = [&] { return read(rotated).find("log not reopened") != std::string::npos; };
  EXPECT_TRUE(watch.until(told));
  EXPECT_TRUE(is_log(read(rotated)));
}

TEST_F(Log, that_cannot_be_written_does_not_stop_the_mirror) {
  const Watch watch(logs);
  // The shell counts in units of 512 or 1024 bytes; the source's files stay below either.
  Process process(
      shell(R"(ulimit -f 4; exec "$@")", {"--no-index", log, source, destination, "0.05"}));
  ASSERT_TRUE(watch.until([&] { return fs::exists(log) && fs::file_size(log) >= 2048; }));
  ASSERT_TRUE(watch.until([&] { return fs::exists(destination); }));
  const Watch mirror(destination);
  write(source + "/one", "text");
  ASSERT_TRUE(mirror.until([&] { return fs::exists(destination + "/one"); }));
  write(source + "/two", "text");
  ASSERT_TRUE(mirror.until([&] { return fs::exists(destination + "/two"); }));

  fs::resize_file(log, 0);
  EXPECT_TRUE(watch.until([&] { return logged(" lines of this log were lost"); }));
  process.signal(SIGTERM);
  const auto exit = process.wait(10s);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 20);
  EXPECT_TRUE(exit->err.starts_with("syncline: the log '")) << exit->err;
  EXPECT_NE(exit->err.find("File too large"), std::string::npos) << exit->err;
}

TEST_F(Log, may_be_thinned_but_not_of_failures) {
  constexpr int folders = 1500;  // more than are counted at a time
  fs::create_directory(source + "/in the way");
  write(source + "/in the way/file", "text");
  fs::create_directories(destination + "/in the way/file");
  for (int i = 0; i < folders; ++i) {
    const std::string folder = source + "/" + std::to_string(i);
    fs::create_directory(folder);
    write(folder + "/a", "12");
    write(folder + "/b", "34567");
  }
  const Exit first =
      syncline({"--no-delete", "--log-detail=folder", "--log-file", log, source, destination});
  EXPECT_EQ(first.status, 23);
  EXPECT_TRUE(logged("error \"in the way/file\": "));
  int files = 0;
  for (const std::string& line : lines_of(read(log))) {
    EXPECT_EQ(line.find("create "), std::string::npos) << line;
    if (line.find(" info in \"") == std::string::npos ||
        line.find(" info in \".\"") != std::string::npos)
      continue;
    EXPECT_NE(line.find(" created ("), std::string::npos) << line;
    files += std::stoi(line.substr(line.find("\": ") + 3));
  }
  EXPECT_EQ(files, 2 * folders);

  fs::remove_all(destination);
  fs::create_directories(destination + "/in the way/file");
  fs::remove(log);
  const Exit second = syncline({"--no-index", "--no-delete", "--log-detail=summary", "--log-file",
                                log, source, destination});
  EXPECT_EQ(second.status, 23);
  EXPECT_TRUE(logged("error \"in the way/file\": "));
  EXPECT_TRUE(logged("created 4500 ("));
  EXPECT_LE(lines_of(read(log)).size(), 5U) << read(log);
}

TEST(Gone, is_told_of_ten_entries_and_counted_beyond) {
  cli::TerminalObserver observer{cli::TerminalObserver::Wanted{}};
  Summary summary;
  for (int pass = 0; pass < 2; ++pass) {
    testing::internal::CaptureStderr();
    observer.pass_began(Options{});
    for (int i = 0; i < 1000; ++i) {
      const Failure failure{.kind = FailureKind::vanished,
                            .path = "gone " + std::to_string(i),
                            .code = FailureCode::vanished_in_walk,
                            .operation = {}};
      if (summary.first_failures.size() < 10) summary.first_failures.push_back(failure);
      observer.on_event(failure);
    }
    // What failed otherwise is told however often it did.
    for (int i = 0; i < 20; ++i)
      observer.on_event(Failure{.kind = FailureKind::error,
                                .path = "shut " + std::to_string(i),
                                .operation = "open",
                                .error_number = EACCES});
    summary.source_moved = 1000;
    observer.pass_ended(summary);
    const auto lines = lines_of(testing::internal::GetCapturedStderr());
    EXPECT_EQ(lines.size(), 10U + 20U + 1U);
    EXPECT_NE(lines.back().find("1,000 entries"), std::string::npos) << lines.back();
    EXPECT_NE(lines.back().find("997 more"), std::string::npos) << lines.back();
  }
}

}  // namespace
}  // namespace syncline::test
