// Names that the destination refuses are met before anything is read or written for them.
//
// SPDX-License-Identifier: MIT
#include "filesystem/own_names.h"
#include "filesystem/process.h"
#include "filesystem/syscalls.h"
#include "model/suspect_names.h"
#include "support/bent_kernel.h"
#include "support/bind_mount.h"
#include "support/exfat.h"
#include "support/index.h"
#include "support/refusals.h"
#include "support/two_roots.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::test {
namespace {

TEST(SuspectNames, are_those_that_are_refused_somewhere) {
  for (const char* name : {"a:b", "a\\b", "a*", "?", "\"", "<", ">", "|", "a\tb", "a ", "a.",
                           "\x7f", "\xff", "a\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80"})
    EXPECT_TRUE(is_suspect_name(name)) << printable(name);
  for (const char* name : {"a", " a", ".a", "a.b c", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
                           "a,b;c'd(e)[f]{g}~!@#$%^&+=`"})
    EXPECT_FALSE(is_suspect_name(name)) << printable(name);
}

class RefusedNames : public TwoRoots {
 protected:
  static void expect_refusals(const Pass& pass, std::vector<std::string> paths) {
    EXPECT_EQ(pass.status(), Status::some_failed);
    std::vector<std::string> refused;
    for (const Failure& failure : pass.failures) {
      refused.push_back(failure.path);
      EXPECT_EQ(failure.code, FailureCode::name_refused) << printable(failure.path);
    }
    std::ranges::sort(refused);
    std::ranges::sort(paths);
    EXPECT_EQ(refused, paths);
  }
};

TEST_F(RefusedNames, cost_no_content) {
  const Exfat disk(destination);
  if (!disk.done()) GTEST_SKIP() << "exFAT cannot be mounted here";
  Tree tree{file("good", "text"), folder("fold:er"), file("fold:er/in it", "text"), fifo("fi:fo")};
  tree.put(file("a:b", std::string(3'000'000, 'x')));
  tree.put(file("small?", "text"));
  given_source(tree);
  let_age(source);  // what is younger than a tick of the clock is read once more
  Options how = options();
  how.index = index_place::File{home / "index"};
  const std::vector<std::string> refused{"a:b", "fi:fo", "fold:er", "small?"};
  const Pass first = run_pass(how);
  expect_refusals(first, refused);
  EXPECT_EQ(first.summary.bytes_written, 4);
  const Pass second = run_pass(how);
  expect_refusals(second, refused);
  EXPECT_EQ(second.summary.bytes_written, 0);
  EXPECT_EQ(second.summary.bytes_read, 0);
  EXPECT_EQ(second.actions.size(), 0);
  EXPECT_EQ(temporaries_in(destination), std::vector<std::string>{});
}

// Refuses what is called so, but for who only looks; as ext4 does with names that are no text where
// it folds case strictly.
class Strict : public filesystem::syscalls::Hook {
 public:
  using Call = filesystem::syscalls::Call;

  Strict() { filesystem::syscalls::install(this); }
  ~Strict() override { filesystem::syscalls::install(nullptr); }
  int before(Call call) override { return call == Call::write && refuses_writes ? EINVAL : 0; }
  int before_at(Call call, int /*fd*/, const char* name) override {
    const bool is_trial = call == Call::open && filesystem::is_temporary_name(name);
    if (is_trial) ++temporaries_;
    const bool is_refused = std::string_view(name).ends_with(":b");
    return is_refused && (is_trial || call == Call::rename) ? EINVAL : 0;
  }
  [[nodiscard]] int temporaries() const { return temporaries_; }

  std::uint32_t file_system_type(std::uint32_t true_type) override {
    constexpr std::uint32_t fuse = 0x65735546;
    return is_suspect ? fuse : true_type;
  }

  bool refuses_writes = false;
  bool is_suspect = false;  ///< where every suspect name is tried

 private:
  std::atomic<int> temporaries_{0};
};

TEST_F(RefusedNames, are_remembered_where_nobody_expects_them) {
  make({}, home / "shown");
  make({folder("")}, destination);
  given_source({file("a:b", std::string(300'000, 'x')), file("other", "text")});
  let_age(source);
  Options how = options();
  how.index = index_place::File{home / "index"};
  how.verify = true;  // so that copies have names
  std::optional<BindMount> bound;
  bound.emplace(home / "shown", destination);
  if (!bound->done()) GTEST_SKIP() << "nothing can be bound here";
  {
    Strict kernel;
    const Pass first = run_pass(how);
    expect_refusals(first, {"a:b"});
    EXPECT_EQ(first.summary.bytes_written, 300'004U);
    const int temporaries = kernel.temporaries();
    for (int round = 0; round < 2; ++round) {
      const Pass again = run_pass(how);
      expect_refusals(again, {"a:b"});
      EXPECT_EQ(again.summary.bytes_read, 0U);
      EXPECT_EQ(again.summary.bytes_written, 0U);
    }
    Options dry = how;
    dry.dry_run = true;
    expect_refusals(run_pass(dry), {"a:b"});
    EXPECT_EQ(kernel.temporaries(), temporaries);
  }
  // Mounted anew it may be another matter.
  bound.reset();
  bound.emplace(home / "shown", destination);
  run_ok(how);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  EXPECT_EQ(number_in_index(home / "index", "SELECT count(*) FROM exception"), 0);
}

// Mounts are counted anew then.
TEST_F(RefusedNames, are_forgotten_once_the_machine_was_started_again) {
  const std::string boot = filesystem::boot_id();
  if (boot.empty()) GTEST_SKIP() << "no /proc here";
  given_source({file("a:b", "text"), file("other")});
  Options how = options();
  how.index = index_place::File{home / "index"};
  how.verify = true;  // so that copies have names
  {
    const Strict kernel;
    expect_refusals(run_pass(how), {"a:b"});
  }
  expect_refusals(run_pass(how), {"a:b"});
  change_index(home / "index",
               "UPDATE exception SET there = replace(there, '" + boot + "', 'another')");
  run_ok(how);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(RefusedNames, of_folders_are_forgotten_once_they_are_allowed) {
  make({}, home / "shown");
  make({folder("")}, destination);
  given_source({folder("f:b"), file("f:b/in", "text"), file("other")});
  Options how = options();
  how.index = index_place::File{home / "index"};
  std::optional<BindMount> bound;
  bound.emplace(home / "shown", destination);
  if (!bound->done()) GTEST_SKIP() << "nothing can be bound here";
  {
    Strict kernel;
    kernel.is_suspect = true;
    expect_refusals(run_pass(how), {"f:b"});
  }
  EXPECT_EQ(number_in_index(home / "index", "SELECT count(*) FROM exception"), 1);
  bound.reset();
  bound.emplace(home / "shown", destination);
  run_ok(how);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  EXPECT_EQ(number_in_index(home / "index", "SELECT count(*) FROM exception"), 0);
}

TEST_F(RefusedNames, explain_nothing_but_what_was_to_have_them) {
  given_source({file("a:b", "text")});
  Strict kernel;
  kernel.refuses_writes = true;
  const Pass pass = run_pass(options());
  ASSERT_EQ(pass.failures.size(), 1U);
  EXPECT_EQ(pass.failures.front().operation, "write");
}

TEST(TrialNames, hold_what_is_suspect_of_long_ones) {
  const std::string text(240, 'x');
  for (const std::string& name :
       {"a:" + text, text + "? ", "\xff" + text, text + '.', "*" + text + "|"}) {
    const std::string trial = filesystem::trial_name(name);
    EXPECT_LE(trial.size(), 255U);
    EXPECT_TRUE(filesystem::is_temporary_name(trial));
    EXPECT_TRUE(is_suspect_name(trial)) << printable(name);
    EXPECT_EQ(trial.back(), name.back());
  }
  std::string letters;
  for (int i = 0; i < 85; ++i) letters += "\xe2\x82\xac";
  EXPECT_FALSE(is_suspect_name(filesystem::trial_name(letters)));
}

TEST_F(RefusedNames, that_are_too_long_cost_no_content) {
  const std::string name(150, 'x');  // of which eCryptfs takes 143
  given_source({file(name, std::string(300'000, 'x')), folder(name + "f"), file("other", "text")});
  given_destination({folder("")});
  Refusals kernel;
  for (const char* const end : {"", "f"})
    kernel.refuse({filesystem::syscalls::Call::status}, destination + '/' + name + end,
                  ENAMETOOLONG);
  const Pass pass = run_pass(options());
  EXPECT_EQ(pass.summary.bytes_read, 4U);
  ASSERT_EQ(pass.failures.size(), 2U);
  for (const Failure& failure : pass.failures) EXPECT_EQ(failure.code, FailureCode::name_too_long);
}

TEST_F(RefusedNames, are_no_more_than_those_that_are) {
  BentKernel kernel;
  kernel.pretend_type(0x65735546);  // FUSE, which may refuse some
  given_source({file("a:b", "text"), file("\xff", "text"), folder("c."), symlink("d ", "e"),
                file(std::string(254, 'x') + "?", "text")});
  run_ok(options());
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

}  // namespace
}  // namespace syncline::test
