// A plan that is applied does what it lists and nothing else: with nothing changed since, what a
// pass would have done; with anything changed, only steps that are as they were planned. Tried on
// random trees, too. SYNCLINE_SEED repeats a run.
//
// SPDX-License-Identifier: MIT
#include "syncline/apply.h"

#include "filesystem/own_names.h"
#include "support/index.h"
#include "support/random_tree.h"
#include "support/refusals.h"
#include "support/two_roots.h"

#include "syncline/plan.h"
#include "syncline/undo.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;

class Applying : public TwoRoots {
 protected:
  [[nodiscard]] PlanOptions plan_options() const {
    PlanOptions how{.pass = options(), .read = true, .file = file, .lines = {}};
    how.pass.free_at_first = true;
    how.pass.index = index_place::File{home / "index"};
    return how;
  }

  Summary make_plan() const { return make_plan(plan_options()); }
  static Summary make_plan(const PlanOptions& how) {
    Recorder recorder;
    return plan(how, recorder, {});
  }

  Pass apply_plan(const ApplyOptions& how = {}, const std::function<void(const Event&)>& hook = {},
                  const std::stop_token& stop = {}) const {
    Recorder told{hook};
    PlanReader reader{file};
    const Summary summary = apply(reader, how, told, stop);
    told.pass_ended();
    return {.summary = summary,
            .actions = told.actions,
            .failures = told.failures,
            .notices = told.notices,
            .proofs = told.proofs};
  }

  void expect_applied() const {
    const Pass pass = apply_plan();
    EXPECT_EQ(pass.status(), Status::done);
    EXPECT_TRUE(pass.failures.empty()) << in_codes(pass.failures.front());
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  }

  [[nodiscard]] RefusalCode why_not_applied() const {
    try {
      apply_plan();
    } catch (const Unusable& error) {
      return error.why().code;
    }
    return RefusalCode::other;
  }

  /// What was left, by path.
  static std::map<std::string, FailureCode> left_of(const Pass& pass) {
    std::map<std::string, FailureCode> left;
    for (const Failure& failure : pass.failures) {
      EXPECT_EQ(failure.kind, FailureKind::left) << in_codes(failure);
      left.emplace(failure.path, failure.code);
    }
    EXPECT_EQ(left.size(), pass.summary.left);
    return left;
  }

  static void write(const Entry& entry, const std::string& root) {
    if (exists(root, entry.path)) remove(root, entry.path);
    put(entry, root);
  }

  const std::string file = home / "plan.zst";
};

TEST_F(Applying, does_what_a_pass_would_have_done) {
  given_source({folder("new"), test::file("new/f", "1"), test::file("changed", "after"),
                symlink("link", "new"), fifo("pipe")});
  given_destination({test::file("changed", "before"), test::file("gone", "bytes"), folder("old"),
                     test::file("old/f", "1"), folder("link"), test::file("link/in", "1")});
  make_plan();
  expect_applied();
  EXPECT_EQ(run_pass(options()).summary.changed_anything(), false);
}

TEST_F(Applying, makes_a_destination_that_is_not_there) {
  given_source({folder("a"), test::file("a/f", "1")});
  make_plan();
  expect_applied();
}

TEST_F(Applying, is_what_the_guard_asks_for) {
  Tree many;
  for (int i = 0; i < 300; ++i) many.put(test::file("f" + std::to_string(i), "x"));
  given_source({test::file("kept", "x")});
  given_destination(many);
  make_plan();
  expect_applied();
}

TEST_F(Applying, leaves_what_has_changed_since_and_names_it) {
  given_source({test::file("new", "1"), test::file("update", "after"), test::file("other", "after"),
                test::file("fine", "1"), folder("made")});
  given_destination({test::file("update", "b"), test::file("other", "b"), test::file("gone", "1"),
                     test::file("appears", "1")});
  make_plan();
  write(test::file("new", "somebody's").mtime(1), source);    // another file in the source
  write(test::file("update", "mine").mtime(1), destination);  // and in the destination
  write(test::file("gone", "mine").mtime(1), destination);
  write(test::file("appears", "1"), source);  // so it is no deletion any more
  write(test::file("unplanned", "1"), source);
  write(test::file("mine", "1"), destination);
  const Tree before = snapshot(destination);
  const Pass pass = apply_plan();
  EXPECT_EQ(pass.status(), Status::differs);
  EXPECT_EQ(left_of(pass),
            (std::map<std::string, FailureCode>{{"new", FailureCode::source_not_as_planned},
                                                {"update", FailureCode::destination_not_as_planned},
                                                {"gone", FailureCode::destination_not_as_planned},
                                                {"appears", FailureCode::source_not_as_planned}}));
  Tree expected = before;
  expected.put(test::file("fine", "1"));
  expected.put(test::file("other", "after"));
  expected.put(folder("made"));
  EXPECT_TRUE(same(snapshot(destination), expected));
}

TEST_F(Applying, does_nothing_at_all_if_one_step_is_stale_and_that_was_asked_for) {
  given_source({test::file("a", "1"), test::file("b", "1")});
  given_destination({test::file("gone", "1")});
  make_plan();
  write(test::file("a", "22").mtime(1), source);
  const Tree before = snapshot(destination);
  const Pass pass = apply_plan({.all_or_nothing = true, .how = {}});
  EXPECT_EQ(pass.status(), Status::differs);
  EXPECT_EQ(pass.summary.left, 1);
  EXPECT_TRUE(pass.actions.empty());
  EXPECT_FALSE(pass.summary.changed_anything());
  EXPECT_TRUE(same(snapshot(destination), before));
  // It was not begun either.
  EXPECT_EQ(apply_plan().status(), Status::differs);
  EXPECT_TRUE(exists(destination, "b"));
  EXPECT_FALSE(exists(destination, "a"));
}

TEST_F(Applying, does_all_if_nothing_is_stale) {
  given_source({test::file("a", "1"), test::file("b", "1")});
  given_destination({test::file("gone", "1")});
  make_plan();
  const Pass pass = apply_plan({.all_or_nothing = true, .how = {}});
  EXPECT_EQ(pass.status(), Status::done);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(Applying, tells_what_it_would_do_and_leave) {
  given_source({test::file("a", "1"), test::file("b", "1")});
  given_destination({test::file("gone", "1")});
  make_plan();
  write(test::file("b", "22").mtime(1), source);
  const Tree before = snapshot(destination);
  ApplyOptions how;
  how.how.dry_run = true;
  const Pass pass = apply_plan(how);
  EXPECT_EQ(pass.paths(Verb::create), std::vector<std::string>{"a"});
  EXPECT_EQ(pass.paths(Verb::remove), std::vector<std::string>{"gone"});
  EXPECT_EQ(pass.summary.left, 1);
  EXPECT_TRUE(same(snapshot(destination), before));
  EXPECT_EQ(apply_plan().summary.left, 1);
}

TEST_F(Applying, is_done_once) {
  given_source({test::file("a", "1")});
  given_destination({});
  make_plan();
  expect_applied();
  EXPECT_EQ(why_not_applied(), RefusalCode::plan_done);
  // A plan of the same steps is another one.
  make_plan();
  expect_applied();
}

TEST_F(Applying, goes_on_where_it_was_stopped) {
  Tree tree;
  for (int i = 0; i < 40; ++i) {
    const std::string at = "d" + std::to_string(i);
    tree.put(folder(at).mode(0500));
    for (int j = 0; j < 10; ++j) tree.put(test::file(at + "/f" + std::to_string(j), at));
  }
  given_source(tree);
  given_destination({test::file("gone", "1")});
  make_plan();
  std::stop_source stop;
  int actions = 0;
  const Pass stopped = apply_plan(
      {}, [&](const Event&) { ++actions == 100 ? void(stop.request_stop()) : void(); },
      stop.get_token());
  EXPECT_EQ(stopped.status(), Status::stopped);
  EXPECT_TRUE(exists(destination, "gone"));
  expect_applied();
  EXPECT_EQ(why_not_applied(), RefusalCode::plan_done);
}

TEST_F(Applying, is_for_the_roots_of_the_plan) {
  given_source({test::file("a", "1")});
  given_destination({test::file("b", "1")});
  make_plan();
  fs::rename(destination, home / "away");
  EXPECT_EQ(why_not_applied(), RefusalCode::plan_other_root);
  EXPECT_FALSE(fs::exists(destination));
  given_destination({test::file("b", "1")});
  EXPECT_EQ(why_not_applied(), RefusalCode::plan_other_root);
  EXPECT_TRUE(exists(destination, "b"));
  fs::remove_all(destination);
  fs::rename(home / "away", destination);
  fs::rename(source, home / "away");
  given_source({test::file("a", "1")});
  EXPECT_EQ(why_not_applied(), RefusalCode::plan_other_root);
  EXPECT_TRUE(exists(destination, "b"));
}

TEST_F(Applying, does_no_more_than_a_plan_that_was_cut) {
  given_source({folder("a"), folder("a/b"), test::file("a/b/f", "1"), test::file("g", "1")});
  given_destination({folder("old"), test::file("old/one", "1"), test::file("old/two", "1")});
  make_plan();
  cut_plan(file, file, {.only = {"f", "/old"}, .without = {"two"}});
  const Pass pass = apply_plan();
  EXPECT_EQ(pass.status(), Status::done);
  EXPECT_TRUE(exists(destination, "a/b/f"));
  EXPECT_FALSE(exists(destination, "g"));
  EXPECT_FALSE(exists(destination, "old/one"));
  EXPECT_TRUE(exists(destination, "old/two"));
}

TEST_F(Applying, proves_what_a_plan_did_not_read) {
  given_source({test::file("same", "1"), test::file("other", "after").mtime(7)});
  given_destination({test::file("same", "1"), test::file("other", "befor").mtime(9)});
  PlanOptions how = plan_options();
  how.read = false;
  make_plan(how);
  EXPECT_EQ(PlanReader{file}.totals().to_prove.entries, 2);
  expect_applied();
}

TEST_F(Applying, needs_no_index) {
  given_source({test::file("new", "1"), test::file("same", "1"), test::file("other", "after")});
  given_destination({test::file("same", "1"), test::file("other", "b"), test::file("gone", "")});
  PlanOptions how = plan_options();
  how.pass.index = index_place::None{};
  make_plan(how);
  expect_applied();
  // Nothing remembers that, but nothing is left to do either.
  expect_applied();
}

TEST_F(Applying, moves_what_was_planned_to_be_moved) {
  Tree tree{folder("a"), test::file("a/one", "1"), test::file("two", std::string(9000, '2')),
            test::file("x", "x"), test::file("y", "yy")};
  given_source(tree);
  run_ok(plan_options().pass);
  let_age(home.path());
  fs::rename(source + "/a", source + "/b");
  fs::rename(source + "/two", source + "/b/three");
  fs::rename(source + "/x", source + "/z");
  fs::rename(source + "/y", source + "/x");
  fs::rename(source + "/z", source + "/y");
  make_plan();
  const Pass pass = apply_plan();
  EXPECT_EQ(pass.status(), Status::done);
  EXPECT_TRUE(pass.failures.empty()) << in_codes(pass.failures.front());
  EXPECT_EQ(pass.summary.created.entries, 0);
  EXPECT_EQ(pass.summary.removed.entries, 0);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

// It would be moved aside, and what nobody planned to remove would go with it.
TEST_F(Applying, does_not_put_a_file_in_the_place_of_a_folder_that_got_something) {
  given_source({test::file("a", "1"), test::file("b", "1")});
  given_destination({folder("a"), test::file("a/one", "1"), folder("a/deep"),
                     test::file("a/deep/two", "1"), folder("b"), test::file("b/one", "1")});
  make_plan();
  write(test::file("a/deep/mine", "mine"), destination);
  const Pass pass = apply_plan();
  EXPECT_EQ(pass.status(), Status::differs);
  EXPECT_EQ(snapshot(destination).at("a/deep/mine").content, "mine");
  EXPECT_EQ(snapshot(destination).at("b").content, "1");
  EXPECT_TRUE(left_of(pass).contains("a"));
  EXPECT_TRUE(temporaries_in(destination).empty());
  run_pass(options());
}

// Which of them is met first differs from one walk to the next.
TEST_F(Applying, does_renames_that_depend_on_each_other) {
  const auto rename_in_source = [&](const std::string& from, const std::string& to) {
    fs::rename(source + '/' + from, source + '/' + to);
  };
  for (int round = 0; round < 6 && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    for (const char* const name : {"source", "destination", "index", "index-wal", "index-shm"})
      fs::remove_all(home / name);
    Tree tree;
    for (const std::string name : {"k", "m", "a", "b", "d1", "d2", "d3", "d4"}) {
      tree.put(folder(name));
      tree.put(test::file(name + "/f", "content of " + name));
    }
    given_source(tree);
    run_ok(plan_options().pass);
    let_age(home.path());
    rename_in_source("k", "kk");  // and a file in its place
    write(test::file("k", "a file"), source);
    rename_in_source("m", "mm");  // and another folder
    put(folder("m"), source);
    put(test::file("m/new", "1"), source);
    rename_in_source("a", "c");
    rename_in_source("b", "a");
    rename_in_source("d1/f", "aside");
    for (int i = 1; i < 4; ++i)
      rename_in_source("d" + std::to_string(i + 1) + "/f", "d" + std::to_string(i) + "/f");
    rename_in_source("aside", "d4/f");
    make_plan();
    expect_applied();
  }
}

TEST_F(Applying, gives_folders_no_other_rights_than_were_planned) {
  given_source({folder("changed").mtime(7), folder("made"), test::file("made/f", "1")});
  given_destination({folder("changed").mtime(9)});
  make_plan();
  fs::permissions(source + "/changed", fs::perms::all);
  fs::permissions(source + "/made", fs::perms::all);
  const Pass pass = apply_plan();
  EXPECT_EQ(pass.status(), Status::differs);
  EXPECT_EQ(snapshot(destination).at("changed").mode_bits, 0755);
  EXPECT_FALSE(exists(destination, "made"));
  EXPECT_EQ(left_of(pass).size(), 3);
}

TEST_F(Applying, notices_a_change_that_another_link_came_with) {
  given_source({test::file("update", "after"), test::file("set", "same").mtime(7)});
  given_destination({test::file("update", "befor"), test::file("gone", "12345"),
                     test::file("set", "same").mtime(9)});
  make_plan();
  for (const std::string name : {"update", "gone"}) {
    const auto time = fs::last_write_time(destination + '/' + name);
    std::ofstream(destination + '/' + name) << "users";
    fs::last_write_time(destination + '/' + name, time);
    fs::create_hard_link(destination + '/' + name, home / name);
  }
  fs::create_hard_link(destination + "/set", home / "set");
  const Tree before = snapshot(destination);
  const Pass pass = apply_plan();
  EXPECT_EQ(pass.status(), Status::differs);
  EXPECT_EQ(left_of(pass), (std::map<std::string, FailureCode>{
                               {"gone", FailureCode::destination_not_as_planned},
                               {"set", FailureCode::destination_not_as_planned},
                               {"update", FailureCode::destination_not_as_planned}}));
  EXPECT_TRUE(same(snapshot(destination), before));
}

TEST_F(Applying, puts_nothing_into_a_folder_that_somebody_else_made) {
  given_source({folder("made"), test::file("made/f", "1")});
  given_destination({});
  make_plan();
  put(folder("made").mode(0700), destination);
  const Pass pass = apply_plan();
  EXPECT_EQ(pass.status(), Status::differs);
  EXPECT_EQ(left_of(pass).size(), 2);
  EXPECT_FALSE(exists(destination, "made/f"));
  EXPECT_EQ(snapshot(destination).at("made").mode_bits, 0700);
}

TEST_F(Applying, names_what_somebody_else_made_where_it_goes_on) {
  given_source({folder("d"), test::file("d/a", "1"), symlink("d/to", "a")});
  given_destination({folder("d")});
  make_plan();
  std::stop_source stop;
  apply_plan(
      {}, [&](const Event&) { stop.request_stop(); }, stop.get_token());
  write(symlink("d/to", "elsewhere"), destination);
  const auto left = left_of(apply_plan());
  EXPECT_EQ(left.size(), 1U);
  EXPECT_TRUE(left.contains("d/to"));
  EXPECT_EQ(snapshot(destination).at("d/to").content, "elsewhere");
}

TEST_F(Applying, changes_no_rights_where_it_goes_on) {
  given_source({folder("d"), test::file("d/a", "1"), test::file("d/b", "1")});
  given_destination({folder("d")});
  make_plan();
  std::stop_source stop;
  apply_plan(
      {}, [&](const Event&) { stop.request_stop(); }, stop.get_token());
  fs::permissions(source + "/d", fs::perms::all);
  const Pass pass = apply_plan();
  EXPECT_TRUE(pass.failures.empty()) << in_codes(pass.failures.front());
  EXPECT_TRUE(exists(destination, "d/b"));
  EXPECT_EQ(snapshot(destination).at("d").mode_bits, 0755);
}

TEST_F(Applying, is_cut_with_what_a_move_has_to_do_first) {
  given_source({folder("a"), folder("a/deep"), test::file("a/deep/f", "1")});
  run_ok(plan_options().pass);
  let_age(home.path());
  fs::rename(source + "/a", source + "/b");
  put(test::file("b/deep/new", "1"), source);
  make_plan();
  EXPECT_EQ(cut_plan(file, file, {.only = {"new"}, .without = {}}), 2);
  const Pass pass = apply_plan();
  EXPECT_TRUE(pass.failures.empty()) << in_codes(pass.failures.front());
  EXPECT_TRUE(exists(destination, "b/deep/new"));
}

TEST_F(Applying, is_cut_so_that_a_folder_gives_way_with_all_that_is_in_it) {
  given_source({test::file("b", "1"), test::file("c", "1")});
  given_destination({folder("b"), test::file("b/f", "1"), test::file("b/g", "1")});
  make_plan();
  cut_plan(file, file, {.only = {}, .without = {"g"}});
  const Pass pass = apply_plan();
  EXPECT_TRUE(pass.failures.empty()) << in_codes(pass.failures.front());
  EXPECT_TRUE(exists(destination, "b/f"));
  EXPECT_TRUE(exists(destination, "b/g"));
  EXPECT_TRUE(exists(destination, "c"));
}

TEST_F(Applying, can_be_taken_back) {
  given_source({test::file("new", "1"), test::file("changed", "after")});
  given_destination({test::file("changed", "before"), test::file("gone", "bytes")});
  const Tree before = snapshot(destination);
  make_plan();
  ApplyOptions how;
  how.how.undo.emplace();
  const Pass pass = apply_plan(how);
  EXPECT_EQ(pass.status(), Status::done);
  Recorder told;
  undo({.place = {.destination = destination}}, told, {});
  EXPECT_TRUE(told.failures.empty());
  Tree after = snapshot(destination);
  after.remove(filesystem::reserved_name);
  EXPECT_TRUE(same(after, before));
}

TEST_F(Applying, keeps_nothing_twice) {
  given_source({test::file("changed", "after")});
  given_destination({test::file("changed", "before")});
  PlanOptions planned = plan_options();
  planned.pass.backup.emplace();
  make_plan(planned);
  ApplyOptions how;
  how.how.undo.emplace();
  EXPECT_THROW(apply_plan(how), Unusable);
  EXPECT_EQ(apply_plan().status(), Status::done);
  EXPECT_EQ(snapshot(destination).at("changed~").content, "before");
}

class RandomApplying : public Applying, public testing::WithParamInterface<bool> {
 protected:
  void SetUp() override {
    if (!holds_riches(home.path())) GTEST_SKIP() << "no attributes or access lists here";
  }

  [[nodiscard]] PlanOptions random_options() {
    PlanOptions how = plan_options();
    if (!GetParam()) how.pass.index = index_place::None{};
    how.read = !random.one_in(4);
    return how;
  }

  void begin(std::uint64_t entries) {
    make(random_rich_tree(random, entries), source);
    make(random_rich_tree(random, entries), destination);
  }
  void begin_anew(std::uint64_t entries) {
    for (const char* const name : {"source", "destination", "index", "index-wal", "index-shm"})
      fs::remove_all(home / name);
    begin(entries);
  }

  void apply_again_and_again(std::uint64_t changes, int rounds) {
    for (int round = 0; round < rounds && !HasFailure(); ++round) {
      SCOPED_TRACE("round " + std::to_string(round));
      make_plan(random_options());
      expect_applied();
      change_richly(random, source, changes);
      if (random.one_in(3)) change_richly(random, destination, changes / 2);
      if (GetParam() && random.one_in(2)) let_age(home.path());
    }
  }

  /// The paths that the plan is about, and the folders that they are in, whose mtimes may move.
  struct Planned {
    std::set<std::string> paths;
    std::set<std::string> folders;
    std::set<std::string> moved_folders;

    void add_folders_of(const std::string& path) { folders.insert(parent_of(path)); }
    /// Or moved with a folder.
    [[nodiscard]] bool may_change(std::string path) const {
      if (paths.contains(path)) return true;
      for (; !path.empty(); path = parent_of(path))
        if (moved_folders.contains(path)) return true;
      return false;
    }
  };

  [[nodiscard]] Planned planned() const {
    Planned planned;
    PlanReader reader{file};
    while (const auto step = reader.next()) {
      const std::string path = step->action.path.whole();
      planned.paths.insert(path);
      if (path == ".") planned.paths.insert("");  // which a snapshot calls it
      planned.add_folders_of(path);
      const std::string from = step->action.moved_from.whole();
      if (from.empty()) continue;
      planned.paths.insert(from);
      planned.add_folders_of(from);
      if (step->action.kind == Kind::folder) {
        planned.moved_folders.insert(path);
        planned.moved_folders.insert(from);
      }
    }
    return planned;
  }

  void change_both_in_between(std::uint64_t changes) {
    make_plan(random_options());
    change_richly(random, source, changes);
    change_richly(random, destination, changes);
    const Tree before = snapshot(destination);
    const Planned expected = planned();
    const Pass pass = apply_plan();
    EXPECT_TRUE(pass.status() == Status::done || pass.status() == Status::differs ||
                pass.status() == Status::some_failed)
        << static_cast<int>(pass.status());
    for (const Action& action : pass.actions)
      EXPECT_TRUE(expected.paths.contains(action.path.whole()))
          << to_string(action.verb) << ' ' << printable(action.path);
    const Tree after = snapshot(destination);
    std::set<std::string> changed_with_others;  // names of an inode that a step is about
    const auto first_name = [](const Entry& entry) {
      return entry.linked_to.empty() ? entry.path : entry.linked_to;
    };
    for (const auto& [path, entry] : before.entries())
      if (expected.paths.contains(path)) changed_with_others.insert(first_name(entry));
    for (const auto& [path, entry] : before.entries()) {
      if (expected.may_change(path) || changed_with_others.contains(first_name(entry))) continue;
      ASSERT_TRUE(after.contains(path)) << printable(path) << " is gone";
      Entry now = after.at(path);
      // Other names of it may have been planned to go.
      now.linked_to = entry.linked_to;
      if (expected.folders.contains(path)) now.modified = entry.modified;
      EXPECT_EQ(now, entry);
    }
    for (const auto& [path, entry] : after.entries())
      EXPECT_TRUE(before.contains(path) || expected.may_change(path))
          << printable(path) << " is new";
    EXPECT_TRUE(temporaries_in(destination).empty());
  }

  Random random{announced_seed()};
};

TEST_P(RandomApplying, does_what_a_pass_would_have_done) {
  begin(80);
  apply_again_and_again(25, 6);
}

TEST_P(RandomApplying, does_nothing_that_was_not_planned) {
  for (int round = 0; round < 6 && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    if (round == 0)
      begin(80);
    else
      begin_anew(80);
    if (GetParam() && random.one_in(2)) {
      Options how = plan_options().pass;
      how.deletions = deletion::AtMostPercent{100};
      run_ok(how);
      change_richly(random, source, 20);
      let_age(home.path());
    }
    change_both_in_between(12);
  }
}

class LongRandomApplying : public RandomApplying {};

TEST_P(LongRandomApplying, does_what_a_pass_would_have_done) {
  begin(100);
  for (int i = 0; i < 12 && !HasFailure(); ++i) {
    if (i > 0) begin_anew(100);
    apply_again_and_again(30, 21);
  }
}

TEST_P(LongRandomApplying, does_nothing_that_was_not_planned) {
  begin(100);
  for (int i = 0; i < 250 && !HasFailure(); ++i) {
    SCOPED_TRACE("round " + std::to_string(i));
    if (i > 0) begin_anew(100);
    change_both_in_between(15);
  }
}

const auto name_of_param = [](const testing::TestParamInfo<bool>& with) {
  return with.param ? "an_index" : "no_index";
};
INSTANTIATE_TEST_SUITE_P(With, RandomApplying, testing::Bool(), name_of_param);
INSTANTIATE_TEST_SUITE_P(With, LongRandomApplying, testing::Bool(), name_of_param);

}  // namespace
}  // namespace syncline::test
