// Surroundings that a program does not expect: little memory, few descriptors, closed streams, no
// home, another locale. It does its work, or says in one line why not; no signal ends it, and what
// it wrote is exact.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/disk.h"
#include "support/sanitizers.h"
#include "support/tree.h"

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

const std::string nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups -- ";

class Surroundings : public Cli {
 protected:
  Surroundings() {
    fs::remove(source);
    for (int number = 0; number < 40; ++number) {
      const std::string name = std::to_string(number);
      tree.put(file("folder " + name + "/file", "text " + name));
    }
    tree.put(file("big", std::string(3'000'000, 'b')));
    tree.put(symlink("link", "folder 1"));
    tree.put(fifo("fifo"));
    tree.put(file("private", "text").mode(0600));
    tree.put(file("open to all", "text").mode(0666));
  }

  void SetUp() override { make(tree, source); }

  /// A run with a shell's help, as in shell().
  [[nodiscard]] Exit run_in(const std::string& script, const Words& arguments) const {
    Words words = arguments;
    words.push_back(source);
    words.push_back(destination);
    return run(shell(script, words));
  }

  [[nodiscard]] testing::AssertionResult is_mirrored() const {
    return same(snapshot(destination), tree);
  }

  /// Done, or one line on why not and a status that is documented.
  void expect_done_or_told(const Exit& exit) const {
    if (exit.status == 0) {
      EXPECT_TRUE(is_mirrored());
      EXPECT_EQ(exit.err, "");
      return;
    }
    EXPECT_TRUE((std::set{3, 11, 23}.contains(exit.status))) << exit.status;
    EXPECT_TRUE(is_one_line(exit.err));
    EXPECT_TRUE(exit.err.starts_with("syncline: ")) << exit.err;
  }

  /// No destination, and nothing known of one.
  void begin_anew() const {
    if (exists(home.path(), "destination")) remove(home.path(), "destination");
    for (const std::string& place : {state.path(), logs})
      for (const auto& entry : fs::directory_iterator(place)) fs::remove_all(entry.path());
  }

  /// Somebody else may read the source, and write beside it. False where nobody else can be played,
  /// or may run the program.
  [[nodiscard]] bool open_to_everybody() {
    if (::geteuid() != 0 || run(shell("exec " + nobody + "\"$@\"", {"-V"})).status != 0)
      return false;
    fs::remove(source + "/private");
    tree = snapshot(source);
    for (const std::string& path : {home.path(), state.path()}) ::chmod(path.c_str(), 01777);
    return true;
  }

  Tree tree;
};

/// Any of the three standard streams closed.
class ClosedStreams : public Surroundings, public testing::WithParamInterface<std::string> {};

TEST_P(ClosedStreams, never_lend_their_numbers_to_files) {
  // What is said goes to both streams: an action, and a notice about this name.
  put(file(".syncline-0123456789abcdef.tmp", "not ours"), source);
  const Exit exit = run_in("exec \"$@\" " + GetParam(), {"-v", "--log-file=" + log});
  EXPECT_EQ(exit.status, 0);
  tree.put([&] {
    Entry root = folder("");
    root.modified = snapshot(source).at("").modified;
    return root;
  }());
  EXPECT_TRUE(is_mirrored());
  EXPECT_TRUE(is_log(read(log)));
  EXPECT_EQ(run_in(R"(exec "$@")", {}).status, 0);
}

INSTANTIATE_TEST_SUITE_P(Each, ClosedStreams,
                         testing::Values("<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-",
                                         "<&- >&- 2>&-"));

TEST_F(Surroundings, may_give_a_tiny_stack) {
  if (is_sanitized) GTEST_SKIP() << "the sanitizers need more";
  for (const char* kilobytes : {"256", "512"}) {
    const Exit exit = run_in("ulimit -s " + std::string(kilobytes) + R"(; exec "$@")", {});
    EXPECT_EQ(exit.status, 0) << exit.err;
    EXPECT_TRUE(is_mirrored());
    begin_anew();
  }
}

// Less than 19 MiB are not enough for the dynamic linker, and what a build that is not optimized
// has to do before main(). On two cores it works from 156 MiB on.
TEST_F(Surroundings, may_limit_addresses) {
  if (is_sanitized) GTEST_SKIP() << "the sanitizers need more";
  int works = 0;
  for (int mebibytes = 30; mebibytes <= 402; mebibytes += 12) {
    SCOPED_TRACE(mebibytes);
    const Exit exit =
        run_in("ulimit -c 0; ulimit -v " + std::to_string(mebibytes * 1024) + R"(; exec "$@")",
               {"--index=" + logs + "/index", "--threads=2", "--io-threads=4"});
    expect_done_or_told(exit);
    works += exit.status == 0 ? 1 : 0;
    begin_anew();
  }
  EXPECT_GT(works, 10);
}

TEST_F(Surroundings, may_grant_few_threads) {
  if (!open_to_everybody()) GTEST_SKIP() << "root has as many as there are";
  // LeakSanitizer looks for leaks from a process of its own, and ends the program if it gets none.
  const std::string limited =
      "export ASAN_OPTIONS=\"${ASAN_OPTIONS-}:detect_leaks=0\"; ulimit -c 0; exec " + nobody +
      "prlimit --nproc=";
  for (int processes = 1; processes <= 12; ++processes) {
    SCOPED_TRACE(processes);
    const Exit exit = run_in(limited + std::to_string(processes) + R"( "$@")",
                             {"--no-index", "--threads=2", "--io-threads=4"});
    if (exit.status != 0) expect_done_or_told(exit);
  }
  const Exit exit = run_in(limited + R"(40 "$@")", {"--no-index", "--threads=2"});
  EXPECT_EQ(exit.status, 0) << exit.err;
}

TEST_F(Surroundings, may_allow_few_descriptors) {
  for (int number = 0; number < 2000; ++number)
    tree.put(file("wide/" + std::to_string(number) + "/file", "text"));
  for (int number = 0; number < 30; ++number)
    tree.put(file("large/" + std::to_string(number), std::string(200'000, 'l')));
  remove(home.path(), "source");
  make(tree, source);
  const Exit exit = run_in(R"(ulimit -n 64; exec "$@")", {"--io-threads=8"});
  EXPECT_EQ(exit.status, 0) << exit.err;
  EXPECT_TRUE(is_mirrored());
}

// Built and taken apart from its end, so that no path is ever long.
TEST_F(Surroundings, may_allow_few_descriptors_where_folders_are_deep) {
  constexpr int levels = 3000;
  const std::string next = home / "next";
  remove(home.path(), "source");
  fs::create_directory(source);
  write(source + "/file", "deep");
  for (int level = 0; level < levels; ++level) {
    fs::create_directory(next);
    fs::rename(source, next + "/d");
    fs::rename(next, source);
  }
  const Exit exit = run_in(R"(ulimit -n 64; exec "$@")", {});
  EXPECT_EQ(exit.status, 0) << exit.err;
  for (int level = 0; level < levels; ++level) {
    ASSERT_EQ(fs::last_write_time(destination), fs::last_write_time(source)) << level;
    for (const std::string& root : {source, destination}) {
      ASSERT_EQ(std::distance(fs::directory_iterator(root), {}), 1) << level;
      fs::rename(root + "/d", next);
      fs::remove(root);
      fs::rename(next, root);
    }
  }
  EXPECT_EQ(read(destination + "/file"), "deep");
}

TEST_F(Surroundings, may_mask_modes) {
  for (const char* mask : {"077", "0777"}) {
    const Exit exit = run_in("umask " + std::string(mask) + R"(; exec "$@")", {});
    EXPECT_EQ(exit.status, 0) << exit.err;
    EXPECT_TRUE(is_mirrored());
    begin_anew();
  }
}

TEST_F(Surroundings, may_speak_another_language_or_none) {
  tree.put(file("Übung – 練習 \xff\xfe", "text"));
  remove(home.path(), "source");
  make(tree, source);
  for (const char* locale : {"C", "POSIX", "xx_YY.UTF-99", ""}) {
    const Exit exit =
        run_in("export LC_ALL='" + std::string(locale) + R"(' LANG=nonsense; exec "$@")", {"-v"});
    EXPECT_EQ(exit.status, 0) << exit.err;
    EXPECT_NE(exit.out.find("Übung – 練習 \\xff\\xfe"), std::string::npos) << exit.out;
    EXPECT_TRUE(is_mirrored());
    begin_anew();
  }
}

TEST_F(Surroundings, may_limit_the_size_of_files) {
  // The thread sanitizer writes a file of its own before main(), which 0 would not let it.
  for (const int blocks : {is_sanitized ? 1 : 0, 1, 40, 200}) {
    SCOPED_TRACE(blocks);
    const Exit exit = run_in("ulimit -f " + std::to_string(blocks) + R"(; exec "$@")",
                             {"--index=" + logs + "/index"});
    EXPECT_TRUE((std::set{3, 11, 23}.contains(exit.status))) << exit.status << exit.err;
    EXPECT_NE(exit.err, "");
    if (!exists(home.path(), "destination")) continue;
    EXPECT_FALSE(exists(destination, "big"));
    for (const std::string& path : paths_in(destination))
      EXPECT_EQ(path.find(".syncline-"), std::string::npos) << path;
  }
  EXPECT_EQ(run_in(R"(exec "$@")", {"--index=" + logs + "/index"}).status, 0);
  EXPECT_TRUE(is_mirrored());
}

TEST_F(Surroundings, may_lose_what_is_said) {
  const Exit full = run_in(R"(exec "$@" >/dev/full)", {"-v"});
  EXPECT_EQ(full.status, 23);
  EXPECT_TRUE(is_one_line(full.err));
  EXPECT_TRUE(is_mirrored());
  begin_anew();

  const Exit both = run_in(R"("$@" >/dev/full 2>&1; echo $?)", {"-v", "--no-index"});
  EXPECT_EQ(both.out, "23\n");
  EXPECT_TRUE(is_mirrored());
  begin_anew();

  const Exit logged = run_in(R"(exec "$@" >/dev/full)", {"--log-file=-", "--no-index"});
  EXPECT_NE(logged.err.find("the log"), std::string::npos) << logged.err;
  EXPECT_TRUE(is_mirrored());
}

TEST_F(Surroundings, may_have_a_reader_that_goes_away) {
  for (int number = 0; number < 3000; ++number) tree.put(file("many/" + std::to_string(number)));
  remove(home.path(), "source");
  make(tree, source);
  // More than a pipe holds is said, and nobody reads on.
  const Exit exit = run_in(R"({ "$@"; echo $? >&2; } | head -n 1 >/dev/null)", {"-v"});
  EXPECT_NE(exit.err.find("standard output"), std::string::npos) << exit.err;
  EXPECT_TRUE(exit.err.ends_with("\n23\n")) << exit.err;
  EXPECT_TRUE(is_mirrored());
}

/// Ordinary users without any word in the environment of where their files are.
class NoHome : public Surroundings {
 protected:
  void SetUp() override {
    Surroundings::SetUp();
    if (!open_to_everybody()) GTEST_SKIP() << "only root may become somebody else";
  }

  /// As the user `id` to whom the user database, here `passwd`, may give a home.
  [[nodiscard]] Exit run_as(const std::string& id, const std::string& passwd) const {
    write(home / "passwd", passwd);
    ::chmod((home / "passwd").c_str(), 0644);
    return run_in(
        "exec unshare --mount sh -c 'mount --bind \"$0\" /etc/passwd && exec env -u HOME "
        "-u XDG_STATE_HOME -u STATE_DIRECTORY setpriv --reuid=" +
            id + " --regid=" + id + " --clear-groups \"$@\"' " + (home / "passwd") + R"( "$@")",
        {});
  }
};

TEST_F(NoHome, in_the_environment_has_the_user_database_asked) {
  fs::create_directory(home / "someone");
  ::chown((home / "someone").c_str(), 54321, 54321);
  const Exit exit =
      run_as("54321", "root:x:0:0::/root:/bin/sh\nsomeone:x:54321:54321::" + (home / "someone") +
                          ":/bin/sh\n");
  if (exit.err.find("unshare") != std::string::npos || exit.err.find("mount:") != std::string::npos)
    GTEST_SKIP() << exit.err;
  EXPECT_EQ(exit.status, 0) << exit.err;
  EXPECT_TRUE(exists(destination, "folder 1/file"));
  const std::string place = home / "someone/.local/state/syncline";
  ASSERT_TRUE(fs::exists(place));
  EXPECT_FALSE(fs::is_empty(place));
}

TEST_F(NoHome, at_all_is_refused_with_a_hint) {
  for (const char* user :
       {"", "someone:x:54321:54321::/nonexistent:/bin/sh\n", "someone:x:54321:54321:::/bin/sh\n"}) {
    const Exit exit = run_as("54321", std::string("root:x:0:0::/root:/bin/sh\n") + user);
    if (exit.err.find("unshare") != std::string::npos ||
        exit.err.find("mount:") != std::string::npos)
      GTEST_SKIP() << exit.err;
    EXPECT_EQ(exit.status, 11) << exit.err;
    EXPECT_TRUE(is_one_line(exit.err));
    EXPECT_NE(exit.err.find("--index"), std::string::npos) << exit.err;
    EXPECT_NE(exit.err.find("--no-index"), std::string::npos) << exit.err;
    EXPECT_TRUE(!fs::exists(destination) || fs::is_empty(destination));
    begin_anew();
  }
}

}  // namespace
}  // namespace syncline::test
