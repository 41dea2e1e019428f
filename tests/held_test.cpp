// What another program holds: a lease, a program that runs, a busy name. Not now is not no: it is
// asked for again behind all else, no worker waits, and a stop is heeded.
//
// SPDX-License-Identifier: MIT
#include "filesystem/own_names.h"
#include "filesystem/process.h"
#include "support/refusals.h"
#include "support/tree.h"
#include "support/two_roots.h"

#include "syncline/mirror.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <spawn.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <stop_token>
#include <string>
#include <thread>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using filesystem::syscalls::Call;
using Clock = std::chrono::steady_clock;

const std::string large(300'000, 'x');

// With F_SETSIG, since the signal that is sent otherwise (SIGIO) ends who does not expect it.
class Lease {
 public:
  explicit Lease(const std::string& path)
      : fd_(::open(path.c_str(), O_RDWR | O_CLOEXEC)),
        done_(::fcntl(fd_, F_SETSIG, SIGURG) == 0 && ::fcntl(fd_, F_SETLEASE, F_WRLCK) == 0) {}
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease() { give_back(); }

  [[nodiscard]] bool done() const { return done_; }
  [[nodiscard]] bool is_asked_for() const { return ::fcntl(fd_, F_GETLEASE) != F_WRLCK; }
  void give_back() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
  bool done_;
};

class Held : public TwoRoots {
 protected:
  static void expect_done(const Pass& pass) {
    EXPECT_EQ(pass.status(), Status::done);
    for (const Failure& failure : pass.failures) ADD_FAILURE() << in_codes(failure);
  }
};

TEST_F(Held, leases_are_waited_for) {
  given_source({file("small", "small"), file("large", large), file("other", "other")});
  Lease small{source + "/small"};
  Lease of_large{source + "/large"};
  if (!small.done() || !of_large.done()) GTEST_SKIP() << "leases cannot be had here";
  std::jthread holder([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && !(small.is_asked_for() && of_large.is_asked_for()))
      std::this_thread::yield();
    small.give_back();
    of_large.give_back();
  });
  expect_done(run_pass(options()));
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(Held, files_go_behind_the_others_and_hold_up_no_worker) {
  given_source({file("a held"), file("b held", large), file("other", "other")});
  Refusals refusals;
  refusals.refuse({Call::open}, source + "/a held", EAGAIN);
  refusals.refuse({Call::open}, source + "/b held", EAGAIN);
  Options how = options();
  how.io_threads = how.threads = 1;
  // As long as that is not there, they are refused: whoever waited for them would wait for ever.
  const Pass pass = run_pass(how, [&](const Event& event) {
    const auto* const action = std::get_if<Action>(&event);
    if (action != nullptr && action->path == "other") refusals.relent();
  });
  expect_done(pass);
  EXPECT_GE(refusals.count(), 1);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(Held, destinations_are_neither_other_nor_unreadable) {
  const Tree tree{file("large", large), file("small", "small")};
  given_source(tree);
  given_destination(tree);
  Refusals refusals;
  for (const char* const name : {"/large", "/small"})
    refusals.refuse({Call::open}, destination + name, EAGAIN, 3);
  Options how = options();
  how.keep_doubtful = true;
  const Pass pass = run_pass(how);
  expect_done(pass);
  EXPECT_EQ(refusals.count(), 6);
  EXPECT_TRUE(pass.actions.empty());
}

TEST_F(Held, reads_that_are_refused_for_now_are_begun_again) {
  given_source({file("large", large), file("small", "small")});
  Refusals refusals;
  for (const char* const name : {"/large", "/small"})
    refusals.refuse({Call::read}, source + name, EBUSY, 3);
  expect_done(run_pass(options()));
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  EXPECT_TRUE(temporaries_in(destination).empty());
}

TEST_F(Held, names_are_taken_when_they_are_free) {
  given_source({file("large", large), file("small", "small"), file("new", "new")});
  given_destination({file("large", "old"), file("small", "old one")});
  for (const bool flush : {false, true}) {
    for (const char* const name : {"large", "small"}) {
      remove(destination, name);
      put(file(name, "old"), destination);
    }
    Refusals refusals;
    for (const char* const name : {"/large", "/small"})
      refusals.refuse({Call::rename}, destination + name, EBUSY, 3);
    Options how = options();
    how.flush = flush;
    expect_done(run_pass(how));
    EXPECT_EQ(refusals.count(), 6);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  }
}

// Refuses to make temporaries at first.
class NoTemporaries : public filesystem::syscalls::Hook {
 public:
  explicit NoTemporaries(int times) : left_(times) { filesystem::syscalls::install(this); }
  ~NoTemporaries() override { filesystem::syscalls::install(nullptr); }
  int before(Call /*call*/) override { return 0; }
  int before_at(Call call, int /*fd*/, const char* name) override {
    return call == Call::open && filesystem::is_temporary_name(name) && left_-- > 0 ? EBUSY : 0;
  }
  [[nodiscard]] int left() const { return left_; }

 private:
  std::atomic<int> left_;
};

TEST_F(Held, copies_are_counted_once) {
  given_source({file("file", "new")});
  given_destination({file("file", "old")});
  const NoTemporaries kernel{3};
  const Pass pass = run_pass(options());
  expect_done(pass);
  EXPECT_LE(kernel.left(), 0);
  EXPECT_EQ(pass.summary.silent, 1U);
  EXPECT_EQ(snapshot(destination).at("file").content, "new");
}

TEST_F(Held, copies_are_read_back_once) {
  given_source({file("file", "new")});
  given_destination({file("file", "old one")});
  Refusals refusals;
  refusals.refuse({Call::rename}, destination + "/file", EBUSY, 3);
  Options how = options();
  how.verify = true;
  const Pass pass = run_pass(how);
  expect_done(pass);
  EXPECT_EQ(refusals.count(), 3);
  EXPECT_EQ(pass.summary.bytes_read, 2 * std::string("new").size());
}

TEST_F(Held, copies_are_made_when_their_folder_is_free) {
  given_source({file("in/small", "small"), symlink("in/link", "x")});
  given_destination({folder("in")});
  Refusals refusals;
  refusals.refuse({Call::open}, destination + "/in/.", EBUSY, 3);
  expect_done(run_pass(options()));
  EXPECT_EQ(refusals.count(), 3);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(Held, symlinks_are_replaced_when_they_are_free) {
  given_source({symlink("link", "new"), folder("in")});
  given_destination({symlink("link", "old"), folder("in")});
  Refusals refusals;
  refusals.refuse({Call::rename}, destination + "/link", EBUSY, 3);
  expect_done(run_pass(options()));
  EXPECT_EQ(refusals.count(), 3);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(Held, links_are_made_when_their_names_are_free) {
  given_source({file("a", large), hard_link("b", "a"), hard_link("c", "a")});
  given_destination({file("a", "old"), file("b", "old"), hard_link("c", "b")});
  let_age(source);
  Refusals refusals;
  for (const char* const name : {"/a", "/b", "/c"})
    refusals.refuse({Call::rename}, destination + name, name[1] == 'b' ? ETXTBSY : EBUSY, 3);
  Options how = options();
  how.index = index_place::File{home / "index"};
  expect_done(run_pass(how));
  EXPECT_EQ(refusals.count(), 9);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  EXPECT_TRUE(temporaries_in(destination).empty());
  const Pass again = run_pass(how);
  expect_done(again);
  EXPECT_TRUE(again.actions.empty());
  EXPECT_EQ(again.summary.bytes_read, 0U);
}

TEST_F(Held, folders_are_listed_when_they_are_free) {
  given_source({folder("in"), file("in/deep/f"), file("in/g"), file("other")});
  for (const char* const name : {"/in", "/in/deep"})
    for (const int error : {EAGAIN, EBUSY}) {
      fs::remove_all(destination);
      given_destination({file("in/deep/old"), file("gone/deep/f")});
      Refusals refusals;
      refusals.refuse({Call::open}, source + name, error, 3);
      refusals.refuse({Call::open}, destination + "/gone", error, 3);
      Options how = options();
      how.deletions = deletion::Unlimited{};
      how.io_threads = how.threads = 1;
      const Pass pass = run_pass(how);
      expect_done(pass);
      EXPECT_EQ(refusals.count(), 6);
      EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
    }
}

TEST_F(Held, files_are_still_known_by_their_content) {
  given_source({file("old", large)});
  let_age(source);
  Options how = options();
  how.index = index_place::File{home / "index"};
  run_ok(how);
  put(file("new", large), source);
  remove(source, "old");
  Refusals refusals;
  refusals.refuse({Call::open}, source + "/new", EAGAIN, 2);
  const Pass pass = run_pass(how);
  expect_done(pass);
  EXPECT_EQ(refusals.count(), 2);
  ASSERT_NE(pass.action_at("new"), nullptr);
  EXPECT_EQ(pass.action_at("new")->verb, Verb::move);
}

TEST_F(Held, removals_wait_and_their_folders_with_them) {
  given_source({folder("in")});
  given_destination({folder("in"), file("in/gone"), file("gone folder/deep/gone")});
  Refusals refusals;
  for (const char* const name : {"/in/gone", "/gone folder/deep/gone", "/gone folder/deep"})
    refusals.refuse({Call::unlink}, destination + name, EBUSY, 3);
  Options how = options();
  how.deletions = deletion::Unlimited{};
  const Pass pass = run_pass(how);
  expect_done(pass);
  EXPECT_EQ(refusals.count(), 9);
  EXPECT_EQ(pass.summary.removed.entries, 4U);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(Held, programs_that_run_are_changed_in_place_when_they_end) {
  given_source({file("program", large).mode(0755)});
  fs::create_directory(destination);
  const std::string program = destination + "/program";
  fs::copy_file("/bin/sleep", program);
  const char* const arguments[] = {"sleep", "0.3", nullptr};
  pid_t child = 0;
  ASSERT_EQ(::posix_spawn(&child, program.c_str(), nullptr, nullptr,
                          const_cast<char* const*>(arguments), nullptr),
            0);
  Options how = options();
  how.in_place = true;
  const Pass pass = run_pass(how);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  expect_done(pass);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(Held, stops_are_heeded) {
  given_source({file("held", "held"), file("large", large), file("other", "other")});
  given_destination({file("gone", "gone")});
  for (const bool at_removal : {false, true}) {
    Refusals refusals;
    std::stop_source stop;
    if (at_removal) {
      refusals.refuse({Call::unlink}, destination + "/gone", EBUSY);
    } else {
      refusals.refuse({Call::open}, source + "/held", EAGAIN);
      refusals.refuse({Call::open}, source + "/large", EAGAIN);
    }
    refusals.whenever([&] {
      if (refusals.count() >= 5) stop.request_stop();
    });
    Options how = options();
    how.deletions = deletion::Unlimited{};
    const auto begin = Clock::now();
    const Pass pass = run_pass(how, {}, stop.get_token());
    EXPECT_LT(Clock::now() - begin, std::chrono::seconds(10));
    EXPECT_EQ(pass.status(), Status::stopped);
    EXPECT_TRUE(pass.failures.empty());
  }
  EXPECT_TRUE(exists(destination, "gone"));
}

class LongHeld : public Held {};

TEST_F(LongHeld, is_told_once_if_it_stays) {
  given_source({file("leased", "leased"), hard_link("leased too", "leased"), file("named", "named"),
                file("other", "other"), file("shut", "new"), hard_link("shut too", "shut")});
  given_destination({file("named", "old"), file("gone", "gone"), file("shut", "old")});
  Refusals refusals;
  for (const char* const name : {"/leased", "/leased too"})
    refusals.refuse({Call::open}, source + name, EAGAIN);
  refusals.refuse({Call::open}, destination + "/shut", EAGAIN);
  refusals.refuse({Call::rename}, destination + "/named", ETXTBSY);
  refusals.refuse({Call::unlink}, destination + "/gone", EBUSY);
  Options how = options();
  how.deletions = deletion::Unlimited{};
  const auto begin = Clock::now();
  const Pass pass = run_pass(how);
  const auto took = Clock::now() - begin;
  EXPECT_GT(took, std::chrono::seconds(1));
  // Once each while it walks, links and deletes, however many names there are.
  EXPECT_LT(took, 7 * (filesystem::lease_break_time() + std::chrono::seconds(1)) / 2);
  EXPECT_EQ(pass.status(), Status::some_failed);
  ASSERT_EQ(pass.failures.size(), 5U);
  const auto code_of = [&](const char* path) {
    return std::ranges::find(pass.failures, path, &Failure::path)->code;
  };
  for (const char* const path : {"leased", "leased too", "shut"})
    EXPECT_EQ(code_of(path), FailureCode::leased);
  EXPECT_EQ(code_of("named"), FailureCode::running);
  EXPECT_EQ(code_of("gone"), FailureCode::busy);
  EXPECT_TRUE(exists(destination, "other"));
  EXPECT_EQ(snapshot(destination).at("shut too").content, "new") << "another name was to be had";
  EXPECT_TRUE(temporaries_in(destination).empty());
}

}  // namespace
}  // namespace syncline::test
