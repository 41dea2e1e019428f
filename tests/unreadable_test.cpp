// What the destination has and cannot be read: unknown is not different. It is opened up where its
// mode alone is in the way; else it is replaced, and told as unreadable. Nobody claims that its
// content changed, and no side is doubted.
//
// SPDX-License-Identifier: MIT
#include "support/index.h"
#include "support/interference.h"
#include "support/nobody.h"
#include "support/refusals.h"
#include "support/tree.h"
#include "support/two_roots.h"

#include "syncline/mirror.h"

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <ostream>
#include <stop_token>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using filesystem::syscalls::Call;

const std::string small = "small";
const std::string large(300'000, 'x');

Tree some_files() {
  const std::string two_chunks(chunk_bytes + 300'000, 'x');
  return {file("empty"), file("small", small), file("large", large), file("chunks", two_chunks)};
}

const std::vector<std::string> names = {"chunks", "large", "small"};

void expect_nothing_claimed(const Pass& pass) {
  EXPECT_EQ(pass.summary.silent, 0U);
  EXPECT_EQ(pass.summary.doubtful, 0U);
  EXPECT_EQ(pass.summary.repaired, 0U);
  for (const Action& action : pass.actions) {
    EXPECT_FALSE(action.difference.content) << action.path;
    for (const ReasonCode claim :
         {ReasonCode::content, ReasonCode::silent_source, ReasonCode::silent_destination,
          ReasonCode::rotten_destination, ReasonCode::doubtful})
      EXPECT_NE(action.reason.code, claim) << action.path;
  }
}

void expect_replaced_as_unreadable(const Pass& pass, const std::string& path,
                                   ReasonCode why = ReasonCode::file_unreadable) {
  const Action* const action = pass.action_at(path);
  ASSERT_NE(action, nullptr) << path;
  EXPECT_EQ(action->verb, Verb::update) << path;
  EXPECT_EQ(action->reason.code, why);
}

/// How a pass comes to read what the destination has.
enum class Way : std::uint8_t { unknown, touched, source_touched, asked };

void PrintTo(Way way, std::ostream* out) {
  *out << static_cast<int>(way);
}

class Unreadable : public TwoRoots, public testing::WithParamInterface<Way> {
 protected:
  void given_mirrored(const Tree& tree = some_files()) const {
    given_source(tree);
    let_age(source);
    run_ok(known());
    for (const std::string& name : names) {
      if (!tree.contains(name)) continue;
      // Moves ctime alone.
      if (GetParam() == Way::touched) set_mode(destination, name, 0644);
      if (GetParam() == Way::source_touched) set_mode(source, name, 0644);
    }
  }

  [[nodiscard]] Options known() const {
    Options how = options();
    how.index = index_place::File{home / "index"};
    return how;
  }
  [[nodiscard]] Options how() const {
    Options how = known();
    if (GetParam() == Way::unknown) how.index = index_place::File{home / "new index"};
    how.rehash = GetParam() == Way::asked;
    how.keep_doubtful = true;
    return how;
  }
};

TEST_P(Unreadable, files_are_replaced_for_that_reason) {
  given_mirrored();
  Refusals bad;
  for (const std::string& name : names)
    bad.refuse({Call::read, Call::copy_range}, destination + '/' + name, EIO);
  const Pass pass = run_pass(how());
  EXPECT_EQ(pass.status(), Status::done);
  expect_nothing_claimed(pass);
  if (GetParam() == Way::source_touched) return;  // the destination's need not be read
  EXPECT_GT(bad.count(), 0);
  for (const std::string& name : names) expect_replaced_as_unreadable(pass, name);
  EXPECT_EQ(std::ranges::count(pass.notices, NoticeCode::file_unreadable, &Notice::code), 3);
}

TEST_P(Unreadable, files_that_cannot_be_opened_are_replaced_for_that_reason) {
  given_mirrored();
  Refusals bad;
  for (const std::string& name : names) bad.refuse({Call::open}, destination + '/' + name, EACCES);
  const Pass pass = run_pass(how());
  EXPECT_EQ(pass.status(), Status::done);
  expect_nothing_claimed(pass);
  if (GetParam() == Way::source_touched) return;
  for (const std::string& name : names) expect_replaced_as_unreadable(pass, name);
}

TEST_P(Unreadable, attributes_are_a_reason_to_replace_a_file) {
  given_mirrored();
  Refusals bad;
  for (const std::string& name : names)
    bad.refuse({Call::list_attributes}, destination + '/' + name, EIO);
  const Pass pass = run_pass(how());
  EXPECT_EQ(pass.status(), Status::done);
  expect_nothing_claimed(pass);
  EXPECT_GT(bad.count(), 0);
  for (const std::string& name : names) expect_replaced_as_unreadable(pass, name);
}

TEST_P(Unreadable, files_can_be_changed_in_place) {
  given_mirrored();
  Refusals bad;
  for (const std::string& name : names)
    bad.refuse({Call::read, Call::copy_range}, destination + '/' + name, EIO);
  Options in_place = how();
  in_place.in_place = true;
  const Pass pass = run_pass(in_place);
  EXPECT_EQ(pass.status(), Status::done);
  expect_nothing_claimed(pass);
}

TEST_P(Unreadable, files_by_their_mode_are_opened_up) {
  const AsNobody nobody;
  if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
  const TemporaryFolder of_nobody;
  const std::string from = of_nobody / "source";
  const std::string to = of_nobody / "destination";
  Tree tree = some_files();
  if (can_make(file("probe").attribute("user.note", "x"), of_nobody.path()))
    tree.put(file("with attribute", small).attribute("user.note", "kept"));
  make(tree, from);
  let_age(from);
  Options how = between(from, to);
  how.index = index_place::File{of_nobody / "index"};
  run_ok(how);
  if (GetParam() == Way::unknown) how.index = index_place::File{of_nobody / "new index"};
  how.rehash = GetParam() == Way::asked;
  how.keep_doubtful = true;
  for (const auto& [path, entry] : tree.entries())
    if (entry.kind == Kind::file) set_mode(to, path, path == "small" ? 0044 : 0);
  const Pass pass = run_pass(how);
  EXPECT_EQ(pass.status(), Status::done);
  EXPECT_TRUE(same(snapshot(to), tree));
  expect_nothing_claimed(pass);
  for (const Action& action : pass.actions)
    EXPECT_EQ(action.verb, Verb::set_metadata)
        << action.path << ": " << to_string(action.reason.code);
  EXPECT_EQ(pass.actions.size(), tree.size() - 1);
}

INSTANTIATE_TEST_SUITE_P(Ways, Unreadable,
                         testing::Values(Way::unknown, Way::touched, Way::source_touched,
                                         Way::asked));

class UnreadableOnce : public TwoRoots {};

TEST_F(UnreadableOnce, names_elsewhere_are_not_opened_up_with_a_file) {
  const AsNobody nobody;
  if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
  const TemporaryFolder of_nobody;
  const std::string to = of_nobody / "destination";
  make({file("f", "same")}, of_nobody / "source");
  make({file("f", "same")}, to);
  fs::create_hard_link(to + "/f", of_nobody / "outside");
  set_mode(to, "f", 0);
  Options how = between(of_nobody / "source", to);
  how.keep_doubtful = true;
  const Pass pass = run_pass(how);
  EXPECT_EQ(pass.status(), Status::done);
  expect_replaced_as_unreadable(pass, "f");
  struct stat outside {};
  ASSERT_EQ(::stat((of_nobody / "outside").c_str(), &outside), 0);
  EXPECT_EQ(outside.st_mode & 07777U, 0U);
}

TEST_F(UnreadableOnce, other_people_s_files_are_replaced_in_place_or_not) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to give a file to somebody else";
  const TemporaryFolder shared;
  fs::permissions(shared.path(), fs::perms::all);
  const std::string from = shared / "source";
  const std::string to = shared / "destination";
  make({file("f", large).mode(0644)}, from);
  for (const bool in_place : {false, true}) {
    make({file("f", std::string(300'000, 'y')).mode(0600)}, to);
    ASSERT_EQ(::chown(to.c_str(), 65534, 65534), 0);
    {
      const AsNobody nobody;
      Options how = between(from, to);
      how.in_place = in_place;
      how.keep_doubtful = true;
      const Pass pass = run_pass(how);
      EXPECT_TRUE(pass.failures.empty()) << in_codes(pass.failures.front());
      expect_replaced_as_unreadable(pass, "f");
      expect_nothing_claimed(pass);
    }
    fs::remove_all(to);
  }
}

TEST_F(UnreadableOnce, files_of_ones_own_are_opened_up_to_be_changed_in_place) {
  const AsNobody nobody;
  if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
  const TemporaryFolder of_nobody;
  const std::string to = of_nobody / "destination";
  make({file("f", large)}, of_nobody / "source");
  make({file("f", std::string(300'000, 'y')).mode(0044)}, to);
  struct stat before {};
  ASSERT_EQ(::stat((to + "/f").c_str(), &before), 0);
  Options how = between(of_nobody / "source", to);
  how.in_place = true;
  EXPECT_EQ(run_pass(how).status(), Status::done);
  EXPECT_TRUE(same(snapshot(to), {file("f", large)}));
  struct stat after {};
  ASSERT_EQ(::stat((to + "/f").c_str(), &after), 0);
  EXPECT_EQ(after.st_ino, before.st_ino);
}

TEST_F(UnreadableOnce, symlinks_are_replaced_or_removed) {
  given_source({symlink("link", "target"), folder("kept")});
  given_destination({symlink("link", "target"), symlink("gone", "target"), folder("kept")});
  Refusals bad;
  bad.refuse({Call::read_link}, destination + "/link", EIO);
  bad.refuse({Call::read_link}, destination + "/gone", EIO);
  Options how = options();
  how.deletions = deletion::Unlimited{};
  const Pass pass = run_pass(how);
  EXPECT_EQ(pass.status(), Status::done);
  expect_replaced_as_unreadable(pass, "link", ReasonCode::symlink_unreadable);
  EXPECT_EQ(pass.paths(Verb::remove), std::vector<std::string>{"gone"});
}

TEST_F(UnreadableOnce, symlinks_of_the_source_are_told_of) {
  given_source({symlink("link", "target"), file("f", "f")});
  Refusals bad;
  bad.refuse({Call::read_link}, source + "/link", EIO);
  const Pass pass = run_pass(options());
  ASSERT_EQ(pass.failures.size(), 1U);
  EXPECT_EQ(pass.failures.front().path, "link");
  EXPECT_EQ(pass.failures.front().error_number, EIO);
  EXPECT_TRUE(exists(destination, "f"));
}

TEST_F(UnreadableOnce, attributes_of_what_is_no_file_are_a_reason_to_replace_it) {
  const Tree tree{symlink("link", "target"), fifo("fifo")};
  given_source(tree);
  given_destination(tree);
  {
    Refusals bad;
    for (const char* const name : {"/link", "/fifo"})
      bad.refuse({Call::list_attributes}, destination + name, EIO);
    const Pass pass = run_pass(options());
    EXPECT_EQ(pass.status(), Status::done);
    expect_replaced_as_unreadable(pass, "link", ReasonCode::attributes_unreadable);
    expect_replaced_as_unreadable(pass, "fifo", ReasonCode::attributes_unreadable);
  }
  expect_mirrored(tree);
}

TEST_F(UnreadableOnce, attributes_of_a_folder_cost_nothing_else) {
  given_source({folder("in"), file("in/new", "new")});
  given_destination({folder("in")});
  Refusals bad;
  bad.refuse({Call::list_attributes}, destination + "/in", EIO, 1);
  const Pass pass = run_pass(options());
  ASSERT_EQ(pass.failures.size(), 1U);
  EXPECT_EQ(pass.failures.front().path, "in");
  EXPECT_EQ(pass.failures.front().code, FailureCode::attributes_unreadable);
  EXPECT_TRUE(exists(destination, "in/new"));
}

TEST_F(UnreadableOnce, destinations_are_no_witness_of_rot) {
  given_source({file("f", "good!"), file("large", large)});
  let_age(source);
  Options how = options();
  how.index = index_place::File{home / "index"};
  run_ok(how);
  how.rehash = true;
  // Other bytes under the very same identity, ctime included, need a clock that can be set: rot is
  // tried by a remembered digest that is not the file's.
  change_rows(home / "index", [](Remembered& row) { row.fingerprint.value().digest.md5 = Md5{}; });
  Refusals bad;
  bad.refuse({Call::read}, destination + "/f", EIO);
  const Pass pass = run_pass(how);
  const auto told = std::ranges::find(pass.failures, "f", &Failure::path);
  ASSERT_NE(told, pass.failures.end());
  EXPECT_EQ(told->kind, FailureKind::rot);
  EXPECT_EQ(told->code, FailureCode::rot_destination_unread);
}

TEST_F(UnreadableOnce, interrupted_copies_are_begun_anew) {
  std::string bytes(2 * chunk_bytes + 5, 'a');
  given_source({file("f", bytes)});
  let_age(source);
  Options how = options();
  how.keep_partial_from = 1 << 20;
  how.index = index_place::File{home / "index"};  // without, its marks are not asked
  // Its owner cannot be read, or its marks, or bytes, which nobody believes after its ctime moved.
  for (const int readable : {0, 1, 2, 3}) {
    remove(source, "f");
    if (fs::exists(destination + "/f")) remove(destination, "f");
    bytes[7] = static_cast<char>('b' + readable);
    put(file("f", bytes), source);
    let_age(source);
    std::stop_source stop;
    {
      const Interference at(
          20, [&] { stop.request_stop(); }, Call::write);
      run_pass(how, {}, stop.get_token());
    }
    std::string part;
    for (const auto& entry : fs::directory_iterator(destination))
      if (entry.path().extension() == ".part") part = entry.path();
    ASSERT_NE(part, "");
    fs::permissions(part, fs::perms::owner_read | fs::perms::owner_write);
    let_age(destination);
    Refusals bad;
    bad.refuse({Call::read}, part, 0, readable);
    bad.refuse({Call::read}, part, EIO, 1);  // what comes in its place can be read
    const Pass pass = run_pass(how);
    EXPECT_EQ(pass.status(), Status::done);
    EXPECT_GT(bad.count(), readable);
    for (const Failure& failure : pass.failures) ADD_FAILURE() << in_codes(failure);
  }
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(UnreadableOnce, files_are_told_of_in_a_dry_run_that_reads) {
  given_source({file("f", "same")});
  given_destination({file("f", "same")});
  Refusals bad;
  bad.refuse({Call::read}, destination + "/f", EIO);
  Options how = options();
  how.dry_run = how.rehash = true;
  const Pass pass = run_pass(how);
  EXPECT_EQ(pass.status(), Status::done);
  expect_nothing_claimed(pass);
  expect_replaced_as_unreadable(pass, "f");
}

}  // namespace
}  // namespace syncline::test
