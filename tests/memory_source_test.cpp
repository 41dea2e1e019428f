// A pass reads a source through its interface alone: here one that no file system has.
//
// SPDX-License-Identifier: MIT
#include "support/memory_source.h"

#include "model/foreign_id.h"
#include "support/disk.h"
#include "support/memory_folder.h"
#include "support/random_tree.h"
#include "support/source_pass.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

using Refusal = MemorySource::Refusal;

class InMemory : public testing::Test {
 protected:
  [[nodiscard]] Pass run(MemorySource& source, const Options& how = {}) const {
    return run_from(source, destination, how);
  }

  static Options deleting() {
    Options how;
    how.free_at_first = true;
    how.deletions = deletion::Unlimited{};
    return how;
  }

  const TemporaryFolder home;
  const std::string destination = home.path();
};

std::vector<std::string> paths_of(const std::vector<Failure>& failures) {
  std::vector<std::string> paths;
  for (const Failure& failure : failures) paths.push_back(failure.path);
  std::ranges::sort(paths);
  return paths;
}

TEST_F(InMemory, a_source_is_mirrored_whole) {
  if (!holds_riches(home.path())) GTEST_SKIP() << "no attributes or access lists here";
  Random random{announced_seed()};
  for (int round = 0; round < 3; ++round) {
    const Tree tree = random_rich_tree(random, 120);
    MemorySource source{tree};
    EXPECT_EQ(run(source, deleting()).status(), Status::done);
    ASSERT_TRUE(same(snapshot(destination), tree));
    EXPECT_FALSE(run(source, deleting()).summary.changed_anything()) << "it is not recognised";
  }
}

TEST_F(InMemory, names_are_bytes) {
  const Tree tree{file("new\nline", "1"), file("\xff\xfe", "2"), folder(" "),
                  file(" /\x01\t\\", "3"), symlink("link", "\xc3\x28\n")};
  MemorySource source{tree};
  EXPECT_EQ(run(source).status(), Status::done);
  EXPECT_TRUE(same(snapshot(destination), tree));
}

TEST_F(InMemory, large_files_come_in_streams) {
  std::string bytes(20U << 20U, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * i >> 7U);
  const Tree tree{file("large", bytes), file("other", bytes.substr(1U << 20U))};
  MemorySource source{tree};
  EXPECT_EQ(run(source).status(), Status::done);
  EXPECT_TRUE(same(snapshot(destination), tree));
}

// What is told before 1,000 names are looked at is the folder, and then batches of them.
TEST_F(InMemory, a_batch_of_names_is_one_question) {
  Tree tree;
  for (int i = 0; i < 1000; ++i) tree.put(file("f" + std::to_string(i), "x"));
  MemorySource source{tree};
  EXPECT_EQ(tell_from(source, memory_folder({})).summary.created.entries, 1000);
  EXPECT_LE(source.questions(), 20U);
}

TEST_F(InMemory, small_files_are_asked_for_together) {
  Tree tree;
  for (int i = 0; i < 1000; ++i) tree.put(file("f" + std::to_string(i), "x"));
  MemorySource source{tree};
  EXPECT_EQ(run(source).status(), Status::done);
  EXPECT_LE(source.questions(), 40U);
}

TEST_F(InMemory, a_file_that_changes_while_it_is_read_is_read_again) {
  const Tree before{file("f", "as it was"), file("g", std::string(1U << 20U, 'a'))};
  const Entry f = file("f", "as it is by now");
  const Entry g = file("g", std::string(1U << 20U, 'b'));
  MemorySource source{before};
  std::atomic<int> changed{0};
  source.before_read([&](const std::string& path) {
    if (path == "f" && (changed.fetch_or(1) & 1) == 0) source.put(f);
    if (path == "g" && (changed.fetch_or(2) & 2) == 0) source.put(g);
  });
  EXPECT_EQ(run(source).status(), Status::done);
  EXPECT_EQ(changed, 3);
  EXPECT_TRUE(same(snapshot(destination), {f, g}));
}

TEST_F(InMemory, a_file_that_never_holds_still_is_left_as_it_was) {
  put(file("f", "old"), destination);
  MemorySource source{{file("f", "0"), file("other", "x")}};
  std::atomic<int> times{0};
  source.before_read([&](const std::string& path) {
    if (path == "f") source.put(file("f", "is longer by now: " + std::to_string(++times)));
  });
  const Pass pass = run(source);
  ASSERT_EQ(pass.failures.size(), 1U);
  EXPECT_EQ(pass.failures.front().kind, FailureKind::changed);
  EXPECT_EQ(snapshot(destination).at("f").content, "old");
  EXPECT_EQ(snapshot(destination).at("other").content, "x");
}

// Its content there is not known to be gone, and nothing else either.
TEST_F(InMemory, a_folder_that_cannot_be_listed_deletes_nothing) {
  for (const Refusal refused : {Refusal::list, Refusal::open}) {
    const TemporaryFolder there;
    make({file("locked/kept", "1"), file("gone", "2")}, there.path());
    MemorySource source{{file("locked/kept", "1"), file("new", "3")}};
    source.refuse(refused, "locked", EACCES);
    const Pass pass = run_from(source, there.path(), deleting());
    EXPECT_EQ(paths_of(pass.failures), std::vector<std::string>{"locked"});
    EXPECT_TRUE(pass.summary.deletions_held);
    EXPECT_TRUE(exists(there.path(), "locked/kept"));
    EXPECT_TRUE(exists(there.path(), "gone"));
    EXPECT_TRUE(exists(there.path(), "new"));
  }
}

TEST_F(InMemory, what_cannot_be_looked_at_is_told_and_left) {
  put(file("f", "old"), destination);
  put(file("gone", "x"), destination);
  MemorySource source{{file("f", "new"), file("g", "1"), symlink("s", "anywhere")}};
  source.refuse(Refusal::look, "f", EIO);
  source.refuse(Refusal::target, "s", EIO);
  const Pass pass = run(source, deleting());
  EXPECT_EQ(paths_of(pass.failures), (std::vector<std::string>{"f", "s"}));
  EXPECT_EQ(snapshot(destination).at("f").content, "old");
  EXPECT_TRUE(exists(destination, "g"));
  EXPECT_TRUE(exists(destination, "gone"));
  EXPECT_FALSE(exists(destination, "s"));
}

TEST_F(InMemory, a_file_that_cannot_be_read_costs_only_itself) {
  put(file("f", "old"), destination);
  put(file("gone", "x"), destination);
  MemorySource source{{file("f", "secret"), file("g", "1")}};
  source.refuse(Refusal::open, "f", EACCES);
  const Pass pass = run(source, deleting());
  EXPECT_EQ(paths_of(pass.failures), std::vector<std::string>{"f"});
  EXPECT_EQ(snapshot(destination).at("f").content, "old");
  EXPECT_TRUE(exists(destination, "g"));
  EXPECT_FALSE(exists(destination, "gone"));
}

TEST_F(InMemory, another_file_system_is_left_alone_where_that_is_asked_for) {
  put(folder("mounted"), destination);
  put(file("mounted/old", "1"), destination);
  MemorySource source{{file("mounted/new", "2"), file("f", "3")}};
  source.mount("mounted");
  Options how = deleting();
  how.one_file_system = true;
  EXPECT_EQ(run(source, how).status(), Status::done);
  EXPECT_TRUE(exists(destination, "mounted/old"));
  EXPECT_FALSE(exists(destination, "mounted/new"));
  EXPECT_TRUE(exists(destination, "f"));
}

// Before anything is deleted the source is asked once more.
TEST_F(InMemory, what_appears_during_the_pass_is_not_deleted) {
  put(file("late", "there"), destination);
  put(file("gone", "x"), destination);
  MemorySource source{{file("f", "1")}};
  source.before_read([&](const std::string& /*path*/) { source.put(file("late", "here")); });
  const Pass pass = run(source, deleting());
  EXPECT_EQ(paths_of(pass.failures), std::vector<std::string>{"late"});
  EXPECT_TRUE(exists(destination, "late"));
  EXPECT_FALSE(exists(destination, "gone"));
}

TEST_F(InMemory, a_file_that_vanishes_is_told) {
  MemorySource source{{file("f", "1"), file("z", "2")}};
  source.before_read([&](const std::string& path) {
    if (path == "f") source.remove("z");
  });
  const Pass pass = run(source);
  for (const Failure& failure : pass.failures) EXPECT_EQ(failure.kind, FailureKind::vanished);
  EXPECT_TRUE(exists(destination, "f"));
}

TEST(ForeignIdentities, never_equal_ours) {
  const FileId here{.device = 0x801, .inode = 12};
  EXPECT_NE(of_another_kernel(here), here);
  EXPECT_EQ(of_another_kernel(of_another_kernel(here)), of_another_kernel(here));
  EXPECT_NE(of_another_kernel(here), of_another_kernel({.device = 0x801, .inode = 13}));
  EXPECT_NE(of_another_kernel(here), of_another_kernel({.device = 0x802, .inode = 12}));
}

}  // namespace
}  // namespace syncline::test
