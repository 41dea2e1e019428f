// What holds of passes as such: repeated, dry, interrupted, side by side.
//
// SPDX-License-Identifier: MIT
#include "support/two_roots.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <tuple>
#include <variant>
#include <vector>

namespace syncline::test {
namespace {

class Passes : public TwoRoots {
 protected:
  [[nodiscard]] Options with_waiting() const {
    Options how = options();
    how.wait = true;
    return how;
  }
};

Tree tree_of_everything() {
  return {
      folder("").mode(0750).mtime(12),
      folder("empty"),
      file("file", "text"),
      file("empty file"),
      file("big", std::string(chunk_bytes + 1, 'b')),
      file("folder/old", "old").mtime(-1),
      file("folder/\xff\n", "odd").mode(0600),
      symlink("folder/link", "nowhere").mtime(1),
      fifo("folder/fifo").mode(0640),
      socket("folder/socket"),
      folder("folder/sub/sub/sub").mtime(7),
  };
}

TEST_F(Passes, that_find_nothing_to_do_write_nothing) {
  const Tree tree = tree_of_everything();
  given_source(tree);
  expect_mirrored(tree);
  const Stamps before = stamps(home.path());
  const Pass second = expect_mirrored(tree);
  EXPECT_FALSE(second.summary.changed_anything());
  EXPECT_TRUE(second.actions.empty());
  EXPECT_EQ(second.summary.proved.entries, 5);
  EXPECT_TRUE(untouched(before, stamps(home.path())));
}

// How many files the kernel's table of this process has room for (proc_pid_status(5), "FDSize").
std::size_t room_for_descriptors() {
  std::ifstream status{"/proc/self/status"};
  std::size_t room = 0;
  for (std::string word; status >> word;)
    if (word == "FDSize:") status >> room;
  return room;
}

// To let it grow meanwhile would make all threads wait each time.
TEST_F(Passes, begin_with_room_for_all_they_open) {
  given_source({file("file", "text")});
  ASSERT_LT(room_for_descriptors(), 1024);
  expect_mirrored({file("file", "text")});
  EXPECT_GE(room_for_descriptors(), 1024);
}

TEST_F(Passes, never_write_to_the_source) {
  const Tree tree = tree_of_everything();
  given_source(tree);
  given_destination({file("file", "other"), folder("big"), file("folder/gone", "x")});
  const Stamps before = stamps(source);
  expect_mirrored(tree);
  EXPECT_TRUE(untouched(before, stamps(source)));
}

using Line = std::tuple<Verb, Kind, std::string>;

std::set<Line> lines_of(const Pass& pass, const std::set<Verb>& verbs) {
  std::set<Line> lines;
  for (const Action& action : pass.actions) {
    if (verbs.contains(action.verb)) lines.emplace(action.verb, action.kind, action.path);
  }
  return lines;
}

class DryRun : public TwoRoots {
 protected:
  void SetUp() override {
    Tree before = tree_of_everything();
    before.put(file("file", "of another size"));
    before.put(file("folder/old", "new"));
    before.put(file("removed/with/all", "x"));
    before.put(folder("replaced"));
    before.put(file("replaced too/inside"));
    before.put(fifo("folder/fifo").mode(0600));
    before.put(file(".syncline-0123456789abcdef.tmp", "litter"));
    before.remove("empty");
    given_destination(before);
    Tree after = tree_of_everything();
    after.put(file("new/folder/file", "new"));
    after.put(symlink("replaced", "x"));
    after.put(file("replaced too", "x"));
    given_source(after);
  }

  [[nodiscard]] Pass dry() const {
    Options how = options();
    how.dry_run = true;
    return run_ok(how);
  }
};

TEST_F(DryRun, touches_nothing) {
  const Stamps before = stamps(home.path());
  const Pass pass = dry();
  EXPECT_TRUE(pass.summary.dry_run);
  EXPECT_TRUE(pass.summary.changed_anything());
  EXPECT_TRUE(untouched(before, stamps(home.path())));
}

TEST_F(DryRun, lists_what_the_real_pass_then_does) {
  const std::set<Verb> certain{Verb::create, Verb::replace, Verb::remove, Verb::clean};
  const Pass announced = dry();
  const Pass done = mirror_ok(source, destination);
  EXPECT_EQ(lines_of(announced, certain), lines_of(done, certain));
  for (const std::string& path : done.paths(Verb::update)) {
    const Action* action = announced.action_at(path);
    ASSERT_NE(action, nullptr) << path;
    EXPECT_TRUE(action->verb == Verb::update || action->verb == Verb::check) << path;
  }
  EXPECT_EQ(announced.action_at("file")->verb, Verb::update);
  EXPECT_EQ(announced.action_at("folder/fifo")->verb, Verb::set_metadata);
  EXPECT_EQ(announced.summary.created.entries, done.summary.created.entries);
  EXPECT_EQ(announced.summary.removed.entries, done.summary.removed.entries);
  EXPECT_EQ(announced.summary.deletions_wanted.entries, done.summary.deletions_wanted.entries);
}

TEST_F(DryRun, reads_no_content_and_says_how_much_is_unproven) {
  const Pass pass = dry();
  EXPECT_EQ(pass.summary.bytes_read, 0);
  EXPECT_EQ(pass.summary.to_compare.entries, 4);
  // The others have the same mtime too, so that they are counted and not listed.
  EXPECT_EQ(pass.paths(Verb::check), std::vector<std::string>{"folder/old"});
  EXPECT_EQ(pass.summary.proved.entries, 0);
}

TEST_F(DryRun, creates_no_destination) {
  Options how = between(source, home / "new");
  how.dry_run = true;
  const Pass pass = run_ok(how);
  EXPECT_EQ(pass.summary.created.entries, snapshot(source).size());
  EXPECT_FALSE(exists(home.path(), "new"));
}

TEST_F(DryRun, asks_the_guard) {
  Options how = options();
  how.dry_run = true;
  how.deletions = deletion::AtMostEntries{1};
  const Pass pass = run_pass(how);
  EXPECT_EQ(pass.status(), Status::deletions_held);
  EXPECT_TRUE(pass.summary.deletions_held_by_guard);
}

class Litter : public TwoRoots {};

TEST_F(Litter, in_the_destination_is_removed) {
  const Tree tree{file("folder/file", "text")};
  given_source(tree);
  Tree before = tree;
  before.put(file(".syncline-0123456789abcdef.tmp", "half a fi"));
  before.put(file("folder/.syncline-fedcba9876543210.tmp"));
  before.put(file("removed/.syncline-fedcba9876543210.tmp"));
  given_destination(before);
  const Pass pass =
      mirror_ok(source, destination, with(&Options::deletions, deletion::AtMostEntries{2}));
  EXPECT_TRUE(same(snapshot(destination), tree));
  EXPECT_GE(pass.summary.cleaned, 2);
}

TEST_F(Litter, in_the_source_is_skipped_with_a_notice) {
  const std::string name = "folder/.syncline-0123456789abcdef.tmp";
  given_source({file("folder/file", "text"), file(name, "somebody's")});
  const Pass pass = mirror_ok(source, destination);
  EXPECT_TRUE(same(snapshot(destination), {file("folder/file", "text")}));
  EXPECT_EQ(std::ranges::count(pass.notices, name, &Notice::path), 1);
}

TEST_F(Passes, leave_our_own_files_alone) {
  given_source({file("file", "text"), file("log in source", "log")});
  given_destination({file("log in destination", "log")});
  Options how = options();
  for (const std::string& path : {source + "/log in source", destination + "/log in destination"}) {
    struct stat found {};
    ASSERT_EQ(::stat(path.c_str(), &found), 0);
    how.own_files.push_back({.device = found.st_dev, .inode = found.st_ino});
  }
  const Pass pass = mirror_ok(source, destination, how);
  EXPECT_TRUE(
      same(snapshot(destination), {file("file", "text"), file("log in destination", "log")}));
  EXPECT_EQ(pass.summary.deletions_wanted.entries, 0);
}

class Stopped : public TwoRoots {
 protected:
  void SetUp() override {
    for (int number = 0; number < 3000; ++number) {
      const std::string name = std::to_string(number);
      tree.put(file(std::to_string(number % 60) + "/" + name, name + std::string(900, ' ')));
    }
    tree.put(file("0/big", std::string(2 * chunk_bytes, 'b')));
    given_source(tree);
    Tree before;
    for (int number = 0; number < 90; ++number) {
      before.put(file(std::to_string(number % 60) + "/gone " + std::to_string(number)));
    }
    given_destination(before);
  }

  /// Whatever is in the destination is whole: as the source has it, or as it was.
  void expect_nothing_torn() const {
    const Tree found = snapshot(destination);
    for (const auto& [path, entry] : found.entries()) {
      if (entry.kind != Kind::file || name_of(path).starts_with("gone")) continue;
      ASSERT_TRUE(tree.contains(path)) << printable(path);
      EXPECT_EQ(entry, tree.at(path)) << printable(path);
    }
  }

  void expect_completed() const {
    mirror_ok(source, destination);
    EXPECT_TRUE(same(snapshot(destination), tree));
  }

  Tree tree;
};

class StoppedAfter : public Stopped, public testing::WithParamInterface<std::size_t> {};

TEST_P(StoppedAfter, some_events_leaves_whole_files_and_no_temporary) {
  std::stop_source stop;
  std::size_t events = 0;
  const Pass pass = run_pass(
      options(),
      [&](const Event&) {
        if (++events == GetParam()) stop.request_stop();
      },
      stop.get_token());
  EXPECT_EQ(pass.status(), Status::stopped);
  EXPECT_TRUE(pass.summary.stopped);
  EXPECT_LT(pass.summary.created.entries, tree.size());
  expect_nothing_torn();
  EXPECT_TRUE(temporaries_in(destination).empty());
  expect_completed();
}

INSTANTIATE_TEST_SUITE_P(Events, StoppedAfter, testing::Values(1, 10, 100, 1000));

TEST_F(Stopped, before_it_began_does_nothing) {
  std::stop_source stop;
  stop.request_stop();
  const Stamps before = stamps(destination);
  const Pass pass = run_pass(options(), {}, stop.get_token());
  EXPECT_EQ(pass.status(), Status::stopped);
  EXPECT_TRUE(pass.actions.empty());
  EXPECT_TRUE(untouched(before, stamps(destination)));
  expect_completed();
}

TEST_F(Stopped, from_another_thread_at_any_moment_leaves_whole_files) {
  for (int round = 0; round < 5; ++round) {
    std::stop_source stop;
    std::jthread stopper;
    run_pass(
        options(),
        [&](const Event&) {
          // The thread's start is the delay: long enough for the pass to be elsewhere by then.
          if (!stopper.joinable()) stopper = std::jthread([&stop] { stop.request_stop(); });
        },
        stop.get_token());
    expect_nothing_torn();
    EXPECT_TRUE(temporaries_in(destination).empty());
  }
  expect_completed();
}

TEST_F(Passes, on_one_destination_exclude_each_other) {
  given_source({file("file", "text")});
  make({file("other", "text")}, home / "other source");
  std::optional<Status> same_destination;
  std::optional<Status> inside_it;
  std::optional<Status> another;
  bool asked = false;
  run_pass(options(), [&](const Event&) {
    if (std::exchange(asked, true)) return;
    same_destination = refusal(between(home / "other source", destination));
    inside_it = refusal(between(home / "other source", destination + "/inside"));
    another = refusal(between(home / "other source", home / "other destination"));
  });
  EXPECT_EQ(same_destination, Status::busy);
  EXPECT_EQ(inside_it, Status::busy);
  EXPECT_EQ(another, std::nullopt);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  EXPECT_TRUE(same(snapshot(home / "other destination"), snapshot(home / "other source")));
}

/// Somebody at work on a destination, until it is let go.
class Occupied {
 public:
  explicit Occupied(const std::string& root)
      : folder_(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    EXPECT_EQ(::flock(folder_, LOCK_EX | LOCK_NB), 0);
  }
  Occupied(const Occupied&) = delete;
  Occupied& operator=(const Occupied&) = delete;
  ~Occupied() { let_go(); }

  void let_go() {
    if (folder_ >= 0) ::close(folder_);
    folder_ = -1;
  }

 private:
  int folder_;
};

TEST_F(Passes, wait_for_one_another_where_asked) {
  given_source({file("file", "text")});
  given_destination({});
  Occupied occupied(destination);
  const Pass pass = run_pass(with_waiting(), [&](const Event& event) {
    if (std::holds_alternative<Notice>(event)) occupied.let_go();
  });
  EXPECT_EQ(pass.status(), Status::done);
  ASSERT_EQ(pass.notices.size(), 1);
  EXPECT_NE(pass.notices.front().cause.find("process " + std::to_string(::getpid())),
            std::string::npos)
      << pass.notices.front().cause;
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(Passes, wait_no_longer_than_they_are_wanted) {
  given_source({file("file", "text")});
  given_destination({});
  const Occupied occupied(destination);
  std::stop_source stop;
  Recorder recorder([&](const Event&) { stop.request_stop(); });
  try {
    mirror(with_waiting(), recorder, stop.get_token());
    ADD_FAILURE() << "it went ahead";
  } catch (const Unusable& reason) {
    EXPECT_EQ(reason.status(), Status::stopped);
  }
  EXPECT_FALSE(exists(destination, "file"));
}

TEST_F(Passes, on_several_destinations_run_side_by_side) {
  const Tree tree = tree_of_everything();
  given_source(tree);
  {
    std::vector<std::jthread> running;
    for (const char* name : {"1", "2", "3"}) {
      running.emplace_back([this, name] { mirror_ok(source, home / name); });
    }
  }
  for (const char* name : {"1", "2", "3"}) EXPECT_TRUE(same(snapshot(home / name), tree));
}

}  // namespace
}  // namespace syncline::test
