// What moved in the source moves in the mirror: exact as ever, nothing copied that was there,
// nothing lost that had to be kept.
//
// SPDX-License-Identifier: MIT
#include "filesystem/syscalls.h"
#include "support/fail_nth.h"
#include "support/index.h"
#include "support/mounted_image.h"
#include "support/random_tree.h"
#include "support/refusals.h"
#include "support/two_roots.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace syncline::test {
namespace {

std::string told_in(const std::vector<Action>& actions) {
  std::string text;
  for (const Action& action : actions)
    text += std::string(to_string(action.verb)) + ' ' + action.path + ": " +
            to_string(action.reason.code) + '\n';
  return text;
}

class Moves : public TwoRoots {
 protected:
  void SetUp() override {
    how = options();
    how.index = index_place::File{home / "index"};
    how.deletions = deletion::Unlimited{};
  }

  void given_mirrored(const Tree& tree) const {
    given_source(tree);
    let_age(source);
    ASSERT_EQ(run_pass(how).status(), Status::done);
    // What took longer than a clock tick to get its name is read by the next one.
    constexpr int most = 5;
    for (int i = 0; i < most && run_pass(how).summary.bytes_read > 0; ++i) continue;
  }

  /// Of what was there before nothing is left.
  void given_mirrored_anew(const Tree& tree) const {
    for (const char* name :
         {"source", "destination", "index", "index-wal", "index-shm", "index-lock"})
      std::filesystem::remove_all(home / name);
    given_mirrored(tree);
  }

  void move(const std::string& from, const std::string& to) const { rename(source, from, to); }
  void swap(const std::string& a, const std::string& b) const {
    move(a, "aside");
    move(b, a);
    move("aside", b);
  }

  /// A pass that ends in an exact mirror, after a dry run that touched nothing.
  [[nodiscard]] Pass mirrored() const {
    let_age(source);
    Options dry = how;
    dry.dry_run = true;
    const Tree before = snapshot(destination);
    foreseen = run_pass(dry);
    EXPECT_TRUE(same(snapshot(destination), before));
    Pass pass = run_pass(how);
    EXPECT_EQ(pass.status(), Status::done);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
    return pass;
  }

  /// Nothing was copied or removed, and the dry run had foreseen all of it.
  void expect_moved(const Pass& pass, const std::vector<std::string>& paths) const {
    EXPECT_EQ(pass.paths(Verb::move), paths);
    EXPECT_EQ(pass.summary.bytes_written, 0);
    EXPECT_EQ(pass.summary.created.bytes, 0);
    EXPECT_EQ(pass.summary.removed.entries, 0);
    EXPECT_EQ(pass.summary.deletions_wanted.entries, 0);
    EXPECT_EQ(foreseen.paths(Verb::move), paths);
    EXPECT_EQ(foreseen.paths(Verb::create), pass.paths(Verb::create));
    EXPECT_EQ(foreseen.paths(Verb::remove), pass.paths(Verb::remove));
  }

  /// Nothing is to be done or read any more.
  void expect_settled() const {
    const Pass pass = run_pass(how);
    EXPECT_FALSE(pass.summary.changed_anything());
    EXPECT_EQ(pass.summary.bytes_read, 0);
    EXPECT_TRUE(claims_nothing_false(home / "index", source, destination));
  }

  Options how;
  mutable Pass foreseen;
};

Tree some_tree() {
  return {folder("a"),
          file("a/one", "one"),
          file("a/two", "two two"),
          folder("a/below"),
          file("a/below/three", "3 3"),
          folder("b"),
          file("b/four", "four four")};
}

TEST_F(Moves, bring_a_folder_with_all_that_is_in_it) {
  given_mirrored(some_tree());
  move("a", "b/new");
  const Pass pass = mirrored();
  expect_moved(pass, {"b/new"});
  EXPECT_EQ(pass.action_at("b/new")->moved_from, "a");
  EXPECT_EQ(pass.summary.moved.entries, 3);
  EXPECT_EQ(pass.summary.moved_folders, 1);
  EXPECT_EQ(pass.summary.bytes_read, 0);
  expect_settled();
}

TEST_F(Moves, bring_a_file_which_is_read_once) {
  given_mirrored(some_tree());
  move("a/two", "b/also");
  const Pass pass = mirrored();
  expect_moved(pass, {"b/also"});
  EXPECT_EQ(pass.action_at("b/also")->moved_from, "a/two");
  EXPECT_EQ(pass.summary.bytes_read, 7);
  EXPECT_EQ(pass.summary.proved.entries, 1);
  expect_settled();
}

TEST_F(Moves, exchange_what_was_exchanged) {
  given_mirrored(some_tree());
  swap("a", "b");
  Pass pass = mirrored();
  EXPECT_EQ(pass.paths(Verb::move).size(), 1);
  EXPECT_EQ(pass.summary.bytes_read, 0);
  EXPECT_EQ(pass.summary.bytes_written, 0);
  expect_settled();
  swap("b/one", "b/two");
  pass = mirrored();
  EXPECT_EQ(pass.summary.moved.entries, 2);
  EXPECT_EQ(pass.summary.bytes_written, 0);
  expect_settled();
}

TEST_F(Moves, go_along_chains) {
  given_mirrored({file("1/a", "aaa"), file("2/b", "bbbb"), file("3/c", "ccccc")});
  move("3", "4");
  move("2", "3");
  move("1", "2");
  EXPECT_EQ(mirrored().summary.bytes_written, 0);
  expect_settled();
  move("4/c", "4/d");
  move("3/b", "4/c");
  move("2/a", "3/b");
  EXPECT_EQ(mirrored().summary.bytes_written, 0);
  expect_settled();
}

TEST_F(Moves, lead_into_what_moved_itself) {
  given_mirrored(some_tree());
  move("a", "c");
  move("b", "c/b");
  expect_moved(mirrored(), {"c", "c/b"});
  expect_settled();
}

// What is known of new folders is written when there is time for that.
TEST_F(Moves, lead_out_of_what_has_just_moved_into_new_folders) {
  given_mirrored({file("q/in/f", "f will move"), file("q/in/g", "g will stay")});
  std::string at = "q";
  for (int round = 0; round < 8 && !HasFailure(); ++round) {
    std::string into = "n" + std::to_string(round);
    for (const char* below : {"", "/new", "/newer"}) put(folder(into += below), source);
    move(at, into + "/q");
    at = into + "/q";
    move(at + "/in/f", at + "/f");
    const Pass pass = mirrored();
    EXPECT_EQ(pass.summary.bytes_written, 0) << told_in(pass.actions);
    move(at + "/f", at + "/in/f");
    EXPECT_EQ(mirrored().summary.bytes_written, 0);
  }
}

TEST_F(Moves, lead_into_a_former_child) {
  given_mirrored(some_tree());
  move("a/below", "top");
  move("a", "top/a");
  expect_moved(mirrored(), {"top", "top/a"});
  expect_settled();
}

TEST_F(Moves, let_parent_and_child_change_places) {
  given_mirrored(some_tree());
  move("a/below", "x");
  move("a", "x/below");
  move("x", "a");
  EXPECT_EQ(mirrored().summary.bytes_written, 0);
  expect_settled();
}

TEST_F(Moves, leave_the_name_to_something_new) {
  given_mirrored(some_tree());
  move("a", "z");
  put(folder("a"), source);
  put(file("a/one", "another"), source);
  put(file("a/new", "new"), source);
  move("b/four", "b/five");
  put(file("b/four", "new four"), source);
  const Pass pass = mirrored();
  EXPECT_EQ(pass.summary.bytes_written, std::string("anothernewnew four").size());
  expect_settled();
}

TEST_F(Moves, overwrite_what_is_gone) {
  given_mirrored(some_tree());
  remove(source, "b");
  move("a", "b");
  Pass pass = mirrored();
  EXPECT_EQ(pass.summary.bytes_written, 0);
  EXPECT_EQ(pass.summary.removed.entries, 2);
  expect_settled();
  remove(source, "b/two");
  move("b/one", "b/two");
  pass = mirrored();
  EXPECT_EQ(pass.summary.bytes_written, 0);
  EXPECT_EQ(pass.summary.removed.entries, 1);
  EXPECT_EQ(foreseen.summary.removed.entries, 1);
  expect_settled();
}

TEST_F(Moves, take_edits_along) {
  given_mirrored(some_tree());
  move("a", "z");
  overwrite_unseen(source, "z/one", "eno");
  move("b/four", "z/four");
  overwrite_unseen(source, "z/four", "FOUR FOUR");
  const Pass pass = mirrored();
  EXPECT_EQ(pass.paths(Verb::update), (std::vector<std::string>{"z/four", "z/one"}));
  EXPECT_EQ(pass.summary.bytes_written, 12);
  expect_settled();
}

TEST_F(Moves, are_not_taken_for_granted_of_a_folder_that_is_still_there) {
  given_mirrored(some_tree());
  put(folder("copy"), source);
  put(file("copy/one", "one"), source);
  const Pass pass = mirrored();
  EXPECT_TRUE(pass.paths(Verb::move).empty());
  EXPECT_EQ(pass.summary.bytes_written, 3);
}

TEST_F(Moves, do_not_happen_where_nothing_is_to_be_deleted) {
  given_mirrored(some_tree());
  move("a", "z");
  how.deletions = deletion::None{};
  const Pass pass = run_pass(how);
  EXPECT_TRUE(pass.paths(Verb::move).empty());
  EXPECT_TRUE(exists(destination, "a/one"));
  EXPECT_TRUE(exists(destination, "z/one"));
}

TEST_F(Moves, do_not_take_from_where_a_rule_protects) {
  given_mirrored(some_tree());
  move("a", "z");
  how.filters = {{.pattern = "/a/below"}};
  const Pass pass = run_pass(how);
  EXPECT_EQ(pass.status(), Status::done);
  EXPECT_TRUE(exists(destination, "a/below/three"));
  EXPECT_TRUE(exists(destination, "z/below/three"));
  EXPECT_TRUE(exists(destination, "z/one"));
  EXPECT_FALSE(exists(destination, "a/one"));
}

TEST_F(Moves, do_not_count_as_deletions) {
  Tree tree;
  for (int i = 0; i < 300; ++i) tree.put(file("a/" + std::to_string(i), std::to_string(i)));
  tree.put(file("kept", "kept"));
  given_mirrored(tree);
  how.deletions = deletion::Guarded{};
  for (int i = 0; i < 300; ++i) move("a/" + std::to_string(i), "b" + std::to_string(i));
  Pass pass = mirrored();
  EXPECT_EQ(pass.summary.bytes_written, 0);
  EXPECT_EQ(pass.summary.deletions_wanted.entries, 0);
  remove(source, "a");
  put(folder("z"), source);
  for (int i = 0; i < 300; ++i) move("b" + std::to_string(i), "z/" + std::to_string(i));
  pass = mirrored();
  EXPECT_EQ(pass.summary.bytes_written, 0);
  EXPECT_EQ(pass.summary.deletions_wanted.entries, 1);
}

TEST_F(Moves, keep_backups_of_what_they_would_overwrite) {
  given_mirrored(some_tree());
  remove(source, "b/four");
  move("a/one", "b/four");
  how.backup.emplace();
  how.backup->suffix = "~";
  const Pass pass = run_pass(how);
  EXPECT_EQ(pass.status(), Status::done);
  EXPECT_EQ(snapshot(destination).at("b/four").content, "one");
  EXPECT_EQ(snapshot(destination).at("b/four~").content, "four four");
}

// Inode numbers are used again: such a folder is not the one that was there.
TEST_F(Moves, do_not_follow_an_inode_number_alone) {
  given_mirrored(some_tree());
  for (int attempt = 0; attempt < 20; ++attempt) {
    remove(source, "a");
    make({folder("n" + std::to_string(attempt)), file("a/x", std::to_string(attempt))}, source);
    const Pass pass = mirrored();
    EXPECT_TRUE(pass.paths(Verb::move).empty());
    remove(source, "n" + std::to_string(attempt));
  }
}

// The rename was done, and what was to be remembered of it was not.
TEST_F(Moves, that_were_done_before_are_found) {
  given_mirrored(some_tree());
  move("a", "z");
  rename(destination, "a", "z");
  const Pass pass = run_pass(how);
  EXPECT_EQ(pass.status(), Status::done);
  EXPECT_EQ(pass.summary.bytes_read, 0);
  EXPECT_EQ(pass.summary.bytes_written, 0);
  expect_settled();
}

/// Holds the listing of other folders back until a file has moved into one that was made for it,
/// and then what follows the move until `is_settled`; both for no longer than a while.
class SlowMove : public filesystem::syscalls::Hook {
 public:
  using Call = filesystem::syscalls::Call;
  using Condition = std::function<bool()>;

  explicit SlowMove(Condition is_settled) : is_settled_(std::move(is_settled)) {
    filesystem::syscalls::install(this);
  }
  SlowMove(const SlowMove&) = delete;
  SlowMove& operator=(const SlowMove&) = delete;
  ~SlowMove() override { filesystem::syscalls::install(nullptr); }

  int before(Call call) override {
    constexpr int of_the_roots = 4;
    if (call == Call::make_folder) maker_ = std::this_thread::get_id();
    if (call == Call::read_folder && ++lists_ > of_the_roots &&
        maker_ != std::this_thread::get_id())
      await([&] { return has_moved_.load(); });
    if (call == Call::rename) has_moved_ = true;
    if (call == Call::change_times && has_moved_ && !was_held_.exchange(true)) await(is_settled_);
    return 0;
  }

 private:
  static void await(const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
    while (!condition() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  }

  const Condition is_settled_;
  std::atomic<int> lists_{0};
  std::atomic<std::thread::id> maker_{};
  std::atomic<bool> has_moved_{false};
  std::atomic<bool> was_held_{false};
};

// What leaves a folder must not give it its old mtime back when that was settled meanwhile.
TEST_F(Moves, leave_its_mtime_to_a_folder_that_is_settled_meanwhile) {
  given_mirrored({file("z/moves", "text"), file("z/stays", "text")});
  put(folder("a"), source);
  move("z/moves", "a/moves");
  let_age(source);
  const auto mtime = [](const std::string& path) { return std::filesystem::last_write_time(path); };
  const SlowMove slowly([&] { return mtime(join(destination, "z")) == mtime(join(source, "z")); });
  const Pass pass = run_ok(how);
  EXPECT_EQ(pass.paths(Verb::move), std::vector<std::string>{"a/moves"});
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

/// What each file of the source held when it was mirrored: by inode, since that is what moves.
using Known = std::map<std::uint64_t, std::string>;

class RandomMoves : public Moves {
 protected:
  static constexpr std::uint64_t names = 5;

  [[nodiscard]] std::string pick(bool wants_folder) {
    std::vector<std::string> all;
    for (const auto& [path, entry] : tree.entries())
      if (!path.empty() && (entry.kind == Kind::folder) == wants_folder) all.push_back(path);
    return all.empty() ? std::string{} : all[random.below(all.size())];
  }
  [[nodiscard]] std::string new_place() {
    const std::string parent = random.one_in(4) ? "" : pick(true);
    return join(parent, std::string(1, static_cast<char>('a' + random.below(names))));
  }
  static bool is_within(const std::string& path, const std::string& folder) {
    return path == folder || path.starts_with(folder + '/');
  }
  [[nodiscard]] virtual std::string new_content() {
    return "content " + std::to_string(++written) + std::string(random.below(40), '.');
  }

  virtual void change() {
    tree = snapshot(source);
    const std::string path = pick(random.one_in(2));
    const std::string to = new_place();
    switch (random.below(8)) {
      case 0:
      case 1:
        if (!tree.contains(to)) {
          if (random.one_in(3))
            put(folder(to), source);
          else
            put(file(to, new_content()), source);
        }
        break;
      case 2:
        if (!path.empty() && random.one_in(2)) {
          const Kind kind = tree.at(path).kind;
          remove(source, path);
          if (random.one_in(2))
            put(kind == Kind::folder ? folder(path) : file(path, new_content()), source);
        }
        break;
      case 3:
        if (!path.empty() && tree.at(path).kind == Kind::file) {
          remove(source, path);
          put(file(path, new_content()), source);
        }
        break;
      default:
        if (path.empty() || is_within(to, path)) break;
        if (!tree.contains(to))
          move(path, to);
        else if (!is_within(path, to) &&
                 (random.one_in(2) || tree.at(to).kind == tree.at(path).kind))
          swap(path, to);
    }
  }

  /// Bytes of the source that the mirror did not hold, or that the index does not know, as happens
  /// to a file whose rename took longer than a tick of the clock.
  [[nodiscard]] std::uint64_t new_bytes(const Known& known) const {
    std::uint64_t bytes = 0;
    const Stamps now = stamps(source);
    const Tree given = snapshot(source);
    for (const auto& [path, entry] : given.entries()) {
      if (entry.kind != Kind::file) continue;
      const auto found = known.find(now.at(path).inode);
      if (found == known.end() || found->second != entry.content) bytes += entry.content.size();
    }
    return bytes;
  }

  [[nodiscard]] Known contents() const {
    Known known;
    const Stamps now = stamps(source);
    const auto indexed = files_in_index(home / "index");
    const Tree given = snapshot(source);
    for (const auto& [path, entry] : given.entries())
      if (entry.kind == Kind::file && indexed.contains(path))
        known[now.at(path).inode] = entry.content;
    return known;
  }

  void go(int rounds) {
    std::filesystem::create_directory(source);
    for (int i = 0; i < 30; ++i) change();
    ASSERT_EQ(run_pass(how).status(), Status::done);
    std::uint64_t moved = 0;
    int with_replacements = 0;
    for (int round = 0; round < rounds; ++round) {
      SCOPED_TRACE("round " + std::to_string(round));
      const Known known = contents();
      for (std::uint64_t i = random.below(6) + 1; i > 0; --i) change();
      const std::uint64_t most = new_bytes(known);
      const Pass pass = run_pass(how);
      ASSERT_EQ(pass.status(), Status::done);
      ASSERT_TRUE(same(snapshot(destination), snapshot(source)));
      ASSERT_TRUE(claims_nothing_false(home / "index", source, destination));
      // Where a file and a folder change places, the file is copied, and known a pass later.
      if (pass.paths(Verb::replace).empty()) {
        ASSERT_LE(pass.summary.bytes_written, most) << told_in(pass.actions);
      } else {
        ++with_replacements;
        run_ok(how);
      }
      moved += pass.summary.moved.entries;
    }
    std::cout << moved << " files were moved; in " << with_replacements << " of " << rounds
              << " rounds files and folders changed places\n";
    EXPECT_GT(moved, 0);
  }

  Random random{announced_seed()};
  Tree tree;
  std::uint64_t written = 0;
};

TEST_F(RandomMoves, are_exact_and_copy_nothing_that_is_there) {
  go(60);
}

class LongRandomMoves : public RandomMoves {};

TEST_F(LongRandomMoves, are_exact_and_copy_nothing_that_is_there) {
  go(1000);
}

// Content under another inode.

constexpr std::size_t large = 70'000;

std::string some_content(char what, std::size_t bytes = large) {
  std::string content(bytes, what);
  for (std::size_t i = 0; i < bytes; i += 4096) content[i] = static_cast<char>(i >> 12U);
  return content;
}

class SameContent : public Moves {
 protected:
  /// As a tool does that writes a file elsewhere and removes it here.
  void carry(const std::string& from, const std::string& to) const {
    const Tree before = snapshot(source);
    put(file(to, before.at(from).content), source);  // first, for its inode must not be used again
    remove(source, from);
  }
};

TEST_F(SameContent, is_moved_to_where_it_came_back) {
  given_mirrored({file("a/old", some_content('x')), file("b/kept", "kept")});
  const Stamps before = stamps(destination);
  carry("a/old", "b/new");
  const Pass pass = mirrored();
  EXPECT_EQ(pass.paths(Verb::move), std::vector<std::string>{"b/new"});
  EXPECT_EQ(pass.action_at("b/new")->moved_from, "a/old");
  EXPECT_EQ(pass.action_at("b/new")->reason.code, ReasonCode::moved_by_content);
  EXPECT_EQ(stamps(destination).at("b/new").inode, before.at("a/old").inode);
  EXPECT_EQ(pass.summary.moved.entries, 1);
  EXPECT_EQ(pass.summary.moved.bytes, large);
  EXPECT_EQ(pass.summary.created.entries, 0);
  EXPECT_EQ(pass.summary.updated.entries, 0);
  EXPECT_EQ(pass.summary.removed.entries, 0);
  EXPECT_EQ(pass.summary.deletions_wanted.entries, 0);
  EXPECT_EQ(pass.summary.bytes_written, 0);
  EXPECT_EQ(pass.summary.proved.entries, 1);
  EXPECT_EQ(pass.summary.bytes_read, 3 * large) << "its beginning, and then both";
  EXPECT_EQ(foreseen.paths(Verb::create), std::vector<std::string>{"b/new"});
  EXPECT_EQ(foreseen.paths(Verb::remove), std::vector<std::string>{"a/old"});
  expect_settled();
}

TEST_F(SameContent, is_known_whatever_else_is_new) {
  given_mirrored({file("old", some_content('x', chunk_bytes + 5)), folder("b")});
  carry("old", "b/new");
  set_mtime(source, "b/new", 1'500'000'000'000'000'007);
  set_mode(source, "b/new", 0666);
  const Pass pass = mirrored();
  EXPECT_EQ(pass.paths(Verb::move), std::vector<std::string>{"b/new"});
  EXPECT_EQ(pass.summary.bytes_written, 0);
  EXPECT_EQ(pass.summary.bytes_read, 3 * chunk_bytes + 10);
  EXPECT_EQ(pass.summary.silent, 0);
  expect_settled();
}

TEST_F(SameContent, is_not_taken_for_granted_of_a_size) {
  given_mirrored({file("old", some_content('x'))});
  remove(source, "old");
  put(file("new", some_content('y')), source);
  const Pass pass = mirrored();
  EXPECT_TRUE(pass.paths(Verb::move).empty());
  EXPECT_EQ(pass.summary.bytes_written, large);
  EXPECT_EQ(pass.paths(Verb::remove), std::vector<std::string>{"old"});
}

// What begins alike is moved, and then it shows.
TEST_F(SameContent, is_not_taken_for_granted_of_a_first_chunk) {
  std::string content = some_content('x', chunk_bytes + large);
  given_mirrored({file("old", content)});
  remove(source, "old");
  content.back() = '!';
  put(file("new", content), source);
  const Pass pass = mirrored();
  EXPECT_EQ(pass.paths(Verb::move), std::vector<std::string>{"new"});
  ASSERT_EQ(pass.paths(Verb::update), std::vector<std::string>{"new"});
  EXPECT_GT(pass.summary.bytes_written, 0);
  EXPECT_EQ(pass.summary.silent, 0);
  expect_settled();
}

TEST_F(SameContent, is_told_from_that_of_others_of_its_size) {
  Tree tree;
  for (char name = 'a'; name < 'g'; ++name)
    tree.put(file(std::string(1, name), some_content(name)));
  given_mirrored(tree);
  remove(source, "b");
  carry("d", "new");
  Pass pass = mirrored();
  EXPECT_EQ(pass.action_at("new")->moved_from, "d");
  EXPECT_EQ(pass.summary.bytes_written, 0);
  expect_settled();
  // One of them can have it.
  put(file("newer", some_content('a')), source);
  carry("a", "newest");
  pass = mirrored();
  EXPECT_EQ(pass.summary.moved.entries, 1);
  EXPECT_EQ(pass.summary.bytes_written, large);
  expect_settled();
}

TEST_F(SameContent, goes_where_it_has_its_name) {
  given_mirrored({file("1/other", some_content('x')), file("2/name", some_content('x')),
                  file("3/third", some_content('x')), folder("new")});
  for (const char* path : {"1/other", "3/third"}) remove(source, path);
  carry("2/name", "new/name");
  EXPECT_EQ(mirrored().action_at("new/name")->moved_from, "2/name");
}

TEST_F(SameContent, is_left_to_whom_the_inode_tells_of) {
  given_mirrored({file("a/big", some_content('x')), file("y", some_content('y'))});
  put(file("b", some_content('x')), source);
  put(file("c", some_content('y')), source);
  move("a", "z");
  move("y", "z/y");
  const Pass pass = mirrored();
  EXPECT_EQ(pass.paths(Verb::move), (std::vector<std::string>{"z", "z/y"}));
  EXPECT_EQ(pass.paths(Verb::create), (std::vector<std::string>{"b", "c"}));
  expect_settled();
}

TEST_F(SameContent, is_copied_where_the_source_still_has_it) {
  given_mirrored({file("a", some_content('x'))});
  put(file("b", some_content('x')), source);
  const Pass pass = mirrored();
  EXPECT_TRUE(pass.paths(Verb::move).empty());
  EXPECT_EQ(pass.paths(Verb::create), std::vector<std::string>{"b"});
  expect_settled();
}

TEST_F(SameContent, is_copied_where_that_costs_no_more) {
  given_mirrored({file("a", some_content('x', 65'536))});
  carry("a", "b");
  const Pass pass = mirrored();
  EXPECT_TRUE(pass.paths(Verb::move).empty());
  EXPECT_EQ(pass.summary.bytes_written, 65'536);
}

// Its bytes are not what the index says of them.
TEST_F(SameContent, is_not_taken_from_what_changed) {
  given_mirrored({file("a", some_content('x'))});
  carry("a", "b");
  overwrite_unseen(destination, "a", some_content('y'));
  const Pass pass = mirrored();
  EXPECT_TRUE(pass.paths(Verb::move).empty());
  EXPECT_EQ(pass.summary.bytes_written, large);
}

TEST_F(SameContent, does_not_leave_where_a_rule_protects) {
  given_mirrored({file("kept/a", some_content('x'))});
  carry("kept/a", "b");
  remove(source, "kept");
  how.filters = {{.pattern = "/kept"}};
  const Pass pass = run_pass(how);
  EXPECT_TRUE(pass.paths(Verb::move).empty());
  EXPECT_TRUE(exists(destination, "kept/a"));
  EXPECT_TRUE(exists(destination, "b"));
}

// Its disk may only not be there.
TEST_F(SameContent, does_not_leave_where_nothing_may_be_deleted) {
  given_mirrored({file("disk/a", some_content('x'))});
  change_index(home / "index",
               "UPDATE folder SET mount_point = 1 WHERE name = CAST('disk' AS BLOB)");
  carry("disk/a", "b");
  const Pass pass = run_pass(how);
  EXPECT_EQ(pass.status(), Status::some_failed);
  EXPECT_TRUE(pass.paths(Verb::move).empty());
  EXPECT_TRUE(exists(destination, "disk/a"));
  EXPECT_TRUE(exists(destination, "b"));
}

TEST_F(SameContent, is_no_matter_for_those_who_trust_stamps) {
  std::string content = some_content('x', chunk_bytes + large);
  given_mirrored({file("old", content)});
  remove(source, "old");
  content.back() = '!';
  put(file("new", content), source);
  how.trust_mtime = true;
  EXPECT_TRUE(mirrored().paths(Verb::move).empty());
}

TEST_F(SameContent, does_not_count_as_deletion) {
  Tree tree;
  for (int i = 0; i < 120; ++i)
    tree.put(file("a/" + std::to_string(i), std::to_string(i) + some_content('x')));
  tree.put(file("kept", "kept"));
  given_mirrored(tree);
  for (int i = 0; i < 120; ++i) carry("a/" + std::to_string(i), "b" + std::to_string(i));
  how.deletions = deletion::AtMostEntries{0};
  const Pass pass = mirrored();
  EXPECT_EQ(pass.summary.moved.entries, 120);
  EXPECT_EQ(pass.summary.bytes_written, 0);
  EXPECT_EQ(pass.summary.deletions_wanted.entries, 0);
  expect_settled();
}

class SameContentOnImage : public SameContent, public testing::WithParamInterface<const char*> {};

TEST_P(SameContentOnImage, shares_its_blocks_where_it_is_needed_twice) {
  const MountedImage image{GetParam(), 512'000'000};
  if (!image.done()) GTEST_SKIP() << image.why();
  const std::string mirror_root = image.path() + "/destination";
  how.destination = mirror_root;
  std::string content = some_content('x', 2 * chunk_bytes + large);
  given_source({file("a/first", content)});
  let_age(source);
  run_ok(how);
  put(file("second", content), source);
  content.back() = '!';
  put(file("third", content), source);
  let_age(source);
  Pass pass = run_ok(how);
  EXPECT_TRUE(same(snapshot(mirror_root), snapshot(source)));
  EXPECT_EQ(pass.paths(Verb::create), (std::vector<std::string>{"second", "third"}));
  EXPECT_GT(pass.summary.bytes_written, 0);
  EXPECT_LE(pass.summary.bytes_written, chunk_bytes);
  content.back() = snapshot(source).at("a/first").content.back();
  put(file("fourth", content), source);
  let_age(source);
  pass = run_ok(how);
  EXPECT_EQ(pass.summary.bytes_written, 0);
  EXPECT_TRUE(claims_nothing_false(home / "index", source, mirror_root));
  how.reflink = Reflink::never;
  put(file("fifth", content), source);
  let_age(source);
  pass = run_ok(how);
  EXPECT_EQ(pass.summary.bytes_written, content.size());
  EXPECT_TRUE(same(snapshot(mirror_root), snapshot(source)));
}

INSTANTIATE_TEST_SUITE_P(Reflinks, SameContentOnImage, testing::Values("xfs", "btrfs"));

/// Few contents, all of a size, which come and go under one inode and the next.
class RandomContent : public RandomMoves {
 protected:
  [[nodiscard]] std::string new_content() override {
    return some_content(static_cast<char>('a' + random.below(4)));
  }
  void change() override {
    RandomMoves::change();
    tree = snapshot(source);
    const std::string path = pick(false);
    const std::string to = new_place();
    if (path.empty() || tree.contains(to)) return;
    put(file(to, tree.at(path).content), source);
    if (random.one_in(2)) remove(source, path);
  }
};

TEST_F(RandomContent, is_exact_and_nothing_is_copied_that_is_there) {
  go(30);
}

// What cannot be looked at may be what the destination has by another name still, but for what is
// mounted there.
TEST_F(Moves, lose_nothing_by_a_new_name_that_cannot_be_looked_at) {
  for (const bool one_file_system : {false, true}) {
    for (const int error : {EIO, EACCES, ENOTCONN}) {
      SCOPED_TRACE(error);
      given_mirrored_anew(some_tree());
      move("b/four", "b/five");
      how.one_file_system = one_file_system;
      {
        Refusals kernel;
        kernel.refuse({Refusals::Call::status}, source + "/b/five", error);
        const Pass pass = run_pass(how);
        EXPECT_EQ(pass.status(), Status::some_failed);
        EXPECT_TRUE(pass.summary.deletions_held);
      }
      EXPECT_TRUE(exists(destination, "b/four"));
      EXPECT_FALSE(mirrored().actions.empty());
    }
  }
}

/// By how many calls the one that fails is later than the one before.
class FaultyMoves : public Moves, public testing::WithParamInterface<int> {};

// System calls of a pass full of moves fail in turn. Nothing is lost by that, and the next pass
// makes the mirror exact.
TEST_P(FaultyMoves, lose_nothing_whatever_fails) {
  Tree tree = some_tree();
  tree.put(file("b/large", std::string(70'000, 'x')));
  for (int number = 1;; number += GetParam()) {
    given_mirrored_anew(tree);
    swap("a", "b");
    move("a/four", "a/five");
    move("b/below", "below");
    swap("b/one", "b/two");
    put(file("large", tree.at("b/large").content), source);
    remove(source, "a/large");
    const FaultyPass faulty = run_with_fault(how, number, number % 2 == 0 ? EIO : EACCES);
    SCOPED_TRACE(told_in(faulty.actions));
    SCOPED_TRACE(faulty.words());
    EXPECT_EQ(faulty.given_up, "");
    const Tree found = snapshot(destination);
    for (const auto& [path, wanted] : tree.entries()) {
      if (wanted.kind != Kind::file) continue;
      bool is_there = false;
      for (const auto& [at, entry] : found.entries())
        is_there = is_there || (entry.kind == Kind::file && entry.content == wanted.content);
      EXPECT_TRUE(is_there) << path << " is lost";
    }
    if (faulty.status == Status::done) {
      EXPECT_TRUE(same(found, snapshot(source)));
    }
    EXPECT_TRUE(claims_nothing_false(home / "index", source, destination));
    run_ok(how);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
    if (!faulty.failed || HasFailure()) break;
  }
}

INSTANTIATE_TEST_SUITE_P(Every, FaultyMoves, testing::Values(15));
INSTANTIATE_TEST_SUITE_P(LongEvery, FaultyMoves, testing::Values(1));

}  // namespace
}  // namespace syncline::test
