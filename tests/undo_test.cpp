// Passes taken back: the destination is as it was before, in all that a mirror keeps.
//
// SPDX-License-Identifier: MIT
#include "syncline/undo.h"

#include "filesystem/own_names.h"
#include "support/index.h"
#include "support/random_tree.h"
#include "support/two_roots.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

class Undoing : public TwoRoots {
 protected:
  [[nodiscard]] Options undoable() const {
    Options how = options();
    how.undo.emplace();
    how.deletions = deletion::Unlimited{};
    how.index = index_place::File{home / "index"};
    how.free_at_first = true;
    // Passes are named by the second in which they begin.
    how.began =
        std::chrono::system_clock::now() - std::chrono::hours{1} + std::chrono::seconds{passes_++};
    return how;
  }

  [[nodiscard]] UndoPlace place() const { return {.destination = destination}; }

  /// Without what is kept.
  [[nodiscard]] Tree held() const {
    Tree tree = snapshot(destination);
    tree.remove(filesystem::reserved_name);
    return tree;
  }

  static void write(const Entry& entry, const std::string& root) {
    if (exists(root, entry.path)) remove(root, entry.path);
    put(entry, root);
  }
  static std::string content(const std::string& root, const std::string& path) {
    return snapshot(root).at(path).content;
  }

  Pass take_back(UndoOptions how = {}) const {
    how.place = place();
    Recorder told;
    const Summary summary = undo(how, told, {});
    told.pass_ended();
    return {.summary = summary,
            .actions = told.actions,
            .failures = told.failures,
            .notices = told.notices,
            .proofs = told.proofs};
  }

  /// Who asked for it goes on.
  Pass take_back_and_release(const UndoOptions& how = {}) const {
    Pass pass = take_back(how);
    EXPECT_TRUE(release(place()));
    return pass;
  }

  mutable int passes_ = 0;

  void expect_taken_back(const Tree& before) const {
    const Pass pass = take_back_and_release();
    EXPECT_EQ(pass.status(), Status::done);
    EXPECT_TRUE(pass.failures.empty()) << in_codes(pass.failures.front());
    EXPECT_TRUE(same(held(), before));
  }

  /// One pass onto what is there, and back.
  void expect_back_from(const Tree& there, const Tree& wanted) const {
    given_destination(there);
    given_source(wanted);
    const Tree before = held();
    const Pass pass = run_pass(undoable());
    ASSERT_EQ(pass.status(), Status::done);
    ASSERT_TRUE(same(held(), snapshot(source)));
    expect_taken_back(before);
  }
};

TEST_F(Undoing, takes_back_what_a_pass_made) {
  expect_back_from({}, {file("a", "a"), folder("b"), file("b/c", "c"), symlink("d", "a"), fifo("e"),
                        file("f/g/h", "h"), hard_link("i", "a")});
}

TEST_F(Undoing, takes_back_what_a_pass_deleted) {
  expect_back_from({file("a", "a"), folder("b"), file("b/c", "c"), symlink("d", "a"), fifo("e"),
                    file("f/g/h", "h"), hard_link("i", "a")},
                   {});
}

TEST_F(Undoing, takes_back_what_a_pass_overwrote) {
  expect_back_from({file("a", "old"), symlink("b", "old"), file("c/d", "old")},
                   {file("a", "newer"), symlink("b", "newer"), file("c/d", "new")});
}

TEST_F(Undoing, takes_back_what_a_pass_replaced_by_another_kind) {
  expect_back_from(
      {file("a", "file"), file("b/c", "in a folder"), symlink("d", "x"), file("e/f/g", "deep")},
      {file("a/x", "in a folder"), file("b", "file"), file("d/y/z", "deep"),
       symlink("e", "nowhere")});
}

TEST_F(Undoing, takes_back_metadata) {
  expect_back_from({file("a", "a").mode(0600), folder("b").mode(0700).mtime(1'000'000'007),
                    file("b/c", "c").mtime(2'000'000'000)},
                   {file("a", "a").mode(0644), folder("b").mode(0755), file("b/c", "c")});
}

TEST_F(Undoing, takes_back_moves) {
  given_source({file("a", "a long one, known by its inode"), file("d/e", "e"), file("d/f", "f")});
  ASSERT_EQ(run_pass(undoable()).status(), Status::done);
  const Tree before = held();
  rename(source, "a", "d/a");
  rename(source, "d", "g");
  const Pass pass = run_pass(undoable());
  ASSERT_GT(pass.summary.moved_folders + pass.summary.moved.entries, 0U);
  ASSERT_TRUE(same(held(), snapshot(source)));
  expect_taken_back(before);
}

TEST_F(Undoing, an_undo_can_be_undone) {
  given_source({file("a", "new"), file("b/c", "c")});
  given_destination({file("a", "old"), file("x/y", "y")});
  const Tree before = held();
  ASSERT_EQ(run_pass(undoable()).status(), Status::done);
  const Tree after = held();
  const Pass first = take_back_and_release();
  ASSERT_TRUE(same(held(), before));
  take_back_and_release({.pass = first.summary.name});
  EXPECT_TRUE(same(held(), after));
  take_back_and_release();
  EXPECT_TRUE(same(held(), before));
}

TEST_F(Undoing, goes_back_as_many_passes_as_are_named) {
  given_source({});
  given_destination({});
  std::vector<Tree> states{held()};
  for (const char* const content : {"one", "two", "three"}) {
    write(file("a", content), source);
    write(file(std::string("of ") + content, content), source);
    ASSERT_EQ(run_pass(undoable()).status(), Status::done);
    states.push_back(held());
  }
  take_back_and_release();
  EXPECT_TRUE(same(held(), states[2]));
  take_back_and_release();
  EXPECT_TRUE(same(held(), states[1]));
  const auto passes = list_passes(place()).passes;
  ASSERT_EQ(passes.size(), 5U);
  EXPECT_TRUE(passes.front().is_undo);
  EXPECT_TRUE(passes[2].is_undone);
  EXPECT_FALSE(passes.back().is_undone);
}

TEST_F(Undoing, a_pass_is_held_until_it_is_released) {
  given_source({file("a", "a")});
  ASSERT_EQ(run_pass(undoable()).status(), Status::done);
  const Pass undone = take_back();
  EXPECT_EQ(refusal(undoable()), Status::held_after_undo);
  EXPECT_EQ(refusal(options()), Status::held_after_undo);
  EXPECT_EQ(list_passes(place()).held_since, undone.summary.name);
  EXPECT_TRUE(release(place()));
  EXPECT_FALSE(release(place()));
  EXPECT_EQ(refusal(undoable()), std::nullopt);
}

TEST_F(Undoing, what_somebody_changed_since_is_left_alone) {
  given_source({file("a", "new"), file("b", "b"), file("d/e", "e")});
  given_destination({file("a", "old"), file("c", "c")});
  ASSERT_EQ(run_pass(undoable()).status(), Status::done);
  write(file("a", "somebody's"), destination);
  write(file("c", "somebody's, too"), destination);
  write(file("d/f", "and in a new folder"), destination);
  const Pass pass = take_back();
  EXPECT_EQ(pass.status(), Status::some_failed);
  EXPECT_EQ(content(destination, "a"), "somebody's");
  EXPECT_EQ(content(destination, "c"), "somebody's, too");
  EXPECT_EQ(content(destination, "d/f"), "and in a new folder");
  EXPECT_FALSE(exists(destination, "b"));
  EXPECT_FALSE(exists(destination, "d/e"));
  EXPECT_EQ(pass.failures.size(), 3U);
}

TEST_F(Undoing, only_tells_if_that_is_asked_for) {
  given_source({file("a/b", "new"), file("c", "c")});
  given_destination({file("a/b", "old"), file("d/e/f", "f")});
  ASSERT_EQ(run_pass(undoable()).status(), Status::done);
  const auto of_others = [&] {
    Stamps all = stamps(destination);
    std::erase_if(all, [](const auto& each) { return each.first.starts_with(".syncline"); });
    return all;
  };
  const Stamps before = of_others();
  const Pass told = take_back({.dry_run = true});
  EXPECT_TRUE(untouched(before, of_others()));
  const Pass done = take_back();
  const auto lines = [](const Pass& pass) {
    std::vector<std::string> all;
    for (const Action& action : pass.actions)
      all.push_back(std::string(to_string(action.verb)) + ' ' + std::string(action.path));
    return all;
  };
  EXPECT_EQ(lines(told), lines(done));
  EXPECT_TRUE(told.failures.empty());
}

TEST_F(Undoing, a_pass_that_changes_nothing_keeps_nothing) {
  given_source({file("a", "a")});
  ASSERT_EQ(run_pass(options()).status(), Status::done);
  ASSERT_EQ(run_pass(undoable()).status(), Status::done);
  EXPECT_FALSE(exists(destination, filesystem::reserved_name));
}

TEST_F(Undoing, brings_single_entries_back_as_they_were) {
  const Tree old{file("docs/a", "a"), file("docs/sub/b", "b").mode(0600),
                 hard_link("docs/c", "docs/a"), symlink("docs/d", "a"), file("other", "x")};
  given_source(old);
  ASSERT_EQ(run_pass(undoable()).status(), Status::done);
  remove(source, "docs");
  write(file("other", "changed"), source);
  ASSERT_EQ(run_pass(undoable()).status(), Status::done);
  const Tree after = held();
  write(file("later", "later"), source);
  ASSERT_EQ(run_pass(undoable()).status(), Status::done);
  Recorder told;
  const Summary summary = bring_back({.place = place(), .path = "docs", .into = source}, told, {});
  told.pass_ended();
  EXPECT_EQ(summary.status(), Status::done);
  Tree expected = after;
  for (const auto& [path, entry] : old.entries())
    if (path.starts_with("docs")) expected.put(entry);
  expected.put(file("later", "later"));
  Tree found = snapshot(source);
  const auto root = found.at("");
  expected.put(root);
  EXPECT_TRUE(same(found, expected));
  EXPECT_TRUE(exists(destination, "later"));
  EXPECT_FALSE(exists(destination, "docs"));
}

TEST_F(Undoing, brings_nothing_over_what_is_there) {
  given_source({file("a", "old")});
  ASSERT_EQ(run_pass(undoable()).status(), Status::done);
  write(file("a", "newer"), source);
  ASSERT_EQ(run_pass(undoable()).status(), Status::done);
  Recorder told;
  EXPECT_EQ(bring_back({.place = place(), .path = "a", .into = source}, told, {}).status(),
            Status::some_failed);
  EXPECT_EQ(content(source, "a"), "newer");
  EXPECT_EQ(bring_back({.place = place(), .path = "a", .into = source, .overwrite = true}, told, {})
                .status(),
            Status::done);
  EXPECT_EQ(content(source, "a"), "old");
  told.pass_ended();
}

TEST_F(Undoing, brings_back_what_an_undo_had_brought_back_before) {
  given_source({file("a", "new"), file("later", "x")});
  given_destination({file("a", "old"), file("b/c", "c")});
  const Options how = undoable();
  ASSERT_EQ(run_pass(how).status(), Status::done);
  take_back();
  put(folder("into"), home.path());
  Recorder told;
  const BringBack asked{
      .place = place(), .to = *how.began - std::chrono::seconds{1}, .into = home / "into"};
  EXPECT_EQ(bring_back(asked, told, {}).status(), Status::done);
  told.pass_ended();
  Tree found = snapshot(home / "into");
  EXPECT_EQ(found.at("a").content, "old");
  EXPECT_EQ(found.at("b/c").content, "c");
  EXPECT_FALSE(found.contains("later"));
}

TEST_F(Undoing, what_stayed_is_brought_back_with_what_left) {
  given_source({file("d/a", "a"), file("d/b", "b")});
  ASSERT_EQ(run_pass(undoable()).status(), Status::done);
  remove(source, "d");
  // It is written down that the folder goes, and then it does not.
  Options how = undoable();
  how.filters = {{.pattern = "b"}};
  run_pass(how);
  ASSERT_TRUE(exists(destination, "d/b"));
  put(folder("into"), home.path());
  Recorder told;
  bring_back({.place = place(), .path = "d", .into = home / "into"}, told, {});
  told.pass_ended();
  EXPECT_TRUE(exists(home / "into", "d/a"));
  EXPECT_TRUE(exists(home / "into", "d/b"));
}

TEST_F(Undoing, a_folder_elsewhere_is_of_one_destination) {
  given_source({file("a", "a")});
  given_destination({});
  Options how = undoable();
  how.undo->folder = home / "kept";
  ASSERT_EQ(run_pass(how).status(), Status::done);
  EXPECT_FALSE(exists(destination, filesystem::reserved_name));
  how.destination = home / "another";
  how.index = index_place::None{};
  EXPECT_EQ(refusal(how), Status::root_unusable);
}

TEST_F(Undoing, a_quarantine_that_others_could_write_to_is_refused) {
  given_source({file("a", "a")});
  given_destination({});
  ASSERT_EQ(run_pass(undoable()).status(), Status::done);
  set_mode(destination, ".syncline", 0777);
  EXPECT_THROW(list_passes(place()), Unusable);
  put(file("b", "b"), source);
  EXPECT_EQ(refusal(undoable()), Status::root_unusable);
}

TEST_F(Undoing, what_is_not_kept_any_more_is_told) {
  given_source({file("a", "newer")});
  given_destination({file("a", "old"), file("b", "b")});
  ASSERT_EQ(run_pass(undoable()).status(), Status::done);
  for (const auto& entry : std::filesystem::directory_iterator(destination + "/.syncline"))
    if (entry.is_directory()) std::filesystem::remove_all(entry.path());
  const Pass pass = take_back();
  EXPECT_EQ(pass.status(), Status::some_failed);
  EXPECT_EQ(pass.failures.size(), 2U);
}

TEST_F(Undoing, what_was_in_the_way_is_tried_again) {
  given_source({});
  given_destination({file("a", "a")});
  ASSERT_EQ(run_pass(undoable()).status(), Status::done);
  put(file("a", "somebody's"), destination);
  EXPECT_EQ(take_back().status(), Status::some_failed);
  remove(destination, "a");
  EXPECT_EQ(take_back().status(), Status::done);
  EXPECT_EQ(content(destination, "a"), "a");
}

TEST_F(Undoing, tells_the_versions_of_an_entry) {
  given_source({file("d/a", "one")});
  ASSERT_EQ(run_pass(undoable()).status(), Status::done);
  write(file("d/a", "three"), source);
  ASSERT_EQ(run_pass(undoable()).status(), Status::done);
  remove(source, "d/a");
  ASSERT_EQ(run_pass(undoable()).status(), Status::done);
  const auto versions = list_versions(place(), "./d//a");
  ASSERT_EQ(versions.size(), 3U);
  EXPECT_EQ(versions[0].size, 5U);
  EXPECT_EQ(versions[1].size, 3U);
  EXPECT_FALSE(versions[2].was_there);
}

class RandomUndoing : public Undoing {
 protected:
  void SetUp() override {
    if (!holds_riches(home.path())) GTEST_SKIP() << "no attributes or access lists here";
  }

  void go_to_and_fro(std::uint64_t entries, std::uint64_t changes, int rounds) {
    make(random_rich_tree(random, entries), source);
    make(random_rich_tree(random, entries), destination);
    for (int round = 0; round < rounds; ++round) {
      SCOPED_TRACE("round " + std::to_string(round));
      const Tree before = held();
      const Pass pass = run_pass(undoable());
      ASSERT_EQ(pass.status(), Status::done);
      const Tree after = held();
      ASSERT_TRUE(same(after, snapshot(source)));
      if (pass.summary.changed_anything()) {
        const Pass undone = take_back_and_release();
        ASSERT_TRUE(undone.failures.empty()) << in_codes(undone.failures.front());
        ASSERT_TRUE(same(held(), before));
        const Pass redone = take_back_and_release({.pass = undone.summary.name});
        ASSERT_TRUE(redone.failures.empty()) << in_codes(redone.failures.front());
        ASSERT_TRUE(same(held(), after));
        if (random.one_in(2)) {
          const Pass again = take_back_and_release();
          ASSERT_TRUE(again.failures.empty()) << in_codes(again.failures.front());
          ASSERT_TRUE(same(held(), before));
        }
      }
      change_richly(random, source, changes);
    }
  }

  Random random{announced_seed()};
};

TEST_F(RandomUndoing, a_destination_is_as_before_and_as_after) {
  go_to_and_fro(60, 20, 6);
}

using LongRandomUndoing = RandomUndoing;

TEST_F(LongRandomUndoing, a_destination_is_as_before_and_as_after) {
  for (int i = 0; i < 20; ++i) {
    go_to_and_fro(100, 30, 25);
    remove(home.path(), "source");
    remove(home.path(), "destination");
    remove(home.path(), "index");
  }
}

}  // namespace
}  // namespace syncline::test
