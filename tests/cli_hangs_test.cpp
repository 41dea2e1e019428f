// A file system in the source whose daemon stopped, so that it answers nothing.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"

#include <sys/mount.h>

#include <csignal>
#include <filesystem>
#include <optional>
#include <string>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;

/// A mounted folder that a daemon of ours serves.
class Served {
 public:
  Served(const std::string& folder, std::string place) : place_(std::move(place)) {
    if (run({"/usr/bin/env", "bindfs", "--no-allow-other", folder, place_}).status != 0) return;
    for (const auto& process : fs::directory_iterator("/proc")) {
      const std::string words = read(process.path() / "cmdline");
      if (words.starts_with("bindfs") && words.find(place_) != std::string::npos)
        daemon_ = std::stoi(process.path().filename());
    }
  }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;
  ~Served() {
    if (!daemon_) return;
    answer();
    ::umount2(place_.c_str(), MNT_DETACH);
  }

  [[nodiscard]] bool is_there() const { return daemon_.has_value(); }
  void hang() const { ::kill(*daemon_, SIGSTOP); }
  void answer() const { ::kill(*daemon_, SIGCONT); }

 private:
  const std::string place_;
  std::optional<pid_t> daemon_;
};

using Hanging = Cli;

TEST_F(Hanging, is_told_after_ten_seconds_and_a_stop_waits_for_five) {
  fs::create_directories(source + "/done");
  fs::create_directories(source + "/in/here");
  fs::create_directory(home / "disk");
  write(source + "/done/one", "1");
  write(home / "disk/two", "2");
  const Served served{home / "disk", source + "/in/here"};
  if (!served.is_there()) GTEST_SKIP() << "no bindfs here";
  const auto words = command({"--log-file=" + log, source, destination});
  served.hang();
  Process process{words};
  const Watch watch{logs};
  EXPECT_TRUE(watch.until([&] { return logged("no answer to '"); })) << read(log);
  EXPECT_TRUE(logged(source + "/in/here' for 1")) << read(log);  // 10 s, or a little more
  process.signal(SIGTERM);
  const auto exit = process.wait(longest_run);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 20);
  EXPECT_NE(exit->err.find("given up, since a stop was requested"), std::string::npos) << exit->err;
  EXPECT_TRUE(logged("stopped")) << read(log);
  EXPECT_EQ(read(destination + "/done/one"), "1");

  served.answer();
  EXPECT_EQ(run(words).status, 0);
  EXPECT_EQ(read(destination + "/in/here/two"), "2");
}

}  // namespace
}  // namespace syncline::test
