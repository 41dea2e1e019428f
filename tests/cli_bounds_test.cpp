// What somebody may put into a tree without end costs no more than it is: folders within folders,
// names in a folder, holes in a file, and entries that all fail.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/deep_tree.h"
#include "support/sanitizers.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;

std::size_t lines_with(const std::string& text, std::string_view part) {
  const auto lines = lines_of(text);
  return static_cast<std::size_t>(std::ranges::count_if(
      lines, [&](const std::string& line) { return line.find(part) != std::string::npos; }));
}

class Bounds : public Cli {
 protected:
  static constexpr std::size_t levels = 300;
  static constexpr std::size_t name_bytes = 200;

  [[nodiscard]] static std::size_t longest_line(const std::string& text) {
    std::size_t most = 0;
    for (const std::string& line : lines_of(text)) most = std::max(most, line.size());
    return most;
  }
};

TEST_F(Bounds, hold_for_paths_that_are_shown) {
  make_deep(source + "/ä", levels, name_bytes);
  const Exit exit = syncline({"-v", "--log-file", log, source, destination});
  EXPECT_EQ(exit.status, 0) << exit.err;
  for (const std::string& text : {exit.out, read(log)}) {
    EXPECT_LT(longest_line(text), 5000U);
    EXPECT_GT(lines_with(text, "/…/("), levels);
    // Of 301 folders, those that 1 KiB at either end has no room for.
    EXPECT_EQ(lines_with(text, " folders)/…/"), lines_with(text, "/…/("));
    EXPECT_EQ(lines_with(text, "\"ä/0xxx"), 2 * levels);
  }
  EXPECT_EQ(paths_in(source).size(), paths_in(destination).size());
}

TEST_F(Bounds, leave_paths_whole_in_json) {
  make_deep(source + "/a", levels, name_bytes);
  const Exit exit = syncline({"--json", source, destination});
  EXPECT_EQ(exit.status, 0) << exit.err;
  std::set<std::string> told;
  for (const std::string& line : lines_of(exit.out)) {
    const auto object = nlohmann::json::parse(line);
    if (object["type"] == "action") told.insert(destination + '/' + std::string(object["path"]));
  }
  for (const std::string& made : paths_in(destination))
    EXPECT_TRUE(told.contains(made)) << made.size();
}

// As rules see them, however long they are.
TEST_F(Bounds, are_none_of_rules) {
  make_deep(source + "/a", 30, name_bytes);
  std::string last = "29";
  last.resize(name_bytes, 'x');
  std::string before = "28";
  before.resize(name_bytes, 'x');
  const Exit exit = syncline({"--exclude=" + before + "/" + last + "/file", "--exclude=/a/1*/file",
                              "--exclude=/a/0*/file", source, destination});
  EXPECT_EQ(exit.status, 0) << exit.err;
  EXPECT_EQ(paths_in(source).size(), paths_in(destination).size() + 2);
}

class Trouble : public Bounds {
 protected:
  static constexpr std::size_t many = 250;

  [[nodiscard]] std::string list_of_missing() const {
    std::string names;
    for (std::size_t i = 0; i < many; ++i) names += "missing " + std::to_string(i) + '\n';
    write(home / "list", names);
    return "--files-from=" + home / "list";
  }
};

TEST_F(Trouble, of_one_kind_is_told_a_hundred_times) {
  const Exit exit = syncline({list_of_missing(), source, destination});
  EXPECT_EQ(exit.status, 23);
  EXPECT_EQ(lines_with(exit.err, "syncline: missing "), 100U);
  EXPECT_EQ(lines_with(exit.err,
                       "and 150 more such: is listed, but the source has no such entry; "
                       "--log-file=FILE gets all of them"),
            1U)
      << exit.err;
}

TEST_F(Trouble, is_all_in_the_log_and_in_json) {
  const Exit exit = syncline({list_of_missing(), "--log-file", log, source, destination});
  EXPECT_EQ(lines_with(exit.err, "and 150 more such"), 1U);
  EXPECT_EQ(lines_with(exit.err, "; all are in the log"), 1U) << exit.err;
  EXPECT_EQ(lines_with(read(log), "is listed, but"), many);
  const Exit in_json = syncline({list_of_missing(), "--json", source, destination});
  EXPECT_EQ(lines_with(in_json.out, R"({"type":"error")"), many);
}

constexpr long most_kib = 100L * 1024;

/// On tmpfs, the program alone.
class LongBounds : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists("/dev/shm")) GTEST_SKIP() << "no tmpfs at /dev/shm";
    fs::create_directory(home);
    fs::create_directory(source);
  }
  void TearDown() override {
    for (const std::string& root : {source, destination})
      if (fs::exists(root)) remove_deep(root);
    fs::remove_all(home);
  }

  void expect_bounded(std::vector<std::string> more) const {
    std::vector<std::string> words{SYNCLINE_BINARY, "--index", home + "/index"};
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), {source, destination});
    const auto begin = std::chrono::steady_clock::now();
    const Exit exit = run(words);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::cout << (more.empty() ? "" : more.front()) << ": " << took.count() << " s, "
              << exit.peak_kib << " KiB\n";
    EXPECT_EQ(exit.status, 0) << exit.err.substr(0, 2000);
    if (is_sanitized) return;
    EXPECT_LE(exit.peak_kib, most_kib);
#ifdef NDEBUG
    EXPECT_LE(took.count(), 60);
#endif
  }

  const std::string home = "/dev/shm/syncline-bounds-" + std::to_string(::getpid());
  const std::string source = home + "/source";
  const std::string destination = home + "/destination";
};

TEST_F(LongBounds, hold_for_folders_within_folders) {
  make_deep(source + "/top", 30'000, 250);
  expect_bounded({"--log-file", home + "/log"});
  expect_bounded({"--delete"});
  expect_bounded({"--rehash"});
  remove_deep(source + "/top");
  expect_bounded({"--max-delete=100%", "--log-file", home + "/log"});
  EXPECT_FALSE(fs::exists(destination + "/top"));
}

TEST_F(LongBounds, hold_for_names_in_a_folder) {
  for (int i = 0; i < 1'000'000; ++i) write(source + "/name" + std::to_string(i), "");
  expect_bounded({});
  expect_bounded({"--rehash"});
}

TEST_F(LongBounds, hold_for_holes) {
  write(source + "/hole", "text");
  fs::resize_file(source + "/hole", 1ULL << 50U);
  expect_bounded({});
  expect_bounded({"--delete"});
  expect_bounded({"--rehash"});
  EXPECT_EQ(fs::file_size(destination + "/hole"), 1ULL << 50U);
}

}  // namespace
}  // namespace syncline::test
