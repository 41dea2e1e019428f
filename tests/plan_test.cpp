// A plan says what a pass does then, and what each step was decided upon; it touches nothing. Tried
// on random trees, too. SYNCLINE_SEED repeats a run.
//
// SPDX-License-Identifier: MIT
#include "syncline/plan.h"

#include "support/random_tree.h"
#include "support/two_roots.h"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;

struct Read {
  PlanHeader header;
  PlanTotals totals;
  std::vector<PlanStep> steps;

  [[nodiscard]] const PlanStep* at(const std::string& path) const {
    const auto found = std::ranges::find_if(
        steps, [&](const PlanStep& step) { return std::string{step.action.path} == path; });
    return found == steps.end() ? nullptr : &*found;
  }
  [[nodiscard]] std::vector<std::string> paths(Verb verb) const {
    std::vector<std::string> paths;
    for (const PlanStep& step : steps)
      if (step.action.verb == verb) paths.push_back(step.action.path);
    std::ranges::sort(paths);
    return paths;
  }
};

Read read_plan(const std::string& path) {
  PlanReader reader{path};
  Read read{reader.header(), reader.totals(), {}};
  while (auto step = reader.next()) read.steps.push_back(std::move(*step));
  EXPECT_EQ(read.steps.size(), reader.steps());
  return read;
}

std::optional<struct stat> look(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  return status;
}

Timestamp stamp(const timespec& time) {
  return {.seconds = time.tv_sec, .nanoseconds = static_cast<std::uint32_t>(time.tv_nsec)};
}

/// That `path` is what was seen there.
testing::AssertionResult holds(const std::optional<Precondition>& of, const std::string& path) {
  const auto now = look(path);
  if (now.has_value() != of.has_value())
    return testing::AssertionFailure() << path << (now ? " is there" : " is not there");
  if (!of) return testing::AssertionSuccess();
  const bool is_same =
      of->id == FileId{now->st_dev, now->st_ino} &&
      (of->kind == Kind::folder ||
       (of->mtime == stamp(now->st_mtim) && (!of->ctime || *of->ctime == stamp(now->st_ctim))));
  return is_same ? testing::AssertionSuccess() : testing::AssertionFailure() << path << " differs";
}

class Plans : public TwoRoots {
 protected:
  [[nodiscard]] PlanOptions plan_options() const {
    PlanOptions how{.pass = options(), .read = true, .file = file, .lines = {}};
    how.pass.deletions = deletion::Unlimited{};
    how.pass.free_at_first = true;
    return how;
  }

  Summary run(const PlanOptions& how) const {
    Recorder recorder;
    return plan(how, recorder, {});
  }
  [[nodiscard]] Read planned() const { return planned(plan_options()); }
  [[nodiscard]] Read planned(const PlanOptions& how) const {
    const Summary summary = run(how);
    EXPECT_EQ(summary.status(), Status::done);
    return read_plan(how.file);
  }

  /// Nothing in the roots has moved, not even a ctime.
  [[nodiscard]] std::string stamps() const {
    std::map<std::string, std::string> all;
    for (const std::string& root : {source, destination}) {
      if (!fs::exists(root)) continue;
      std::vector<std::string> paths{root};
      for (const auto& entry : fs::recursive_directory_iterator(root))
        paths.push_back(entry.path().string());
      for (const std::string& path : paths) {
        const auto now = look(path);
        all[path] = std::to_string(now->st_ino) + ' ' + std::to_string(now->st_ctim.tv_sec) + '.' +
                    std::to_string(now->st_ctim.tv_nsec);
      }
    }
    std::string text;
    for (const auto& [path, stamps] : all) text.append(path).append(" ").append(stamps) += '\n';
    return text;
  }

  const std::string file = home / "plan";
};

TEST_F(Plans, say_what_is_copied_changed_and_removed_and_touch_nothing) {
  given_source({folder("new"), test::file("new/f", "1"), test::file("changed", "after"),
                test::file("touched", "same")});
  given_destination({test::file("changed", "befor"), test::file("touched", "same"),
                     test::file("gone", "bytes"), folder("old"), test::file("old/f", "1")});
  fs::last_write_time(source + "/touched", fs::file_time_type::clock::now());
  const std::string before = stamps();
  const Read read = planned();
  EXPECT_EQ(stamps(), before);
  EXPECT_EQ(read.paths(Verb::create), (std::vector<std::string>{"new", "new/f"}));
  EXPECT_EQ(read.paths(Verb::update), std::vector<std::string>{"changed"});
  EXPECT_EQ(read.paths(Verb::remove), (std::vector<std::string>{"gone", "old", "old/f"}));
  EXPECT_EQ(read.paths(Verb::check), std::vector<std::string>{});
  EXPECT_EQ(read.totals.removed.entries, 3);
  EXPECT_EQ(read.totals.removed.bytes, 6);
  EXPECT_EQ(read.at("new/f")->in, read.at("new")->number);
  EXPECT_FALSE(read.at("changed")->in);
  for (const char* const path : {"new/f", "changed", "gone", "old/f"}) {
    const Preconditions& given = read.at(path)->action.given;
    EXPECT_TRUE(holds(given.source, source + '/' + path));
    EXPECT_TRUE(holds(given.destination, destination + '/' + path));
  }
  EXPECT_EQ(read.header.source.path, source);
  EXPECT_EQ(read.header.destination.id.inode, look(destination)->st_ino);
  EXPECT_TRUE(read.header.index.empty());
}

TEST_F(Plans, begin_with_the_root_where_that_is_missing) {
  given_source({folder("a"), test::file("a/f", "1"), test::file("g", "1")});
  const Read read = planned();
  EXPECT_EQ(read.header.destination.id, FileId{});
  ASSERT_NE(read.at("."), nullptr);
  EXPECT_EQ(read.at(".")->number, 1);
  EXPECT_EQ(read.at("a")->in, 1);
  EXPECT_EQ(read.at("g")->in, 1);
  EXPECT_EQ(read.at("a/f")->in, read.at("a")->number);
  EXPECT_FALSE(fs::exists(destination));
}

TEST_F(Plans, list_what_is_to_be_proved_where_they_do_not_read) {
  given_source({test::file("alike", "one"), test::file("other", "one")});
  given_destination({test::file("alike", "one"), test::file("other", "two")});
  PlanOptions how = plan_options();
  how.read = false;
  const Read unread = planned(how);
  EXPECT_EQ(unread.paths(Verb::check), (std::vector<std::string>{"alike", "other"}));
  EXPECT_EQ(unread.totals.to_prove.entries, 2);
  EXPECT_FALSE(unread.header.was_read);
  const Read read = planned();
  EXPECT_EQ(read.at("other")->action.verb, Verb::update);
  EXPECT_EQ(read.totals.to_prove.entries, 0);
}

TEST_F(Plans, let_the_index_keep_what_they_proved) {
  given_source({test::file("f", "one"), test::file("g", "one")});
  given_destination({test::file("f", "one"), test::file("g", "two")});
  let_age(home.path());
  PlanOptions how = plan_options();
  how.pass.index = index_place::File{home / "index"};
  EXPECT_EQ(run(how).proved.entries, 1);
  const Summary again = run(how);
  EXPECT_EQ(again.standing.entries, 1);
  EXPECT_EQ(again.proved.entries, 0);
  EXPECT_EQ(read_plan(file).header.index, home / "index");
}

// What is to be moved is read where it is, and what is remembered of it stays where it was: the
// pass after that moves it.
TEST_F(Plans, follow_renames_and_leave_the_index_as_it_was) {
  given_source({folder("a"), test::file("a/f", "one"), test::file("g", "three"), folder("b")});
  given_destination({});
  Options how = plan_options().pass;
  how.index = index_place::File{home / "index"};
  ASSERT_EQ(run_pass(how).status(), Status::done);
  let_age(home.path());
  rename(source, "a", "b/a");
  rename(source, "g", "b/g");
  PlanOptions plans = plan_options();
  plans.pass.index = how.index;
  for (int round = 0; round < 2; ++round) {
    const Read read = planned(plans);
    EXPECT_EQ(read.paths(Verb::move), (std::vector<std::string>{"b/a", "b/g"}));
    EXPECT_EQ(read.paths(Verb::create), std::vector<std::string>{});
    EXPECT_EQ(read.paths(Verb::remove), std::vector<std::string>{});
    const PlanStep& moved = *read.at("b/g");
    EXPECT_EQ(std::string{moved.action.moved_from}, "g");
    ASSERT_TRUE(moved.action.given.destination);
    EXPECT_TRUE(holds(moved.action.given.destination, destination + "/g"));
    EXPECT_EQ(moved.action.given.from_folder.inode, look(destination)->st_ino);
    EXPECT_EQ(moved.action.given.folder.inode, look(destination + "/b")->st_ino);
  }
  const Pass pass = run_pass(how);
  EXPECT_EQ(pass.paths(Verb::move), (std::vector<std::string>{"b/a", "b/g"}));
  EXPECT_EQ(pass.paths(Verb::create), std::vector<std::string>{});
}

TEST_F(Plans, are_not_written_into_a_root_or_over_something_else) {
  given_source({folder("in")});
  given_destination({folder("in")});
  const auto refused = [&](const std::string& to) -> std::string {
    PlanOptions how = plan_options();
    how.file = to;
    try {
      run(how);
    } catch (const Unusable& error) {
      return to_string(error.why().code);
    }
    return "";
  };
  EXPECT_EQ(refused(source + "/in/plan"), "plan_in_root");
  EXPECT_EQ(refused(destination + "/plan"), "plan_in_root");
  EXPECT_EQ(refused(home / "nowhere/plan"), "plan_unusable");
  EXPECT_EQ(refused(source), "plan_foreign");
  EXPECT_EQ(fs::exists(source + "/in/plan"), false);
  EXPECT_EQ(temporaries_in(home.path()), std::vector<std::string>{});
}

TEST_F(Plans, that_are_stopped_leave_no_file) {
  given_source({test::file("f", "1")});
  given_destination({});
  Recorder recorder;
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(plan(plan_options(), recorder, stop.get_token()).status(), Status::stopped);
  EXPECT_FALSE(fs::exists(file));
  EXPECT_EQ(temporaries_in(home.path()), std::vector<std::string>{});
}

TEST_F(Plans, end_where_their_lines_cannot_be_taken) {
  given_source({test::file("f", "1")});
  given_destination({});
  PlanOptions how = plan_options();
  std::size_t lines = 0;
  how.lines = [&](std::string_view) {
    if (++lines == 2) throw std::runtime_error("enough");
  };
  EXPECT_THROW(run(how), std::runtime_error);
  EXPECT_FALSE(fs::exists(file));
}

TEST_F(Plans, say_what_the_guard_says) {
  given_source({});
  given_destination({test::file("a", "1"), test::file("b", "1")});
  PlanOptions how = plan_options();
  how.pass.deletions = deletion::AtMostEntries{1};
  EXPECT_EQ(run(how).status(), Status::deletions_held);
  const Read read = read_plan(file);
  EXPECT_EQ(read.totals.held, HeldCode::too_many_entries);
  EXPECT_EQ(read.paths(Verb::remove), (std::vector<std::string>{"a", "b"}));
}

TEST_F(Plans, are_cut_to_what_is_wanted_with_all_that_it_needs) {
  given_source({folder("a"), folder("a/b"), test::file("a/b/f", "1"), test::file("g", "1")});
  given_destination({folder("old"), test::file("old/one", "1"), test::file("old/two", "1"),
                     test::file("h", "1")});
  static_cast<void>(planned());
  const std::string cut = home / "cut.zst";
  EXPECT_EQ(cut_plan(file, cut, {.only = {"f"}, .without = {}}), 3);
  const Read only = read_plan(cut);
  EXPECT_TRUE(only.header.is_cut);
  EXPECT_EQ(only.paths(Verb::create), (std::vector<std::string>{"a", "a/b", "a/b/f"}));
  EXPECT_EQ(only.at("a/b/f")->in, only.at("a/b")->number);
  EXPECT_EQ(only.at("a/b")->in, only.at("a")->number);
  EXPECT_EQ(only.totals.created.entries, 3);
  EXPECT_EQ(only.totals.removed.entries, 0);
  cut_plan(file, cut, {.only = {}, .without = {"/old/one", "/a"}});
  const Read without = read_plan(cut);
  EXPECT_EQ(without.paths(Verb::create), std::vector<std::string>{"g"});
  EXPECT_EQ(without.paths(Verb::remove), (std::vector<std::string>{"h", "old/two"}));
  cut_plan(file, cut, {.only = {"old/"}, .without = {}});
  EXPECT_EQ(read_plan(cut).paths(Verb::remove),
            (std::vector<std::string>{"old", "old/one", "old/two"}));
}

class RandomPlans : public Plans, public testing::WithParamInterface<bool> {
 protected:
  /// Of a plan or a pass: what happens to which name.
  template <typename Actions>
  static std::set<std::string> in_words(const Actions& actions) {
    std::set<std::string> words;
    for (const Action& action : actions)
      words.insert(std::string(to_string(action.verb)) + ' ' + to_string(action.kind) + ' ' +
                   action.path.whole() + " from " + action.moved_from.whole());
    return words;
  }

  Random random{announced_seed()};
};

TEST_P(RandomPlans, say_what_the_pass_after_them_does) {
  make(random_tree(random, 120), source);
  make(random_tree(random, 120), destination);
  PlanOptions how = plan_options();
  how.pass.threads = 1;
  how.pass.io_threads = 1;
  if (GetParam()) how.pass.index = index_place::File{home / "index"};
  for (int round = 0; round < 8 && !HasFailure(); ++round) {
    const std::string before = stamps();
    const Read read = planned(how);
    EXPECT_EQ(stamps(), before);
    std::vector<Action> steps;
    std::set<std::string> moved;
    for (const PlanStep& step : read.steps) {
      const Action& action = step.action;
      steps.push_back(action);
      const std::string path = action.path.whole();
      if (action.verb == Verb::move) moved.insert(path);
      if (action.verb == Verb::remove && moved.empty()) {
        EXPECT_TRUE(holds(action.given.destination, destination + '/' + path));
      }
      if (action.verb != Verb::remove && action.verb != Verb::set_metadata) {
        EXPECT_TRUE(holds(action.given.source, source + '/' + path)) << to_string(action.verb);
      }
      const std::string parent = path.substr(0, std::min(path.rfind('/'), path.size()));
      if (step.in && parent != path) {
        EXPECT_EQ(read.steps.at(*step.in - 1).action.path.whole(), parent);
      }
    }
    Options pass = how.pass;
    const Pass done = run_pass(pass);
    ASSERT_EQ(done.status(), Status::done);
    EXPECT_EQ(in_words(steps), in_words(done.actions)) << "round " << round;
    change_randomly(random, source, 25);
    if (random.one_in(3)) change_randomly(random, destination, 12);
    if (GetParam()) let_age(home.path());
  }
}

INSTANTIATE_TEST_SUITE_P(With, RandomPlans, testing::Bool(),
                         [](const auto& with) { return with.param ? "an_index" : "no_index"; });

}  // namespace
}  // namespace syncline::test
