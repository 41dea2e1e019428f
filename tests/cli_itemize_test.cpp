// Actions in rsync's letters: the same lines as rsync prints for the same work.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/disk.h"
#include "support/random_tree.h"
#include "support/tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::test {
namespace {

using Words = std::vector<std::string>;

/// With the codes of bytes turned back into these. rsync shows more bytes as they are than we do:
/// what steers a terminal, what turns the reading direction, and what once was UTF-8.
std::string decoded(std::string_view line) {
  std::string text;
  while (!line.empty()) {
    const bool is_code = line.size() > 4 && line.starts_with("\\#") &&
                         line.substr(2, 3).find_first_not_of("01234567") == std::string_view::npos;
    text += is_code ? static_cast<char>(std::stoi(std::string(line.substr(2, 3)), nullptr, 8))
                    : line.front();
    line.remove_prefix(is_code ? 5 : 1);
  }
  return text;
}

/// Equal, or the lines that only one of them has.
testing::AssertionResult same_lines(const Words& actual, const Words& expected) {
  auto result = testing::AssertionFailure();
  const auto list = [&](const Words& of, const Words& but_not_of, const char* mark) {
    for (const std::string& line : of)
      if (!std::ranges::binary_search(but_not_of, line)) result << '\n' << mark << printable(line);
  };
  list(actual, expected, "+ ");
  list(expected, actual, "- ");
  return actual == expected ? testing::AssertionSuccess() : result;
}

class Itemized : public Cli {
 protected:
  Itemized() { ::setenv("LC_ALL", "C.UTF-8", 1); }

  static Words decoded_lines(const Words& lines) {
    Words result;
    for (const std::string& line : lines) result.push_back(decoded(line));
    std::ranges::sort(result);
    return result;
  }

  static Words sorted(const std::string& text) {
    Words lines = lines_of(text);
    std::ranges::sort(lines);
    return lines;
  }

  [[nodiscard]] Words of_syncline(const Words& how) const {
    Words words = how;
    words.insert(words.end(), {"--no-index", "--delete", source, destination});
    const Exit exit = syncline(words);
    EXPECT_EQ(exit.status, 0) << exit.err;
    return sorted(exit.out);
  }

  /// For the work that is still to be done.
  [[nodiscard]] Words of_rsync(const Words& how) const {
    Words words{"/usr/bin/env", "rsync", "-naHAX", "--delete"};
    words.insert(words.end(), how.begin(), how.end());
    words.insert(words.end(), {source + "/", destination + "/"});
    const Exit exit = run(words);
    EXPECT_EQ(exit.status, 0) << exit.err;
    return sorted(exit.out);
  }

  /// Where rsync would not look at a file's bytes, and where it would copy one for its time alone:
  /// each file gets a time of whole seconds that tells whether its bytes are the same.
  void settle_times() const {
    const Tree there = snapshot(destination);
    const Tree wanted = snapshot(source);
    for (const auto& [path, entry] : wanted.entries()) {
      if (path.empty()) continue;
      std::int64_t seconds = 1'500'000'000;
      if (there.contains(path) && there.at(path).kind == entry.kind) {
        seconds = there.at(path).modified.seconds;
        if (entry.kind == Kind::file && there.at(path).content != entry.content) seconds += 60;
      }
      set_mtime(source, path, seconds * 1'000'000'000);
    }
    for (const auto& [path, entry] : there.entries())
      set_mtime(destination, path, entry.modified.seconds * 1'000'000'000);
    set_mtime(source, "", 1'500'000'000'000'000'000);
  }
};

TEST_F(Itemized, prints_what_rsync_prints) {
  Random random(announced_seed());
  std::filesystem::remove(source);
  make(random_tree(random, 150), source);
  std::filesystem::create_directory(destination);
  for (int round = 0; round < 6 && !HasFailure(); ++round) {
    settle_times();
    const Words expected = decoded_lines(of_rsync({"-i"}));
    EXPECT_TRUE(same_lines(decoded_lines(of_syncline({"-n", "-i"})), expected));
    EXPECT_TRUE(same_lines(decoded_lines(of_syncline({"-i"})), expected));
    EXPECT_EQ(of_rsync({"-i"}), Words{});
    change_randomly(random, source, 40);
  }
}

// For its rights a fresh one takes its place, and a dry run does not read it.
TEST_F(Itemized, what_is_replaced_for_its_rights_may_have_other_bytes) {
  make({file("other", "new").mode(0600), file("same", "same").mode(0600)}, source);
  make({file("other", "old").mode(0644), file("same", "same").mode(0644)}, destination);
  settle_times();
  const Words expected = of_rsync({"-i"});
  EXPECT_EQ(expected.back(), ">f..tp..... other");
  EXPECT_EQ(of_syncline({"-n", "-i"}), expected);
  EXPECT_EQ(of_syncline({"-i"}), expected);
}

TEST_F(Itemized, in_any_format_that_rsync_takes) {
  const Words format{R"(--out-format=<%i|%n|%L|%l|%U|%G|%B|%M|%o|%%>)"};
  make({file("a/file", "bytes").mode(04751), symlink("a/link", "elsewhere"), fifo("fifo"),
        file("a/tab\tnew\nline\xff\\#101 \\#x ü", "x").mode(01666),
        file("other", "longer").mtime(-1'500'000'000)},
       source);
  make({file("other", "short"), folder("a").mode(0700)}, destination);
  const Words expected = of_rsync(format);
  ASSERT_EQ(expected.size(), 6U);
  EXPECT_EQ(of_syncline(format), expected);
}

// What is told of which actions depends on whether %i or %o is in it.
TEST_F(Itemized, formats_tell_of_what_they_tell_there) {
  make({file("copied", "new"), file("chmodded").mode(0600), folder("folder").mode(0700),
        symlink("link", "x")},
       source);
  make({file("chmodded").mode(0644), folder("folder").mode(0755), file("gone"),
        file("gone too/file"), symlink("gone link", "x")},
       destination);
  settle_times();
  for (const char* format : {"%n", "%n%L", "name", "%o %n", "%i %n"}) {
    SCOPED_TRACE(format);
    const Words how{std::string("--out-format=") + format};
    const Words expected = of_rsync(how);
    EXPECT_GT(expected.size(), 4U);
    EXPECT_EQ(of_syncline({"-n", how.front()}), expected);
  }
  const Words expected = of_rsync({"--out-format=%n"});
  EXPECT_EQ(of_syncline({"--out-format=%n"}), expected);
}

TEST_F(Itemized, given_twice_what_is_unchanged_is_told_too) {
  make({file("a/file", "bytes"), file("a/large", std::string(300'000, 'x')), symlink("link", "x"),
        fifo("fifo"), hard_link("a/name", "a/file"), file("gone", "x"), file("changed", "1")},
       source);
  EXPECT_EQ(of_syncline({"-q"}), Words{});
  EXPECT_EQ(of_syncline({"-i"}), Words{});
  remove(source, "gone");
  overwrite_unseen(source, "changed", "22");
  set_mtime(source, "", 1'500'000'000'000'000'000);
  const Words expected = of_rsync({"-ii"});
  EXPECT_EQ(expected.size(), 9U);
  EXPECT_EQ(of_syncline({"-n", "-ii"}), expected);
  EXPECT_EQ(of_syncline({"-ii"}), expected);
  EXPECT_EQ(of_syncline({"-i", "--itemize-changes"}).size(), 8U);
}

TEST_F(Itemized, sizes_in_statistics_are_as_human_as_is_asked_for) {
  make({file("a", std::string(50'000, 'x')), file("b", std::string(999, 'x'))}, source);
  const auto told = [&](const Words& how, const std::string& line) {
    std::filesystem::remove_all(destination);
    Words words = how;
    words.insert(words.end(), {"--no-index", "--stats", source, destination});
    const Words lines = lines_of(syncline(words).out);
    EXPECT_TRUE(std::ranges::find(lines, line) != lines.end()) << testing::PrintToString(lines);
  };
  told({}, "Total file size: 50,999 bytes");
  told({"-h"}, "Total file size: 51.00K bytes");
  told({"--human-readable"}, "Total transferred file size: 51.00K bytes");
  told({"-hh"}, "Total file size: 49.80K bytes");
  told({"-h", "--human-readable", "--max-size=1000"}, "Total transferred file size: 999 bytes");
  told({"-h"}, "Number of files: 3 (reg: 2, dir: 1)");
}

TEST_F(Itemized, hard_links_and_what_only_bytes_tell) {
  make({file("a", "one"), hard_link("b", "a"), file("silent", "new")}, source);
  make({file("silent", "old")}, destination);
  const Words expected{".d..t...... ./", ">f+++++++++ a", ">fc........ silent",
                       "hf+++++++++ b => a"};
  set_mtime(destination, "", 0);
  EXPECT_EQ(of_syncline({"-i"}), expected);
}

TEST_F(Itemized, statistics_are_of_rsync_shape) {
  make({file("a/file", "bytes"), symlink("link", "x"), fifo("fifo"), file("same", "s"),
        hard_link("z", "same")},
       source);
  make({file("same", "s"), file("gone", "12345")}, destination);
  const Exit exit = syncline({"--no-index", "--max-delete=1", "--stats", source, destination});
  EXPECT_EQ(exit.status, 0);
  EXPECT_EQ(lines_of(exit.out),
            (Words{"Number of files: 7 (reg: 3, dir: 2, link: 1, special: 1)",
                   "Number of created files: 5 (reg: 2, dir: 1, link: 1, special: 1)",
                   "Number of deleted files: 1 (reg: 1)", "Number of regular files transferred: 1",
                   "Total file size: 7 bytes", "Total transferred file size: 5 bytes"}));
}

}  // namespace
}  // namespace syncline::test
