// What a service manager is told.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/notify_socket.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class Service : public Cli {
 protected:
  /// The next message that does not say that a pass without any work ended.
  [[nodiscard]] static std::string news(const NotifySocket& manager) {
    std::string message = manager.next();
    while (message.find(" ended: created 0 ") != std::string::npos) message = manager.next();
    return message;
  }

  void tells_its_life(const std::string& name) const {
    const NotifySocket manager(name);
    write(source + "/file", "text");
    Process process(loop("0.1"));
    EXPECT_EQ(manager.next(), "READY=1");
    EXPECT_EQ(manager.next(), "STATUS=pass 1 began");
    EXPECT_TRUE(manager.next().starts_with("STATUS=pass 1 ended: created "));

    write(source + "/line\nREADY=0", "text");
    const std::string ended = news(manager);
    EXPECT_NE(ended.find(" ended: created 1 "), std::string::npos) << ended;

    const std::string away = home / "away";
    fs::rename(source, away);
    const std::string failed = news(manager);
    EXPECT_NE(failed.find(" failed: "), std::string::npos) << failed;
    EXPECT_EQ(failed.find('\n'), std::string::npos) << failed;
    fs::rename(away, source);

    process.signal(SIGTERM);
    std::string last = manager.next();
    while (last.starts_with("STATUS=")) last = manager.next();
    EXPECT_EQ(last, "STOPPING=1");
    const auto exit = process.wait(10s);
    ASSERT_TRUE(exit);
    EXPECT_EQ(exit->status, 20);
    EXPECT_EQ(exit->err, "");
  }
};

TEST_F(Service, tells_its_life_at_a_path) {
  tells_its_life(home / "notify");
}

TEST_F(Service, tells_its_life_at_a_name_in_no_file_system) {
  tells_its_life("@syncline-test-" + std::to_string(::getpid()));
}

TEST_F(Service, that_mirrors_once_is_ready_too) {
  const NotifySocket manager(home / "notify");
  EXPECT_EQ(syncline({source, destination}).status, 0);
  EXPECT_EQ(manager.next(), "READY=1");
}

TEST_F(Service, needs_no_manager_that_listens) {
  { const NotifySocket gone(home / "notify"); }
  for (const std::string& name :
       {std::string(home / "notify"), std::string("@"), std::string(300, 'x'), std::string()}) {
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
    const Exit exit = syncline({source, destination});
    ::unsetenv("NOTIFY_SOCKET");
    EXPECT_EQ(exit.status, 0);
    EXPECT_EQ(exit.err, "");
  }
}

}  // namespace
}  // namespace syncline::test
