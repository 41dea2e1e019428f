// File systems that make inode numbers up anew for what nobody has in memory, as FUSE, SMB and
// exFAT do: what a pass comes back to after a while has another number, and is still the same.
//
// SPDX-License-Identifier: MIT
#include "filesystem/syscalls.h"
#include "support/disk.h"
#include "support/exfat.h"
#include "support/interference.h"
#include "support/passes.h"
#include "support/tree.h"
#include "support/two_roots.h"

#include "syncline/mirror.h"

#include <linux/magic.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <fstream>
#include <mutex>
#include <ostream>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

using filesystem::syscalls::Call;

const std::string large(3'000'000, 'x');

/// All numbers move, of what is open as well, right before each so manieth call of a kind.
class MovingInodes : public filesystem::syscalls::Hook {
 public:
  MovingInodes(Call kind, std::uint32_t type) : kind_(kind), type_(type) {
    filesystem::syscalls::install(this);
  }
  MovingInodes(const MovingInodes&) = delete;
  MovingInodes& operator=(const MovingInodes&) = delete;
  ~MovingInodes() override { filesystem::syscalls::install(nullptr); }

  int before(Call call) override {
    if (call == kind_) epoch_ += std::uint64_t{1} << 40U;
    return 0;
  }
  std::uint64_t inode(std::uint64_t true_inode) override { return true_inode + epoch_; }
  std::uint32_t file_system_type(std::uint32_t true_type) override {
    return type_ != 0 ? type_ : true_type;
  }
  [[nodiscard]] bool happened() const { return epoch_ > 0; }

 private:
  const Call kind_;
  const std::uint32_t type_;
  std::atomic<std::uint64_t> epoch_{0};
};

/// Drops what it has in memory of inodes that nobody has open, before each removal and flush.
class ForgetfulKernel : public filesystem::syscalls::Hook {
 public:
  ForgetfulKernel() { filesystem::syscalls::install(this); }
  ForgetfulKernel(const ForgetfulKernel&) = delete;
  ForgetfulKernel& operator=(const ForgetfulKernel&) = delete;
  ~ForgetfulKernel() override { filesystem::syscalls::install(nullptr); }

  [[nodiscard]] bool done() const { return forget_.is_open(); }

  int before(Call call) override {
    if (call != Call::unlink && call != Call::flush_filesystem) return 0;
    const std::scoped_lock lock{mutex_};
    forget_ << '2' << std::flush;
    return 0;
  }

 private:
  std::mutex mutex_;
  std::ofstream forget_{"/proc/sys/vm/drop_caches"};
};

struct Moment {
  Call call;
  const char* name;
};

void PrintTo(const Moment& moment, std::ostream* out) {
  *out << moment.name;
}

class InodesThatMove : public TwoRoots, public testing::WithParamInterface<Moment> {
 protected:
  static Tree before() {
    Tree tree{file("edited", "old"),  file("gone", "gone"),       file("mode", "same"),
              file("gone folder/a"),  file("gone folder/b/c"),    symlink("link", "old"),
              file("kept/also gone"), file("was a folder/in it"), file("large", "old")};
    for (int i = 0; i < 40; ++i) tree.put(file("many/" + std::to_string(i) + "/gone"));
    return tree;
  }
  static Tree after() {
    Tree tree{file("edited", "new, and longer"),
              file("mode", "same").mode(0600),
              symlink("link", "new"),
              folder("kept"),
              file("was a folder", "file"),
              file("large", large),
              file("new", "new"),
              file("new folder/in", "new")};
    for (int i = 0; i < 40; ++i) tree.put(folder("many/" + std::to_string(i)));
    return tree;
  }
  [[nodiscard]] Options how() const {
    Options how = options();
    how.index = index_place::File{home / "index"};
    how.keep_partial_from = 1 << 20;
    how.deletions = deletion::Unlimited{};
    return how;
  }
};

TEST_P(InodesThatMove, are_known_by_what_lasts) {
  given_source(after());
  given_destination(before());
  let_age(source);
  {
    const MovingInodes moving(GetParam().call, FUSE_SUPER_MAGIC);
    const Pass pass = run_pass(how());
    EXPECT_EQ(pass.status(), Status::done);
    for (const Failure& failure : pass.failures) ADD_FAILURE() << in_codes(failure);
    EXPECT_TRUE(moving.happened());
    EXPECT_TRUE(same(snapshot(destination), after()));
    const Pass next = run_pass(how());
    EXPECT_EQ(next.status(), Status::done);
    EXPECT_TRUE(next.actions.empty());
  }
  EXPECT_TRUE(temporaries_in(destination).empty());
}

INSTANTIATE_TEST_SUITE_P(At, InodesThatMove,
                         testing::Values(Moment{Call::unlink, "removals"},
                                         Moment{Call::rename, "renames"},
                                         Moment{Call::flush, "flushes"},

                                         Moment{Call::change_mode, "changes_of_mode"},
                                         Moment{Call::exchange, "exchange"}),
                         [](const auto& each) { return std::string(each.param.name); });

class NamesThatMove : public InodesThatMove {};

// Names of one file that were met under other numbers may be copied apart. Each has its bytes or is
// told of, and once numbers stay all is exact.
TEST_P(NamesThatMove, have_their_bytes) {
  Tree tree{file("a", "one"), file("large", large), folder("in")};
  for (const char* name : {"b", "in/c", "in/d"}) tree.put(hard_link(name, "a"));
  for (const char* name : {"in/large", "z"}) tree.put(hard_link(name, "large"));
  given_source(tree);
  for (int round = 0; round < 3; ++round) {
    set_mtime(source, "a", default_mtime_ns + round);
    overwrite_unseen(source, "a", std::to_string(round));
    let_age(source);
    const MovingInodes moving(GetParam().call, FUSE_SUPER_MAGIC);
    const Pass pass = run_pass(how());
    EXPECT_TRUE(moving.happened());
    const Tree found = snapshot(destination);
    const Tree wanted = snapshot(source);
    for (const auto& [path, entry] : wanted.entries()) {
      const bool is_told = std::ranges::count(pass.failures, path, &Failure::path) > 0;
      const bool is_right = found.contains(path) && found.at(path).content == entry.content;
      EXPECT_TRUE(is_right || (is_told && pass.status() != Status::done)) << path;
    }
  }
  EXPECT_EQ(run_pass(how()).status(), Status::done);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

INSTANTIATE_TEST_SUITE_P(At, NamesThatMove,
                         testing::Values(Moment{Call::read_folder, "listings"},
                                         Moment{Call::open, "opens"}, Moment{Call::read, "reads"}),
                         [](const auto& each) { return std::string(each.param.name); });

class WhatDidNotHappen : public TwoRoots {};

// On a file system whose numbers do last, another number is another entry.
TEST_F(WhatDidNotHappen, is_a_failure) {
  given_source({file("kept"), folder("in")});
  given_destination(
      {file("kept"), file("changed", "old"), file("appears"), file("in/a"), file("in/b")});
  const Interference meanwhile(
      1,
      [&] {
        put(file("appears", "new"), source);
        remove(destination, "changed");
        put(file("changed", "by somebody"), destination);
        rename(destination, "in", "away");
        put(folder("in"), destination);
        put(file("in/a"), destination);
      },
      Call::unlink);
  Options how = options();
  how.deletions = deletion::Unlimited{};
  const Pass pass = run_pass(how);
  EXPECT_TRUE(meanwhile.happened());
  EXPECT_EQ(pass.status(), Status::some_failed);
  EXPECT_FALSE(pass.failures.empty());
  EXPECT_TRUE(exists(destination, "changed"));
}

// As root, with a kernel that can be told to forget. The real thing.
TEST_F(WhatDidNotHappen, does_happen_where_numbers_are_made_up) {
  const Exfat disk(destination);
  if (!disk.done()) GTEST_SKIP() << "no exFAT can be mounted here";
  Tree tree{file("large", large)};
  Tree old;
  for (int i = 0; i < 30; ++i) {
    tree.put(file("folder " + std::to_string(i) + "/kept", "kept"));
    old.put(file("folder " + std::to_string(i) + "/kept", "kept"));
    old.put(file("folder " + std::to_string(i) + "/gone"));
  }
  given_source(tree);
  make(old, destination);
  const ForgetfulKernel forgetful;
  if (!forgetful.done()) GTEST_SKIP() << "caches cannot be dropped here";
  Options how = options();
  how.keep_partial_from = 1 << 20;
  how.deletions = deletion::Unlimited{};
  const Pass pass = run_pass(how);
  EXPECT_EQ(pass.status(), Status::done);
  for (const Failure& failure : pass.failures) ADD_FAILURE() << in_codes(failure);
  const Tree found = snapshot(destination);
  for (const auto& [path, entry] : tree.entries()) EXPECT_TRUE(found.contains(path)) << path;
  EXPECT_EQ(found.size(), tree.size());
}

}  // namespace
}  // namespace syncline::test
