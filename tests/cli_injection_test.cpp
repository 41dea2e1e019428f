// Every kind of system call made to fail from outside, whoever makes it: libraries too. Whatever
// fails, the program ends by itself, no file is torn, it claims nothing that is not so, and the
// next run completes the mirror.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/disk.h"
#include "support/index.h"
#include "support/random_tree.h"
#include "support/tree.h"

#include "syncline/digest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

// Two chunks, of which the second changes.
const std::string big_old(chunk_bytes + 5, 'o');
const std::string big_new = std::string(chunk_bytes, 'o') + "nnnnn";

std::string many(int number) {
  return "many " + std::to_string(number % 5) + '/' + std::to_string(number);
}

Tree before() {
  Tree tree{file("kept/same", "same"),         file("kept/edited", "old!"), file("was file", "x"),
            file("was folder/inside", "gone"), symlink("link", "old"),      file("gone", "gone"),
            file("gone folder/it", "gone"),    file("big", big_old)};
  for (int number = 0; number < 150; ++number)
    tree.put(file(many(number), "old " + std::to_string(number)));
  return tree;
}

Tree after() {
  Tree tree{file("kept/same", "same").mode(0600),
            file("kept/edited", "new!"),
            file("was file/new", "new"),
            file("was folder", "a file now"),
            symlink("link", "new"),
            file("new", "new"),
            fifo("new folder/fifo"),
            file("big", big_new)};
  for (int number = 0; number < 150; ++number)
    tree.put(file(many(number), "newer " + std::to_string(number)));
  return tree;
}

class LongInjected : public Cli, public testing::WithParamInterface<std::string> {
 protected:
  LongInjected() : disk_("/var/tmp") { fs::remove(source); }

  void SetUp() override {
    const Exit exit =
        run({"/bin/sh", "-c", "exec strace -f -qq -o /dev/null -e trace=openat true"});
    if (exit.status != 0) GTEST_SKIP() << "no strace, or no right to it: " << exit.err;
    make(after(), source);
  }

  /// Under strace, with what it is to do besides.
  [[nodiscard]] static Exit traced(const Words& how, const Words& arguments) {
    Words words{"/bin/sh", "-c", "exec strace -f -qq \"$@\"", "sh"};
    words.insert(words.end(), how.begin(), how.end());
    const Words program = command(arguments);
    words.insert(words.end(), program.begin(), program.end());
    return run(words);
  }

  [[nodiscard]] Words mirror() const {
    return {"--delete", "--threads=1", "--io-threads=2", "--index=" + index, source, mirrored};
  }

  void given_old_mirror() const {
    for (const auto& entry : fs::directory_iterator(logs)) fs::remove_all(entry.path());
    if (exists(disk_.path(), "mirror")) remove(disk_.path(), "mirror");
    make(before(), old_source);
    EXPECT_EQ(syncline({"--no-flush", "--index=" + index, old_source, mirrored}).status, 0);
    remove(home.path(), "old source");
    // It shall know the destination, and the source as it is now.
    for (const auto& entry : fs::directory_iterator(logs)) fs::remove_all(entry.path());
    EXPECT_EQ(syncline({"-n", "--rehash", "--index=" + index, source, mirrored}).status, 0);
  }

  /// By the thread that makes most of them, since strace counts for each thread.
  [[nodiscard]] std::size_t calls_of(const std::string& call, const Words& arguments) const {
    const std::string trace = home / "trace";
    static_cast<void>(traced({"-o", trace, "-e", "trace=" + call, "-e", "signal=none"}, arguments));
    std::map<std::string, std::size_t> counts;
    for (const std::string& line : lines_of(read(trace)))
      if (line.find(" resumed>") == std::string::npos) ++counts[line.substr(0, line.find(' '))];
    std::size_t most = 0;
    for (const auto& [thread, count] : counts) most = std::max(most, count);
    return most;
  }

  void expect_whole(const Tree& found) const {
    const Tree old = before();
    const Tree expected = after();
    for (const auto& [path, entry] : found.entries()) {
      if (entry.kind != Kind::file || name_of(path).starts_with(".syncline-")) continue;
      const bool is_old = old.contains(path) && old.at(path).content == entry.content;
      const bool is_new = expected.contains(path) && expected.at(path).content == entry.content;
      EXPECT_TRUE(is_old || is_new) << path << " is torn";
    }
    for (const char* path : {"kept/same", "kept/edited", "link", "big", "was folder", "was file"})
      EXPECT_TRUE(found.contains(path)) << path << " is lost";
  }

  void inject(const std::string& call, const std::string& error, const std::string& when) {
    SCOPED_TRACE("inject=" + call + ":error=" + error + ":when=" + when);
    given_old_mirror();
    const Exit exit = traced({"-o", "/dev/null", "-e", "trace=" + call, "-e", "signal=none", "-e",
                              "inject=" + call + ":error=" + error + ":when=" + when},
                             mirror());
    EXPECT_LT(exit.status, 126) << exit.err;
    failed += exit.status == 0 ? 0 : 1;
    ++injected;
    EXPECT_TRUE(exit.status == 0 || !exit.err.empty());
    const Tree found = snapshot(mirrored);
    expect_whole(found);
    if (exit.status == 0) {
      EXPECT_TRUE(same(found, after()));
    }
    EXPECT_TRUE(claims_nothing_false(index, source, mirrored));
    const Exit next = syncline(mirror());
    EXPECT_EQ(next.status, 0) << next.err;
    EXPECT_TRUE(same(snapshot(mirrored), after()));
  }

 private:
  const TemporaryFolder disk_;  ///< where flushing means something

 protected:
  const std::string mirrored = disk_ / "mirror";
  const std::string old_source = home / "old source";
  const std::string index = logs + "/index";
  Random random{announced_seed()};
  int injected = 0;
  int failed = 0;
};

TEST_P(LongInjected, errors_break_no_promise) {
  const std::string& call = GetParam();
  given_old_mirror();
  const std::size_t at_start = calls_of(call, {"--version"});
  const std::size_t all = calls_of(call, mirror());
  if (all <= at_start) GTEST_SKIP() << "is not called";
  const std::size_t span = all - at_start;
  for (const char* error : {"EIO", "ENOSPC", "EINTR", "EMFILE", "ENOMEM"}) {
    constexpr std::size_t positions = 3;
    for (std::size_t position = 0; position < positions && !HasFailure(); ++position) {
      const std::size_t least = position * span / positions;
      const std::size_t number = at_start + 1 + least + random.below(span / positions + 1);
      const std::string from = std::to_string(number);
      inject(call, error, from);
      // For ever interrupted is for ever tried again.
      const bool is_for_ever = std::string(error) != "EINTR";
      inject(call, error, is_for_ever ? from + "+" : from + ".." + std::to_string(number + 9));
    }
  }
  std::cout << failed << " of " << injected << " runs failed, " << all << " calls\n";
}

INSTANTIATE_TEST_SUITE_P(LongCalls, LongInjected,
                         testing::Values("openat", "read", "pread64", "preadv2", "write",
                                         "pwrite64", "fsync", "fdatasync", "syncfs",
                                         "sync_file_range", "renameat2", "statx", "newfstatat",
                                         "fstatfs", "getdents64", "unlinkat", "unlink", "mkdirat",
                                         "symlinkat", "mknodat", "readlinkat", "fchmod", "fchownat",
                                         "utimensat", "fallocate", "ftruncate", "copy_file_range",
                                         "fcntl", "flock", "close", "mmap"),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace syncline::test
