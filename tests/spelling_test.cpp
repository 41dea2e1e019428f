// Names that differ in the source and are one in the destination.
//
// SPDX-License-Identifier: MIT
#include "filesystem/syscalls.h"
#include "support/exfat.h"
#include "support/two_roots.h"

#include "syncline/mirror.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace syncline::test {
namespace {

using Strings = std::vector<std::string>;

// As exFAT can hold them: whole seconds, everything root's and open to all.
constexpr std::int64_t mtime_ns = 1'600'000'000'000'000'000;
Entry plain(Entry entry) {
  return std::move(entry).mode(0777).mtime(mtime_ns);
}

/// "Foo is foo".
std::string what_is_one(const Failure& failure) {
  if (failure.code != FailureCode::one_name) return in_codes(failure);
  return failure.path + " is " + failure.name;
}

class Spelling : public TwoRoots {
 protected:
  Spelling() : disk_(destination) {}
  void SetUp() override {
    if (!disk_.done()) GTEST_SKIP() << "no exFAT can be mounted here";
  }

  void given_source(std::initializer_list<Entry> entries) const {
    make(plain_tree(entries), source);
  }
  void given_mirrored(std::initializer_list<Entry> entries) const {
    given_source(entries);
    mirror_ok(source, destination);
    remove_all(source);
  }
  static Tree plain_tree(std::initializer_list<Entry> entries) {
    Tree tree{plain(folder(""))};
    for (const Entry& entry : entries) {
      for (std::string path = parent_of(entry.path); !path.empty(); path = parent_of(path))
        if (!tree.contains(path)) tree.put(plain(folder(path)));
      tree.put(plain(entry));
    }
    return tree;
  }
  static void remove_all(const std::string& root) { remove(root, ""); }
  void expect_destination(std::initializer_list<Entry> entries) const {
    std::map<std::string, std::string> expected;
    const Tree wanted = plain_tree(entries);
    for (const auto& [path, entry] : wanted.entries()) expected[path] = entry.content;
    std::map<std::string, std::string> found;
    const Tree there = snapshot(destination);
    for (const auto& [path, entry] : there.entries()) found[path] = entry.content;
    EXPECT_EQ(found, expected);
  }
  [[nodiscard]] Pass mirror_without_limit() const {
    Options how = options();
    how.deletions = deletion::Unlimited{};
    return run_pass(how);
  }
  [[nodiscard]] std::string only_failure(const Pass& pass) const {
    EXPECT_EQ(pass.status(), Status::some_failed);
    EXPECT_EQ(pass.failures.size(), 1);
    EXPECT_FALSE(pass.summary.deletions_held);
    return pass.failures.empty() ? "" : what_is_one(pass.failures[0]);
  }

 private:
  const Exfat disk_;
};

std::string one_name(const std::string& name, const std::string& other) {
  return name + " is " + other;
}

TEST_F(Spelling, follows_the_source) {
  given_mirrored({file("foo", "text"), file("folder/inside", "x"), file("other")});
  given_source({file("Foo", "text"), file("FOLDER/Inside", "x"), file("other")});
  Options dry = options();
  dry.dry_run = true;
  const Pass told = run_ok(dry);
  const Pass pass = mirror_without_limit();
  EXPECT_EQ(pass.status(), Status::done);
  // What is in a folder whose name would change is told of only once it has.
  EXPECT_EQ(told.paths(Verb::set_metadata), (Strings{"FOLDER", "FOLDER/Inside", "Foo"}));
  EXPECT_EQ(pass.paths(Verb::set_metadata), (Strings{"FOLDER", "FOLDER/Inside", "Foo"}));
  EXPECT_EQ(pass.actions.size(), 3);
  ASSERT_NE(pass.action_at("Foo"), nullptr);
  EXPECT_EQ(pass.action_at("Foo")->reason.code, ReasonCode::respelled);
  EXPECT_EQ(pass.action_at("Foo")->moved_from, "foo");
  expect_destination({file("Foo", "text"), file("FOLDER/Inside", "x"), file("other")});
  EXPECT_FALSE(mirror_ok(source, destination).summary.changed_anything());
}

TEST_F(Spelling, follows_the_source_with_other_content_and_kind) {
  given_mirrored({file("foo", "text"), file("to folder", "x"), file("to file/inside", "x")});
  given_source({file("Foo", "longer text"), file("To folder/inside", "x"), file("To file", "x")});
  EXPECT_EQ(mirror_without_limit().status(), Status::done);
  expect_destination(
      {file("Foo", "longer text"), file("To folder/inside", "x"), file("To file", "x")});
}

TEST_F(Spelling, follows_the_source_beyond_ascii) {
  given_mirrored({file("Élan", "text"), file("Été/inside", "x"), file("Österreich", "text")});
  given_source({file("élan", "text"), file("été/inside", "x"), file("Österreich", "text")});
  EXPECT_EQ(mirror_without_limit().status(), Status::done);
  expect_destination({file("élan", "text"), file("été/inside", "x"), file("Österreich", "text")});
}

TEST_F(Spelling, lets_the_one_that_is_there_stay) {
  given_mirrored({file("foo", "first"), file("folder/inside", "first"), file("été", "first")});
  given_source({file("foo", "first"), file("Foo", "second"), file("folder/inside", "first"),
                file("FOLDER/other", "second"), file("été", "first"), file("Été", "first")});
  put(plain(file("gone")), destination);
  for (int round = 0; round < 2; ++round) {
    const Pass pass = mirror_without_limit();
    EXPECT_EQ(pass.status(), Status::some_failed);
    std::map<std::string, std::string> failures;
    for (const Failure& failure : pass.failures) failures[failure.path] = what_is_one(failure);
    EXPECT_EQ(failures, (std::map<std::string, std::string>{
                            {"Foo", one_name("Foo", "foo")},
                            {"FOLDER", one_name("FOLDER", "folder")},
                            {"Été", one_name("Été", "été")},
                        }));
    EXPECT_EQ(pass.failures.size(), 3);
    EXPECT_EQ(pass.paths(Verb::remove), round == 0 ? Strings{"gone"} : Strings{});
    for (const Verb verb : {Verb::create, Verb::update, Verb::replace})
      EXPECT_EQ(pass.paths(verb), Strings{});
    expect_destination(
        {file("foo", "first"), file("folder/inside", "first"), file("été", "first")});
  }
}

TEST_F(Spelling, lets_the_first_of_two_new_ones_stay) {
  struct Case {
    Entry one;
    Entry other;
  };
  const std::vector<Case> cases{{file("new", "first"), file("NEW", "second")},
                                {file("new/inside", "first"), file("NEW/inside", "second")},
                                {file("new", "first"), file("NEW/inside", "second")},
                                {file("new", std::string(300'000, 'x')), file("NEW", "second")}};
  for (const Case& each : cases) {
    given_source({each.one, each.other});
    std::string there;
    for (int round = 0; round < 3; ++round) {
      SCOPED_TRACE(each.one.path + " and " + each.other.path + ", round " + std::to_string(round));
      const std::string failure = only_failure(mirror_without_limit());
      const bool is_new = exists(destination, "new") && snapshot(destination).contains("new");
      EXPECT_EQ(failure, is_new ? one_name("NEW", "new") : one_name("new", "NEW"));
      EXPECT_TRUE(round == 0 || failure == there) << there;
      there = failure;
      if (is_new) {
        expect_destination({each.one});
      } else {
        expect_destination({each.other});
      }
    }
    remove_all(source);
    given_source({});
    EXPECT_EQ(mirror_without_limit().status(), Status::done);
    remove_all(source);
  }
}

TEST_F(Spelling, that_is_a_third_one_becomes_one_of_the_two) {
  given_mirrored({file("foo", "text")});
  given_source({file("FOO", "text"), file("Foo", "other")});
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(only_failure(mirror_without_limit()), one_name("Foo", "FOO"));
    expect_destination({file("FOO", "text")});
  }
}

TEST_F(Spelling, of_a_source_that_folds_case_leaves_no_old_one) {
  const std::string copy = home / "copy";
  given_mirrored({file("Foo", "text"), file("Folder/inside", "x")});
  make({file("foo", "text"), file("folder/inside", "x"), file("folder/gone")}, copy);
  Options how = between(destination, copy);
  how.deletions = deletion::Unlimited{};
  run_ok(how);
  EXPECT_TRUE(same(snapshot(copy), snapshot(destination)));
}

class CountingLooks : public filesystem::syscalls::Hook {
 public:
  CountingLooks() { filesystem::syscalls::install(this); }
  ~CountingLooks() override { filesystem::syscalls::install(nullptr); }

  int before(filesystem::syscalls::Call call) override {
    if (call == filesystem::syscalls::Call::status) ++looks_;
    return 0;
  }
  [[nodiscard]] int looks() const { return looks_; }

 private:
  std::atomic<int> looks_{0};
};

using SpellingElsewhere = TwoRoots;

TEST_F(SpellingElsewhere, cost_a_look_a_folder_where_case_is_not_folded) {
  Tree tree;
  for (int i = 0; i < 200; ++i) tree.put(file("file " + std::to_string(i)));
  given_source(tree);
  const auto looks_onto = [&](const Tree& there) {
    make(there, destination);
    const CountingLooks kernel;
    EXPECT_EQ(mirror_ok(source, destination).summary.created.entries, 200);
    remove(destination, "");
    return kernel.looks();
  };
  const int looks = looks_onto({});
  // Files are grouped as they come, and a group costs looks of its own; a look a name would be 200.
  EXPECT_LE(looks_onto({file("Old")}), looks + 50);
}

TEST_F(Spelling, survives_names_and_kinds_that_cannot_be_held) {
  given_source({file("a:b", "x"), file("q?", "x"), file("star*/inside", "x"), file("fine", "x"),
                symlink("link", "fine"), fifo("fifo"), file("\xff", "x"),
                file("fine folder/inside", "x"), file("fine folder/tab\t", "x")});
  put(file("gone"), destination);
  for (int round = 0; round < 3; ++round) {
    const Pass pass = mirror_without_limit();
    EXPECT_EQ(pass.status(), Status::some_failed);
    std::set<std::string> failed;
    for (const Failure& failure : pass.failures) failed.insert(failure.path);
    EXPECT_EQ(failed, (std::set<std::string>{"a:b", "q?", "star*", "\xff", "fine folder/tab\t"}));
    EXPECT_EQ(pass.failures.size(), 5);
    ASSERT_EQ(pass.summary.unkept.size(), 2);
    EXPECT_EQ(pass.summary.unkept.front().aspect, Aspect::symlink);
    EXPECT_EQ(pass.summary.unkept.back().aspect, Aspect::special_file);
    EXPECT_FALSE(exists(destination, "fifo"));
    EXPECT_FALSE(exists(destination, "gone"));
    EXPECT_EQ(temporaries_in(destination), Strings{});
  }
}

}  // namespace
}  // namespace syncline::test
