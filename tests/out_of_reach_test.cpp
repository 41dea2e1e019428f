// Folders that cannot be opened again once their handles gave way to others: somebody has swapped
// them, or their disk fails. Each costs what is in it and never the pass, and the next one makes
// the mirror exact.
//
// SPDX-License-Identifier: MIT
#include "filesystem/path_of.h"
#include "filesystem/syscalls.h"
#include "support/disk.h"
#include "support/mounted_tmpfs.h"
#include "support/open_file_limit.h"
#include "support/passes.h"
#include "support/tree.h"
#include "support/two_roots.h"

#include "syncline/mirror.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace syncline::test {
namespace {

// Handles are kept for less than twenty folders then.
constexpr rlim_t few_descriptors = 128;
constexpr int many = 120;

/// A kernel in which folders below `root` whose names begin with "d" can be opened once.
class OpenedOnce : public filesystem::syscalls::Hook {
 public:
  using Call = filesystem::syscalls::Call;

  explicit OpenedOnce(std::string root, int error = ESTALE)
      : root_(std::move(root)), error_(error) {
    filesystem::syscalls::install(this);
  }
  OpenedOnce(const OpenedOnce&) = delete;
  OpenedOnce& operator=(const OpenedOnce&) = delete;
  ~OpenedOnce() override { filesystem::syscalls::install(nullptr); }

  /// The first read begins when `some` of them were opened, and ends when `all` were. What is more
  /// is opened once one was refused.
  void read_between(std::size_t some, std::size_t all) {
    opened_before_reading_ = some;
    opened_by_its_end_ = all;
  }
  /// No file has an owner there.
  void refuse_owners() { refuses_owners_ = true; }

  [[nodiscard]] int refused() const { return refused_; }

  int before(Call call) override {
    if (call == Call::change_owner && refuses_owners_) return EOPNOTSUPP;
    if (call != Call::read || opened_by_its_end_ == SIZE_MAX) return 0;
    std::unique_lock lock{mutex_};
    is_reading_ = true;
    wait(lock, [&] { return opened_.size() >= opened_by_its_end_; });
    return 0;
  }
  int before_at(Call call, int fd, const char* name) override {
    if (call != Call::open || *name != 'd') return 0;
    const std::string path = filesystem::path_of(fd) + '/' + name;
    if (!path.starts_with(root_)) return 0;
    std::unique_lock lock{mutex_};
    if (!opened_.contains(path)) {
      wait(lock, [&] { return is_reading_ || opened_.size() < opened_before_reading_; });
      wait(lock, [&] { return refused_ > 0 || opened_.size() < opened_by_its_end_; });
      opened_.insert(path);
      return 0;
    }
    ++refused_;
    changed_.notify_all();
    return error_;
  }

 private:
  // For as long as takes to fail, should it never come.
  template <typename IsSo>
  void wait(std::unique_lock<std::mutex>& lock, IsSo is_so) {
    changed_.notify_all();
    changed_.wait_for(lock, std::chrono::seconds{10}, is_so);
  }

  const std::string root_;
  const int error_;
  std::size_t opened_before_reading_ = SIZE_MAX;
  std::size_t opened_by_its_end_ = SIZE_MAX;
  bool is_reading_ = false;
  bool refuses_owners_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> opened_;
  int refused_ = 0;
};

class OutOfReach : public TwoRoots {
 protected:
  void SetUp() override {
    how.index = index_place::File{home / "index"};
    how.deletions = deletion::Unlimited{};
  }

  /// Each folder has some of everything.
  static Tree a_tree(const std::string& text) {
    Tree tree;
    std::string deep = "d";
    std::string named;
    for (int i = 0; i < many; ++i) {
      const std::string number = std::to_string(i);
      const std::string at = i % 3 == 0 ? deep += "/d" + number : "d" + number;
      tree.put(file(at + "/file", text + number));
      tree.put(file(at + "/same", number));
      tree.put(symlink(at + "/link", text));
      tree.put(file(at + '/' + text, "comes and goes"));
      if (i % 10 == 0) tree.put(file(at + "/large", std::string(100'000 + text.size(), 'x')));
      if (i % 10 == 6) tree.put(hard_link(at + "/names", named));
      if (i % 10 == 5) tree.put(file(named = at + "/names", text));
    }
    return tree;
  }

  /// A pass that meets what it cannot open again.
  [[nodiscard]] Pass pass_under(OpenedOnce& kernel) const {
    Pass pass = run_pass(how);  // Unusable: it was given up
    EXPECT_GT(kernel.refused(), 0);
    EXPECT_FALSE(pass.summary.given_up);
    return pass;
  }

  void expect_completed() const {
    run_ok(how);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  }

  const OpenFileLimit limit{few_descriptors};
  Options how = options();
};

class FoldersOutOfReach : public OutOfReach, public testing::WithParamInterface<int> {
 protected:
  void given_changes() const {
    given_source(a_tree("old"));
    run_ok(how);
    remove(home.path(), "source");
    given_source(a_tree("new"));
  }
  void expect_no_more_lost_than_is_below(const std::string& root) const {
    {
      OpenedOnce kernel{root, GetParam()};
      EXPECT_EQ(pass_under(kernel).status(), Status::some_failed);
    }
    expect_completed();
  }
};

TEST_P(FoldersOutOfReach, in_the_source_cost_what_is_in_them) {
  given_changes();
  expect_no_more_lost_than_is_below(source);
}

TEST_P(FoldersOutOfReach, in_the_destination_cost_what_is_in_them) {
  given_changes();
  expect_no_more_lost_than_is_below(destination);
}

TEST_P(FoldersOutOfReach, cost_what_is_in_them_in_a_first_copy) {
  given_source(a_tree("new"));
  expect_no_more_lost_than_is_below(destination);
}

INSTANTIATE_TEST_SUITE_P(With, FoldersOutOfReach, testing::Values(ESTALE, EACCES, EIO));

// How to flush a file system is learnt from the first folder in which something is finished. One
// folder after the other is opened, so that workers are left for the file.
TEST_F(OutOfReach, the_folder_of_the_first_copy_costs_that) {
  std::string deep = "d";
  for (int i = 0; i < many; ++i) deep += "/d";
  given_source({file("d/large", std::string(100'000, 'x')), folder(deep)});
  how.flush = false;
  {
    OpenedOnce kernel{destination};
    kernel.read_between(3, many);
    const Pass pass = pass_under(kernel);
    EXPECT_EQ(pass.status(), Status::some_failed);
    EXPECT_EQ(std::ranges::count(pass.failures, Path{std::string{"d/large"}}, &Failure::path), 1);
  }
  expect_completed();
}

// What a file system lacks is remembered with the folder that it is mounted on.
TEST_F(OutOfReach, a_folder_in_which_nothing_was_done_costs_itself) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may mount, and give files away";
  given_source(
      {folder("d"), folder("d/within"), file("d/within/of somebody", "text").owner(65534, 65534)});
  given_destination({folder("d")});
  const MountedTmpfs mounted{destination + "/d"};
  if (!mounted.done()) GTEST_SKIP() << "nothing can be mounted here";
  {
    OpenedOnce kernel{"/nowhere"};
    kernel.refuse_owners();
    EXPECT_EQ(run_pass(how).summary.unkept.size(), 2U);
  }
  for (int i = 0; i < many; ++i) put(folder("d/within/d" + std::to_string(i)), source);
  {
    OpenedOnce kernel{destination};
    const Pass pass = pass_under(kernel);
    EXPECT_EQ(pass.status(), Status::some_failed);
    ASSERT_FALSE(pass.failures.empty());
    EXPECT_EQ(std::string{pass.failures.back().path}, "d");
  }
  run_ok(how);
  EXPECT_TRUE(exists(destination, "d/within/d" + std::to_string(many - 1)));
}

}  // namespace
}  // namespace syncline::test
