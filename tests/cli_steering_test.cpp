// Files that steer a run: what another user could have written is not heeded, and nothing of his
// keeps the run waiting.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/disk.h"
#include "support/stranger.h"
#include "support/tree.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Words = std::vector<std::string>;

struct Kind {
  const char* name;
  const char* option;   ///< that names the file
  const char* content;  ///< that does no harm
  int refused_with;
};

void PrintTo(const Kind& kind, std::ostream* out) {
  *out << kind.name;
}

class Steering : public Cli, public testing::WithParamInterface<Kind> {
 protected:
  void SetUp() override {
    make({file("file", "text")}, source);
    test::write(path, GetParam().content);
    ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  }

  [[nodiscard]] Words words() const { return words_with(path); }
  [[nodiscard]] Words words_with(const std::string& file) const {
    return {GetParam().option + file, source, destination};
  }

  void expect_refused(const std::string& why) const {
    Process process(command(words()));
    const auto exit = process.wait(20s);
    ASSERT_TRUE(exit) << "it waits";
    EXPECT_EQ(exit->status, GetParam().refused_with) << exit->err;
    EXPECT_TRUE(is_one_line(exit->err));
    EXPECT_NE(exit->err.find(path), std::string::npos) << exit->err;
    EXPECT_NE(exit->err.find(why), std::string::npos) << exit->err;
    EXPECT_FALSE(fs::exists(destination + "/file"));
  }

  const std::string path = home / "steering";
};

TEST_P(Steering, may_be_readable_by_all) {
  EXPECT_EQ(syncline(words()).status, 0);
}

TEST_P(Steering, that_others_can_write_to_is_not_heeded) {
  for (const mode_t mode : {0664, 0646}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    expect_refused("chmod go-w " + path);
  }
}

TEST_P(Steering, of_another_user_is_not_heeded) {
  if (!may_be_a_stranger()) GTEST_SKIP() << "only root may act as another user";
  ASSERT_EQ(::chown(path.c_str(), stranger_id, stranger_id), 0);
  expect_refused("(" + std::to_string(stranger_id) + ")");
  // But for him who has root run it.
  ::setenv("SUDO_UID", std::to_string(stranger_id).c_str(), 1);
  const Exit exit = syncline(words());
  ::unsetenv("SUDO_UID");
  EXPECT_EQ(exit.status, 0) << exit.err;
}

TEST_P(Steering, that_is_no_file_makes_nobody_wait) {
  fs::remove(path);
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  expect_refused("");
  fs::remove(path);
  if (::geteuid() != 0 || ::mknod(path.c_str(), S_IFCHR | 0600, makedev(1, 5)) != 0) return;
  expect_refused("");  // as large as can be: /dev/zero
}

std::string name_of_kind(const testing::TestParamInfo<Kind>& kind) {
  return kind.param.name;
}

INSTANTIATE_TEST_SUITE_P(Of, Steering,
                         testing::Values(Kind{"settings", "--config=", "no-index = true\n", 1},
                                         Kind{"names", "--files-from=", "file\n", 11},
                                         Kind{"exclusions", "--exclude-from=", "/nothing\n", 11},
                                         Kind{"inclusions", "--include-from=", "/nothing\n", 11},
                                         Kind{"rules", "--filter=merge ", "- /nothing\n", 11},
                                         Kind{"log", "--log-file=", "", 11}),
                         name_of_kind);

class Piped : public Cli {};

TEST_F(Piped, files_that_steer_are_the_callers_own) {
  make({file("file", "text"), file("other", "text")}, source);
  const auto fed = [&](const std::string& text, const std::string& option) {
    return run(shell("{ sleep 0.1; printf '" + text + "'; } | \"$@\"",
                     {option, "--no-index", source, destination}));
  };
  EXPECT_EQ(fed("/other\\n", "--exclude-from=/dev/fd/0").status, 0);
  EXPECT_TRUE(fs::exists(destination + "/file"));
  EXPECT_FALSE(fs::exists(destination + "/other"));
  EXPECT_EQ(fed("other\\n", "--files-from=-").status, 0);
  EXPECT_TRUE(fs::exists(destination + "/other"));
  EXPECT_EQ(fed("dry-run = true\\n", "--config=/dev/stdin").status, 0);
  EXPECT_EQ(syncline({"--exclude-from=/dev/null", source, destination}).status, 0);
}

TEST_F(Piped, files_of_roots_steer_an_ordinary_user) {
  if (!may_be_a_stranger()) GTEST_SKIP() << "only root may act as another user";
  const std::string his = home / "his";
  make({file("file", "text")}, source);
  fs::create_directory(his);
  ASSERT_EQ(::chown(his.c_str(), stranger_id, stranger_id), 0);
  for (const std::string& each : {std::string(home.path()), source})
    ASSERT_EQ(::chmod(each.c_str(), 0755), 0);
  write(home / "settings", "no-index = true\nno-owner = true\nno-group = true\n");
  const auto as_him = [&](const std::string& config) {
    return run(shell("exec setpriv --reuid=64999 --regid=64999 --clear-groups \"$@\"",
                     {"--config=" + config, source, his + "/copy"}));
  };
  EXPECT_EQ(as_him(home / "settings").status, 0);
  // Nor does a third one's.
  ASSERT_EQ(::chown((home / "settings").c_str(), 54321, 54321), 0);
  EXPECT_EQ(as_him(home / "settings").status, 1);
}

}  // namespace
}  // namespace syncline::test
