// A call to a file system that does not come back: it is told of, the rest goes on, and once a stop
// was asked for nobody waits for it.
//
// SPDX-License-Identifier: MIT
#include "filesystem/calls.h"
#include "filesystem/syscalls.h"
#include "support/index.h"
#include "support/passes.h"
#include "support/tree.h"
#include "support/two_roots.h"

#include "syncline/mirror.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace syncline::test {
namespace {

using filesystem::Calls;
using filesystem::LateCall;
using filesystem::syscalls::Call;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Each call of one kind upon one name comes back when it is let go, not before.
class Stuck : public filesystem::syscalls::Hook {
 public:
  Stuck(Call call, std::string name) : call_(call), name_(std::move(name)) {
    filesystem::syscalls::install(this);
  }
  Stuck(const Stuck&) = delete;
  Stuck& operator=(const Stuck&) = delete;
  ~Stuck() override { filesystem::syscalls::install(nullptr); }

  void let_go() { gone_.set_value(); }

  int before(Call /*call*/) override { return 0; }
  int before_at(Call call, int /*fd*/, const char* name) override {
    if (call == call_ && name_ == name) is_gone_.wait();
    return 0;
  }

 private:
  const Call call_;
  const std::string name_;
  std::promise<void> gone_;
  const std::shared_future<void> is_gone_ = gone_.get_future().share();
};

struct Told {
  std::vector<Notice> notices;
  std::vector<Failure> failures;
  std::vector<Summary> given_up;
};

/// Does something when it is told of a hang, and when a pass is given up on.
class Listening : public Observer {
 public:
  std::string of = "stuck";
  std::function<void()> on_notice = [] {};
  std::function<void()> on_given_up = [] {};

  void on_event(const Event& event) override {
    // A slow disk may have its own hangs.
    if (const auto* notice = std::get_if<Notice>(&event)) {
      if (notice->name.find(of) == std::string::npos) return;
      told.notices.push_back(*notice);
      on_notice();
    } else if (const auto* failure = std::get_if<Failure>(&event)) {
      told.failures.push_back(*failure);
    }
  }
  void gave_up(const Summary& so_far) override {
    told.given_up.push_back(so_far);
    on_given_up();
  }

  Told told;
};

class Hangs : public TwoRoots {
 protected:
  void SetUp() override {
    given_source({file("done/one", "1"), file("done/two", "22"), file("hangs/stuck", "333")});
    let_age(source);
  }

  [[nodiscard]] Options how() const {
    Options how = options();
    how.index = index_place::File{home / "index"};
    how.hangs = {.told_after = milliseconds(100), .given_up_after = milliseconds(100)};
    return how;
  }

  const std::string path = source + "/hangs/stuck";
};

TEST_F(Hangs, are_told_with_call_and_path_once_and_the_rest_goes_on) {
  for (const Call call : {Call::open, Call::status}) {
    for (const std::string& made : {destination, home / "index"}) std::filesystem::remove_all(made);
    Stuck stuck{call, "stuck"};
    Listening observer;
    observer.on_notice = [&] { stuck.let_go(); };
    const Summary summary = mirror(how(), observer, {});
    EXPECT_EQ(summary.status(), Status::done);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
    ASSERT_EQ(observer.told.notices.size(), 1U);
    const Notice& notice = observer.told.notices[0];
    EXPECT_EQ(notice.code, NoticeCode::no_answer);
    EXPECT_EQ(notice.other, filesystem::to_string(call));
    EXPECT_EQ(notice.name, path);
    EXPECT_EQ(notice.numbers[0], 0U);
    EXPECT_TRUE(observer.told.given_up.empty());
  }
}

TEST_F(Hangs, are_given_up_on_by_a_stop_and_what_was_done_is_kept) {
  Stuck stuck{Call::open, "stuck"};
  std::stop_source stop;
  Listening observer;
  observer.on_notice = [&] { stop.request_stop(); };
  const std::string kept = home / "kept";
  Tree found;
  observer.on_given_up = [&] {
    // As it would be left by a process that ends here.
    std::filesystem::create_directory(kept);
    for (const char* part : {"index", "index-wal"})
      if (std::filesystem::exists(home / part))
        std::filesystem::copy_file(home / part, kept + '/' + part);
    found = snapshot(destination);
    stuck.let_go();
  };
  const Summary summary = mirror(how(), observer, stop.get_token());
  EXPECT_EQ(summary.status(), Status::stopped);
  EXPECT_EQ(observer.told.notices.size(), 1U);
  ASSERT_EQ(observer.told.given_up.size(), 1U);
  const Summary& so_far = observer.told.given_up[0];
  EXPECT_EQ(so_far.status(), Status::stopped);
  EXPECT_EQ(so_far.failures, 1U);
  EXPECT_GT(so_far.elapsed, milliseconds(100));
  ASSERT_EQ(observer.told.failures.size(), 1U);
  EXPECT_EQ(observer.told.failures[0].path, path);
  EXPECT_EQ(observer.told.failures[0].operation, "open");
  for (const char* done : {"done/one", "done/two"}) EXPECT_TRUE(found.contains(done)) << done;
  EXPECT_FALSE(found.contains("hangs/stuck"));

  Options next = how();
  next.index = index_place::File{kept + "/index"};
  const Pass pass = run_pass(next);
  EXPECT_EQ(pass.status(), Status::done);
  EXPECT_EQ(pass.summary.standing.entries, 2U) << "the proofs of what was done";
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

// What was deleted by an earlier phase is told, and why nothing more is.
TEST_F(Hangs, are_given_up_on_after_deletions_that_came_first) {
  run_ok(how());
  put(file("extra", "x"), destination);
  remove(source, "hangs/stuck");
  put(file("hangs/stuck", "4444"), source);
  Options first = how();
  first.delete_before = true;
  first.deletions = deletion::Unlimited{};
  Stuck stuck{Call::open, "stuck"};
  std::stop_source stop;
  Listening observer;
  observer.on_notice = [&] { stop.request_stop(); };
  observer.on_given_up = [&] { stuck.let_go(); };
  mirror(first, observer, stop.get_token());
  ASSERT_EQ(observer.told.given_up.size(), 1U);
  EXPECT_EQ(observer.told.given_up[0].removed.entries, 1U);
  EXPECT_EQ(observer.told.failures.size(), 1U);
}

TEST_F(Hangs, are_given_up_on_before_the_walk_too) {
  Stuck stuck{Call::status, "index-lock"};
  std::stop_source stop;
  Listening observer;
  observer.of = "index-lock";
  observer.on_notice = [&] { stop.request_stop(); };
  observer.on_given_up = [&] { stuck.let_go(); };
  EXPECT_EQ(mirror(how(), observer, stop.get_token()).status(), Status::stopped);
  ASSERT_EQ(observer.told.given_up.size(), 1U);
  EXPECT_EQ(observer.told.given_up[0].status(), Status::stopped);
  EXPECT_EQ(observer.told.failures.size(), 1U);
}

TEST(CallsUnderWay, are_late_if_they_were_when_last_asked) {
  Calls calls;
  steady_clock::time_point now{};
  EXPECT_TRUE(calls.late(now).empty());
  Stuck stuck{Call::status, "there is none"};
  std::thread thread{[&] {
    const Calls::Scope outer{calls};
    const Calls::Scope scope{calls};
    struct statx what {};
    filesystem::syscalls::statx(AT_FDCWD, "there is none", 0, STATX_BASIC_STATS, &what);
  }};
  std::vector<LateCall> late;
  for (; late.empty(); late = calls.late(now)) {
    now += std::chrono::seconds(1);
    std::this_thread::yield();
  }
  ASSERT_EQ(late.size(), 1U);
  EXPECT_EQ(late[0].call, Call::status);
  EXPECT_EQ(late[0].path, "there is none");
  EXPECT_EQ(late[0].age, std::chrono::seconds(1));
  now += std::chrono::seconds(1);
  const auto again = calls.late(now);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].number, late[0].number);
  EXPECT_EQ(again[0].age, std::chrono::seconds(2));
  stuck.let_go();
  thread.join();
  EXPECT_TRUE(calls.late(now).empty());
}

}  // namespace
}  // namespace syncline::test
