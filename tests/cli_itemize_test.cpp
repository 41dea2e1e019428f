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
#include <vector>

namespace syncline::test {
namespace {

using Words = std::vector<std::string>;

class Itemized : public Cli {
 protected:
  Itemized() { ::setenv("LC_ALL", "C.UTF-8", 1); }

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
    for (const auto& [path, entry] : snapshot(source).entries()) {
      if (path.empty()) continue;
      std::int64_t seconds = 1'500'000'000;
      if (there.contains(path) && there.at(path).kind == entry.kind) {
        seconds = there.at(path).mtime_ns / 1'000'000'000;
        if (entry.kind == Kind::file && there.at(path).content != entry.content) seconds += 60;
      }
      set_mtime(source, path, seconds * 1'000'000'000);
    }
    for (const auto& [path, entry] : there.entries())
      set_mtime(destination, path, entry.mtime_ns / 1'000'000'000 * 1'000'000'000);
    set_mtime(source, "", 1'500'000'000'000'000'000);
  }
};

TEST_F(Itemized, prints_what_rsync_prints) {
  Random random(announced_seed());
  std::filesystem::remove(source);
  make(random_tree(random, 150), source);
  for (int round = 0; round < 6 && !HasFailure(); ++round) {
    settle_times();
    const Words expected = of_rsync({"-i"});
    EXPECT_EQ(of_syncline({"-n", "-i"}), expected);
    EXPECT_EQ(of_syncline({"-i"}), expected);
    EXPECT_EQ(of_rsync({"-i"}), Words{});
    change_randomly(random, source, 40);
  }
}

TEST_F(Itemized, in_any_format_that_rsync_takes) {
  const Words format{R"(--out-format=<%i|%n|%L|%l|%U|%G|%B|%M|%o|%%>)"};
  make({file("a/file", "bytes").mode(04751), symlink("a/link", "elsewhere"), fifo("fifo"),
        file("a/tab\tnew\nline\xff\\#101 \\#x ü", "x").mode(01666),
        file("other", "longer").mtime(-1'500'000'000)},
       source);
  make({file("other", "short"), folder("a").mode(0700)}, destination);
  const Words expected = of_rsync(format);
  ASSERT_EQ(expected.size(), 7U);
  EXPECT_EQ(of_syncline(format), expected);
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
  const Exit exit = syncline({"--no-index", "--stats", source, destination});
  EXPECT_EQ(exit.status, 0);
  EXPECT_EQ(lines_of(exit.out),
            (Words{"Number of files: 7 (reg: 3, dir: 2, link: 1, special: 1)",
                   "Number of created files: 5 (reg: 2, dir: 1, link: 1, special: 1)",
                   "Number of deleted files: 1 (reg: 1)", "Number of regular files transferred: 1",
                   "Total file size: 7 bytes", "Total transferred file size: 5 bytes"}));
}

}  // namespace
}  // namespace syncline::test
