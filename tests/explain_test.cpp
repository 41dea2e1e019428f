// One entry explained: the words are those of a dry run, and nothing is touched.
//
// SPDX-License-Identifier: MIT
#include "syncline/explain.h"

#include "support/index.h"
#include "support/nobody.h"
#include "support/refusals.h"
#include "support/two_roots.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace syncline::test {
namespace {

using filesystem::syscalls::Call;

class Explained : public TwoRoots {
 protected:
  /// The one action that a pass would take.
  [[nodiscard]] static Action action_in(const Explanation& explanation) {
    std::vector<Action> actions;
    for (const Event& event : explanation.events)
      if (const auto* const action = std::get_if<Action>(&event)) actions.push_back(*action);
    EXPECT_EQ(actions.size(), 1U);
    return actions.empty() ? Action{} : actions.front();
  }

  [[nodiscard]] Explanation why(const std::string& path) const {
    const Tree there = snapshot(destination);
    Explanation explanation = explain(how, path);
    EXPECT_TRUE(same(snapshot(destination), there));
    return explanation;
  }

  /// The code of the answer; empty where there is none.
  [[nodiscard]] std::string answer_on(const std::string& path) const {
    const auto answer = why(path).answer;
    return answer ? to_string(answer->code) : "";
  }

  Options how = options();
};

TEST_F(Explained, what_would_be_done_is_what_a_dry_run_tells) {
  given_source({file("a/new", "n"), file("a/size", "longer"), symlink("a/link", "there"),
                file("mode", "m").mode(0600), fifo("kind")});
  given_destination({file("a/size", "short"), symlink("a/link", "elsewhere"), file("mode", "m"),
                     file("kind"), folder("gone/below"), file("gone/below/file", "xyz")});
  how.dry_run = true;
  const Pass dry = run_pass(how);
  how.dry_run = false;
  ASSERT_GE(dry.actions.size(), 8U);
  for (const Action& expected : dry.actions) {
    if (expected.verb == Verb::set_metadata && expected.kind == Kind::folder) continue;
    const Action told = action_in(why(expected.path));
    EXPECT_EQ(told.verb, expected.verb) << expected.path;
    EXPECT_EQ(told.kind, expected.kind) << expected.path;
    EXPECT_EQ(told.path, expected.path);
    EXPECT_EQ(told.reason, expected.reason) << expected.path;
    EXPECT_EQ(told.bytes, expected.bytes) << expected.path;
  }
}

TEST_F(Explained, a_destination_that_would_be_made_is_nothing_yet) {
  given_source({file("f", "content")});
  const Explanation then = explain(options(), ".");
  EXPECT_FALSE(then.destination);
  ASSERT_EQ(then.events.size(), 1U);
  EXPECT_EQ(std::get<Action>(then.events.front()).verb, Verb::create);
}

TEST_F(Explained, a_folder_is_explained_by_its_own_metadata) {
  given_source({folder("a").mode(0700)});
  given_destination({folder("a")});
  const Action action = action_in(why("a"));
  EXPECT_EQ(action.verb, Verb::set_metadata);
  EXPECT_EQ(action.reason.code, ReasonCode::metadata);
  set_mode(source, "", 0711);
  EXPECT_EQ(action_in(why(".")).path, ".");
}

TEST_F(Explained, what_the_index_remembers_and_what_moved_since) {
  given_source({file("a/file", "bytes")});
  given_destination({});
  const TemporaryFolder state;
  how.index = index_place::File{state / "index"};
  stamps(source);  // so that they prove something
  EXPECT_FALSE(why("a/file").memory);
  run_ok(how);
  const Explanation then = why("a/file");
  ASSERT_TRUE(then.memory);
  EXPECT_EQ(then.memory->size, 5U);
  EXPECT_EQ(then.index, state / "index");
  EXPECT_TRUE(then.memory->destination.is_proof);
  EXPECT_EQ(then.memory->source.ctime, then.source->ctime);
  EXPECT_EQ(then.memory->destination.inode, then.destination->inode);

  overwrite_unseen(source, "a/file", "other");
  const Explanation now = why("a/file");
  EXPECT_TRUE(now.events.empty());
  ASSERT_TRUE(now.answer);
  EXPECT_EQ(now.answer->code, AnswerCode::would_read_source);
  EXPECT_EQ(now.answer->why,
            (Reason{ReasonCode::source_moved, reason::Moved{.source = reason::Stamp::ctime}}));
  EXPECT_NE(now.memory->source.ctime, now.source->ctime);

  overwrite_unseen(source, "a/file", "bytes");
  stamps(source);
  how.tell_proofs = true;
  const Pass pass = run_ok(how);
  ASSERT_EQ(pass.proofs.size(), 1U);
  EXPECT_EQ(pass.proofs[0].reason, now.answer->why);
}

TEST_F(Explained, what_cannot_be_read_is_said_to_be_so) {
  given_source({file("same", "bytes"), file("mine", "bytes"), file("locked", "bytes"),
                file("new", "bytes")});
  given_destination({file("same", "bytes"), file("mine", "bytes"), file("locked", "bytes")});
  Refusals bad;
  bad.refuse({Call::open}, destination + "/same", EIO);
  bad.refuse({Call::open}, source + "/locked", EACCES);
  bad.refuse({Call::open}, source + "/new", EACCES);
  EXPECT_EQ(answer_on("same"), "would_copy");
  EXPECT_EQ(why("same").answer->error_number, EIO);
  for (const char* const path : {"locked", "new"})
    EXPECT_EQ(answer_on(path), "source_unreadable") << path;
  EXPECT_EQ(why("new").answer->error_number, EACCES);
  EXPECT_EQ(answer_on("mine"), "would_read_both");
}

TEST_F(Explained, what_would_be_opened_up_is_read) {
  const AsNobody nobody;
  if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
  const TemporaryFolder of_nobody;
  const Tree tree{file("shut", "bytes"), file("linked", "bytes")};
  make(tree, of_nobody / "source");
  make(tree, of_nobody / "destination");
  std::filesystem::create_hard_link(of_nobody / "destination/linked", of_nobody / "outside");
  for (const char* const name : {"shut", "linked"}) set_mode(of_nobody / "destination", name, 0);
  how = between(of_nobody / "source", of_nobody / "destination");
  EXPECT_EQ(explain(how, "shut").answer.value().code, AnswerCode::would_read_both);
  EXPECT_EQ(explain(how, "linked").answer.value().code, AnswerCode::would_copy);
}

TEST_F(Explained, what_is_kept_where_nothing_is_deleted) {
  given_source({});
  given_destination({file("file", "x"), file("folder/below", "x")});
  how.deletions = deletion::None{};
  for (const char* const path : {"file", "folder", "folder/below"}) {
    const Explanation told = why(path);
    EXPECT_TRUE(told.events.empty()) << path;
    EXPECT_TRUE(told.answer) << path;
  }
  EXPECT_EQ(answer_on("file"), "kept");
}

TEST_F(Explained, what_lies_below_an_excluded_folder) {
  given_source({file("cache/in", "x"), file("seen/in", "x")});
  given_destination({file("cache/mine", "x")});
  how.filters = {{.pattern = "cache/"}};
  for (const char* const path : {"cache/in", "cache/mine"})
    EXPECT_EQ(answer_on(path), "folder_excluded") << path;
  EXPECT_EQ(why("cache/in").answer->folder, "cache");
  EXPECT_EQ(action_in(why("seen")).verb, Verb::create);
}

TEST_F(Explained, what_is_kept_as_a_backup) {
  given_source({});
  given_destination({file("name~", "x")});
  how.backup = Backup{};
  EXPECT_TRUE(why("name~").events.empty());
}

TEST_F(Explained, what_is_on_neither_side_and_what_leads_outside) {
  given_source({file("file"), symlink("link", "/")});
  given_destination({});
  for (const char* const path : {"nothing", "no/such/folder", "file/below"}) {
    const Explanation told = why(path);
    EXPECT_FALSE(told.source || told.destination) << path;
    EXPECT_TRUE(told.events.empty()) << path;
    EXPECT_TRUE(told.answer) << path;
  }
  EXPECT_FALSE(why("link/etc/passwd").source);
  try {
    explain(how, "a/../../etc");
    FAIL();
  } catch (const Unusable& refused) {
    EXPECT_EQ(refused.status(), Status::usage);
  }
}

// Each as if it were the one that is copied, and the others links to it.
TEST_F(Explained, each_name_of_several_of_one_inode) {
  const TemporaryFolder state;
  given_source({file("h1", "bytes"), hard_link("h2", "h1"), fifo("p1"), hard_link("p2", "p1")});
  given_destination({});
  how.index = index_place::File{state / "index"};
  run_ok(how);
  for (const char* const path : {"h2", "p2"}) {
    remove(destination, path);
    EXPECT_EQ(action_in(why(path)).verb, Verb::create) << path;
  }
  EXPECT_TRUE(answer_on("h1").starts_with("would_read")) << answer_on("h1");
  run_ok(how);
  how.index = index_place::None{};
  for (const char* const path : {"h1", "h2"}) EXPECT_EQ(answer_on(path), "would_read_both");
  set_mode(source, "p1", 0666);
  for (const char* const path : {"p1", "p2"})
    EXPECT_EQ(action_in(why(path)).verb, Verb::set_metadata) << path;
  how.index = index_place::File{state / "index"};
  set_mode(source, "h1", 0600);
  for (const char* const path : {"h1", "h2"})
    EXPECT_TRUE(answer_on(path).starts_with("would_read")) << answer_on(path);
  std::ofstream{source + "/h1"} << "longer";
  for (const char* const path : {"h1", "h2"})
    EXPECT_EQ(action_in(why(path)).verb, Verb::update) << path;
}

class NoSymlinks : public filesystem::syscalls::Hook {
 public:
  NoSymlinks() { filesystem::syscalls::install(this); }
  NoSymlinks(const NoSymlinks&) = delete;
  NoSymlinks& operator=(const NoSymlinks&) = delete;
  ~NoSymlinks() override { filesystem::syscalls::install(nullptr); }

  int before(Call call) override { return call == Call::make_symlink ? EPERM : 0; }
};

TEST_F(Explained, what_is_remembered_as_not_kept) {
  const TemporaryFolder state;
  given_source({symlink("new", "there"), symlink("old", "there")});
  given_destination({symlink("old", "elsewhere")});
  how.index = index_place::File{state / "index"};
  const NoSymlinks hook;
  EXPECT_EQ(action_in(why("new")).verb, Verb::create);
  run_pass(how);
  for (const char* const path : {"new", "old"}) EXPECT_EQ(answer_on(path), "not_kept");
}

using Proofs = TwoRoots;

TEST_F(Proofs, each_file_that_was_read_and_found_the_same_is_told_of_where_that_is_asked_for) {
  const Tree tree{file("a/file", "bytes"), file("b", std::string(100'000, 'x'))};
  given_source(tree);
  given_destination(tree);
  EXPECT_TRUE(mirror_ok(source, destination).proofs.empty());
  Pass pass = mirror_ok(source, destination, with(&Options::tell_proofs, true));
  std::ranges::sort(pass.proofs, {}, &Proof::path);
  ASSERT_EQ(pass.proofs.size(), 2U);
  EXPECT_EQ(pass.proofs[0].path, "a/file");
  EXPECT_EQ(pass.proofs[0].reason.code, ReasonCode::unknown);
  EXPECT_EQ(pass.proofs[0].bytes, 5U);
  EXPECT_EQ(to_string(pass.proofs[0].digest), "4b3a6218bb3e3a7303e8a171a60fcf92");
  EXPECT_EQ(pass.proofs[1].path, "b");
}

}  // namespace
}  // namespace syncline::test
