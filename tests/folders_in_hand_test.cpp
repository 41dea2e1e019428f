// A folder that changes hands is shut while a pass works in it: for no longer than that, and for
// nobody who may get in before and after.
//
// SPDX-License-Identifier: MIT
#include "filesystem/syscalls.h"
#include "support/between_users.h"
#include "support/rights_watch.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace syncline::test {
namespace {

using filesystem::syscalls::Call;

constexpr std::uint32_t all_rights = 0777;

struct stat status_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status;
}

/// Calls upon a name, or of a kind, fail while something holds.
class Failing : public filesystem::syscalls::Hook {
 public:
  Failing(Call kind, int error, std::function<bool(const std::string&)> when)
      : kind_(kind), error_(error), when_(std::move(when)) {
    filesystem::syscalls::install(this);
  }
  Failing(const Failing&) = delete;
  Failing& operator=(const Failing&) = delete;
  ~Failing() override { filesystem::syscalls::install(nullptr); }

  int before(Call /*call*/) override { return 0; }
  int before_at(Call call, int /*fd*/, const char* name) override {
    if (call != kind_ || !when_(name)) return 0;
    happened_ = true;
    return error_;
  }
  [[nodiscard]] bool happened() const { return happened_; }

 private:
  const Call kind_;
  const int error_;
  const std::function<bool(const std::string&)> when_;
  std::atomic<bool> happened_{false};
};

class FoldersInHand : public BetweenUsers {
 protected:
  [[nodiscard]] Options how() const {
    Options options = between(source, destination);
    options.flush = false;
    options.index = index_place::File{ours + "/index"};
    return options;
  }
  void give_to_root(const std::string& name) const {
    ASSERT_EQ(::chown((source + '/' + name).c_str(), 0, 0), 0);
  }
};

TEST_P(FoldersInHand, whoever_may_get_in_before_and_after_may_do_so_meanwhile) {
  make({folder("f").mode(0750), file("f/secret", "shown").mode(0640)}, source);
  make({folder("f").mode(0757)}, destination);
  const RightsWatch watch{destination + "/f"};
  EXPECT_EQ(run_pass(how()).status(), Status::done);
  EXPECT_EQ(watch.some(), 0750U);
  EXPECT_EQ(watch.all(), 0750U);
}

TEST_P(FoldersInHand, one_that_could_not_be_moved_is_as_it_was) {
  const auto his = [](Entry entry) { return std::move(entry).owner(stranger_id, stranger_id); };
  make({his(folder("his")), his(file("his/shown", "for all to see"))}, source);
  run_ok(how());
  rename(source, "his", "ours");
  give_to_root("ours");
  Options held = how();
  held.deletions = deletion::AtMostEntries{0};
  {
    const Failing failing{Call::rename, EXDEV,
                          [](const std::string& name) { return name == "ours"; }};
    run_pass(held);
    ASSERT_TRUE(failing.happened());
  }
  const struct stat left = status_of(destination + "/his");
  EXPECT_EQ(left.st_uid, stranger_id);
  EXPECT_EQ(left.st_mode & all_rights, 0755U);
  EXPECT_EQ(status_of(destination + "/ours").st_uid, 0U);
}

TEST_P(FoldersInHand, one_that_cannot_be_listed_does_not_stay_shut) {
  make({folder("f").owner(stranger_id, 0).mode(0750)}, source);
  make({folder("f").mode(0755), file("f/shown", "for all to see")}, destination);
  const std::string folder = destination + "/f";
  {
    const Failing failing{Call::read_folder, EIO, [&](const std::string& /*name*/) {
                            return (status_of(folder).st_mode & all_rights) == 0700;
                          }};
    EXPECT_NE(run_pass(how()).status(), Status::done);
    ASSERT_TRUE(failing.happened());
  }
  EXPECT_EQ(status_of(folder).st_uid, stranger_id);
  EXPECT_EQ(status_of(folder).st_mode & all_rights, 0750U);
}

TEST_P(FoldersInHand, a_preview_says_what_is_replaced_for_changing_hands) {
  make({file("file", "what others may read").mode(0600)}, source);
  make({file("file", "what others may read")}, destination);
  for (const bool has_index : {false, true}) {
    SCOPED_TRACE(has_index);
    Options options = how();
    if (!has_index) options.index = index_place::None{};
    Options dry = options;
    dry.dry_run = true;
    const Pass told = run_pass(dry);
    ASSERT_EQ(told.actions.size(), 1U);
    const Pass done = run_pass(options);
    ASSERT_EQ(done.actions.size(), 1U);
    EXPECT_EQ(told.actions[0].verb, done.actions[0].verb);
    EXPECT_EQ(told.actions[0].reason, done.actions[0].reason);
    set_mode(destination, "file", 0644);
  }
}

INSTANTIATE_TEST_SUITE_P(On, FoldersInHand, disks_of_attacks(), name_of_disk);

}  // namespace
}  // namespace syncline::test
