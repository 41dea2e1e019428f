// A dry run tells of what a pass does: of all of it, and of nothing else. Tried on random trees,
// without an index and with one, by which things are moved. SYNCLINE_SEED repeats a run.
//
// SPDX-License-Identifier: MIT
#include "support/random_tree.h"
#include "support/two_roots.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

/// What happens to one name, as a line. Names of one inode count as the first of them by path:
/// which one the others are linked to, and which one's metadata is set, is up to the walk.
std::string in_words(const Action& action, const Tree& tree) {
  std::string path = action.path;
  const auto entry = tree.entries().find(path);
  if (entry != tree.entries().end() && !entry->second.linked_to.empty())
    path = entry->second.linked_to;
  std::string words =
      std::string(to_string(action.verb)) + ' ' + to_string(action.kind) + ' ' + path;
  if (action.replaced) words += std::string(" in place of ") + to_string(*action.replaced);
  if (!std::string{action.moved_from}.empty()) words += " from " + std::string{action.moved_from};
  return words;
}

class Foretold : public TwoRoots, public testing::WithParamInterface<bool> {
 protected:
  [[nodiscard]] static bool has_index() { return GetParam(); }

  void SetUp() override {
    if (!holds_riches(home.path())) GTEST_SKIP() << "no attributes or access lists here";
  }

  /// Files of one size on both sides: what would happen to them is known once they were read.
  [[nodiscard]] std::set<std::string> alike() const {
    std::set<std::string> paths;
    const Tree there = snapshot(destination);
    const Tree here = snapshot(source);
    for (const auto& [path, entry] : here.entries()) {
      const auto other = there.entries().find(path);
      if (entry.kind == Kind::file && other != there.entries().end() &&
          other->second.kind == Kind::file && other->second.content.size() == entry.content.size())
        paths.insert(path);
    }
    return paths;
  }

  /// One of several names of what the destination has: whether it still has the others when it is
  /// met, and so is changed or replaced, depends on what the pass has done by then.
  [[nodiscard]] std::set<std::string> shared() const {
    std::set<std::string> paths;
    const Tree there = snapshot(destination);
    for (const auto& [path, entry] : there.entries())
      if (!entry.linked_to.empty()) paths.insert({path, entry.linked_to});
    return paths;
  }

  static bool changes_what_is_there(const Action& action) {
    return action.verb == Verb::check || action.verb == Verb::set_metadata ||
           action.verb == Verb::update;
  }

  /// Likewise of a file that was moved, or lies in a folder that was: it is read there.
  [[nodiscard]] static bool is_read_where_it_came(const Action& action, const Pass& pass) {
    return action.kind == Kind::file && changes_what_is_there(action) &&
           std::ranges::any_of(pass.actions, [&](const Action& moved) {
             const std::string& path = action.path;
             const std::string& to = moved.path;
             return moved.verb == Verb::move && (path == to || path.starts_with(to + '/'));
           });
  }

  /// But for what happens to `except`, and for what changes the `shared`.
  [[nodiscard]] std::set<std::string> steps(const Pass& pass, const std::set<std::string>& except,
                                            const std::set<std::string>& shared = {}) const {
    const Tree tree = snapshot(source);
    std::set<std::string> steps;
    for (const Action& action : pass.actions)
      if (!except.contains(action.path) && !is_read_where_it_came(action, pass) &&
          !(changes_what_is_there(action) && shared.contains(action.path)))
        steps.insert(in_words(action, tree));
    return steps;
  }

  [[nodiscard]] Options deleting() const {
    Options how = options();
    how.deletions = deletion::Unlimited{};
    // Where two steps want the same file, such as a folder its name and another name the file, who
    // comes first is up to the workers: one alone comes by the same way each time.
    how.threads = 1;
    how.io_threads = 1;
    if (has_index()) how.index = index_place::File{home.path() + "/index"};
    return how;
  }

  void expect_foretold(const std::string& when) {
    expect_foretold(when, deleting());
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  }

  void expect_foretold(const std::string& when, Options how) {
    const auto unread = alike();
    const auto names = shared();
    how.dry_run = true;
    const Pass told = run_pass(how);
    how.dry_run = false;
    const Pass done = run_pass(how);
    ASSERT_EQ(done.status(), Status::done);
    const auto foretold = steps(told, unread, names);
    const auto came = steps(done, unread, names);
    std::vector<std::string> differ;
    std::ranges::set_symmetric_difference(foretold, came, std::back_inserter(differ));
    for (const std::string& step : differ)
      ADD_FAILURE() << when << ": " << (came.contains(step) ? "not foretold: " : "did not come: ")
                    << step;
  }

  Random random{announced_seed()};
};

TEST_P(Foretold, are_the_steps_that_a_pass_takes) {
  make(random_rich_tree(random, 120), source);
  make(random_rich_tree(random, 120), destination);
  for (int round = 0; round < 8 && !HasFailure(); ++round) {
    expect_foretold("round " + std::to_string(round));
    change_richly(random, source, 25);
    if (random.one_in(3)) change_richly(random, destination, 12);
    if (has_index()) let_age(home.path());
  }
}

TEST_P(Foretold, are_the_steps_where_a_folder_takes_the_place_of_the_one_that_it_lay_in) {
  given_source({folder("p"), folder("p/q"), file("p/q/f", "one"), file("p/g", "other")});
  given_destination({});
  let_age(home.path());
  expect_foretold("at first");
  rename(source, "p/q", "t");
  remove(source, "p");
  rename(source, "t", "p");
  let_age(home.path());
  expect_foretold("then");
}

TEST_P(Foretold, are_the_steps_where_two_folders_lie_in_each_other_the_other_way_round) {
  given_source({folder("p"), folder("p/q"), file("p/q/f", "one"), file("p/g", "other")});
  given_destination({});
  let_age(home.path());
  expect_foretold("at first");
  rename(source, "p/q", "t");
  rename(source, "p", "t/q");
  rename(source, "t", "p");
  let_age(home.path());
  expect_foretold("then");
}

TEST_P(Foretold, are_the_steps_where_the_old_name_of_a_file_is_replaced_before_it_is_met) {
  given_source({folder("e"), folder("e/b"), file("e/c", "content")});
  given_destination({});
  let_age(home.path());
  expect_foretold("at first");
  rename(source, "e/c", "e/b/a");
  put(symlink("e/c", "x"), source);
  let_age(home.path());
  expect_foretold("then");
}

// What the source lacks goes before anything could be moved away from there.
TEST_P(Foretold, are_the_steps_where_deletions_come_first) {
  Options how = deleting();
  how.delete_before = true;
  make(random_rich_tree(random, 60), source);
  make(random_rich_tree(random, 60), destination);
  for (int round = 0; round < 6 && !HasFailure(); ++round) {
    expect_foretold("round " + std::to_string(round), how);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
    change_richly(random, source, 15);
    if (has_index()) let_age(home.path());
  }
}

// A folder that a file would replace.
TEST_P(Foretold, are_the_steps_where_what_is_protected_is_in_the_way) {
  given_source({file("f", "file"), symlink("l", "f"), file("g", "goes")});
  given_destination({file("f/kept", "here"), file("l/x/kept", "here"), file("g/h", "h")});
  Options how = deleting();
  how.filters = {{.pattern = "kept", .sides = FilterRule::Sides::destination}};
  how.dry_run = true;
  const Pass told = run_pass(how);
  how.dry_run = false;
  const Pass done = run_pass(how);
  EXPECT_EQ(told.failures.size(), 2);
  EXPECT_EQ(done.failures.size(), 2);
  EXPECT_EQ(steps(told, {}), steps(done, {}));
  EXPECT_EQ(told.paths(Verb::replace), std::vector<std::string>{"g"});
}

TEST_P(Foretold, are_the_steps_where_backups_beside_keep_a_folder) {
  given_source({file("stays", "here"), folder("goes"), folder("goes/too"), file("goes/f", "f"),
                file("goes/too/g", "g"), folder("empty")});
  given_destination({});
  Options how = deleting();
  how.backup = Backup{};
  expect_foretold("at first", how);
  remove(source, "goes");
  remove(source, "empty");
  expect_foretold("then", how);
}

INSTANTIATE_TEST_SUITE_P(With, Foretold, testing::Bool(),
                         [](const auto& with) { return with.param ? "an_index" : "no_index"; });

}  // namespace
}  // namespace syncline::test
