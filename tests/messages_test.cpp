// What a failure says: a whole sentence that names the cause, where the number of an error alone
// would mislead or say nothing.
//
// SPDX-License-Identifier: MIT
#include "filesystem/syscalls.h"
#include "support/bind_mount.h"
#include "support/mounted_image.h"
#include "support/process.h"
#include "support/two_roots.h"

#include "syncline/mirror.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using filesystem::syscalls::Call;

/// Fails all calls of one kind.
class FailKind : public filesystem::syscalls::Hook {
 public:
  FailKind(Call kind, int error) : kind_(kind), error_(error) {
    filesystem::syscalls::install(this);
  }
  FailKind(const FailKind&) = delete;
  FailKind& operator=(const FailKind&) = delete;
  ~FailKind() override { filesystem::syscalls::install(nullptr); }

  int before(Call call) override { return call == kind_ ? error_ : 0; }

 private:
  const Call kind_;
  const int error_;
};

class Messages : public TwoRoots {
 protected:
  static bool tell(const Pass& pass, const std::string& part) {
    return std::ranges::any_of(pass.failures, [&](const Failure& failure) {
      return in_codes(failure).find(part) != std::string::npos;
    });
  }
  static std::string all_of(const Pass& pass) {
    std::string all;
    for (const Failure& failure : pass.failures) all += in_codes(failure) + '\n';
    return all;
  }
};

TEST_F(Messages, are_whole_sentences_whichever_call_fails) {
  // "could not set the times of: ...": of what?
  const std::regex unfinished(" (of|to|for|with|in|from|upon|at): ");
  given_source({file("new", "new"), file("edited", "new!"), folder("folder"), symlink("link", "x"),
                fifo("fifo"), hard_link("other name", "new"), file("mode", "same").mode(0604)});
  std::size_t failures = 0;
  for (const Call call : {Call::open, Call::read, Call::write, Call::rename, Call::exchange,
                          Call::unlink, Call::make_folder, Call::make_symlink, Call::make_node,
                          Call::change_mode, Call::change_owner, Call::change_times, Call::link,
                          Call::list_attributes, Call::set_attribute, Call::truncate, Call::seek}) {
    SCOPED_TRACE(static_cast<int>(call));
    fs::remove_all(destination);
    given_destination({file("edited", "old"), file("mode", "same"), file("surplus", "text")});
    const FailKind failing(call, EIO);
    try {
      const Pass pass = run_pass(options());
      failures += pass.failures.size();
    } catch (const Unusable& error) {
      EXPECT_FALSE(std::regex_search(std::string(error.what()), unfinished)) << error.what();
    }
  }
  EXPECT_GT(failures, 10U);
}

// Where there is room, what is refused so is too large, and counted as not kept.
TEST_F(Messages, of_an_attribute_that_a_full_disk_refuses_speak_of_the_attribute) {
  given_source({file("file", "text").attribute("user.big", "value")});
  fs::create_directory(home / "disk");
  const Tmpfs disk(home / "disk");
  if (!disk.done()) GTEST_SKIP() << "nothing can be mounted here";
  const Options how = between(source, home / "disk/destination");
  {
    const FailKind failing(Call::set_attribute, ENOSPC);
    const Pass pass = run_pass(how);
    EXPECT_TRUE(pass.failures.empty()) << all_of(pass);
    EXPECT_EQ(pass.summary.unkept.size(), 1U);
  }
  make({file("ballast", std::string(16'200'000, 'b'))}, home / "disk/beside");
  fs::remove_all(how.destination);
  const FailKind failing(Call::set_attribute, ENOSPC);
  const Pass pass = run_pass(how);
  ASSERT_EQ(pass.failures.size(), 1U);
  EXPECT_EQ(pass.failures.front().code, FailureCode::attribute_too_large);
  EXPECT_EQ(pass.failures.front().operation, "set the extended attribute user.big of");
}

TEST_F(Messages, name_a_backup_whose_name_is_too_long) {
  const std::string name(255, 'n');
  given_source({file(name, "new!")});
  given_destination({file(name, "old"), file(std::string(255, 'g'), "gone")});
  Options how = options();
  how.backup = Backup{.folder = {}, .suffix = "~"};
  how.deletions = deletion::Unlimited{};
  const Pass pass = run_pass(how);
  EXPECT_EQ(pass.status(), Status::some_failed);
  EXPECT_EQ(pass.failures.size(), 2U) << all_of(pass);
  for (const Failure& failure : pass.failures) {
    EXPECT_EQ(failure.code, FailureCode::backup_name_too_long);
    EXPECT_EQ(failure.name, failure.path + '~');
  }
  EXPECT_TRUE(
      same(snapshot(destination), {file(name, "old"), file(std::string(255, 'g'), "gone")}));
}

TEST_F(Messages, of_an_index_that_cannot_be_made_leave_no_new_folder_behind) {
  given_source({file("file", "text")});
  Options how = options();
  how.index = index_place::File{destination + "/index"};
  EXPECT_EQ(refusal(how), Status::files_unusable);
  EXPECT_FALSE(fs::exists(destination));
  how.index = index_place::File{home / "missing/index"};
  EXPECT_EQ(refusal(how), Status::files_unusable);
  EXPECT_FALSE(fs::exists(destination));
  make({file("index", "a letter")}, home / "letters");
  how.index = index_place::File{home / "letters/index"};
  EXPECT_EQ(refusal(how), Status::files_unusable);
  EXPECT_FALSE(fs::exists(destination));
  // A usual place that cannot be made is met only once there is a destination.
  const char* const before = std::getenv("STATE_DIRECTORY");
  const std::string usual = before == nullptr ? "" : before;
  ::setenv("STATE_DIRECTORY", "/proc/no such folder/syncline", 1);
  how.index = index_place::Usual{};
  EXPECT_EQ(refusal(how), Status::files_unusable);
  EXPECT_FALSE(fs::exists(destination));
  // One that was there stays, empty or not.
  fs::create_directory(destination);
  EXPECT_EQ(refusal(how), Status::files_unusable);
  usual.empty() ? ::unsetenv("STATE_DIRECTORY") : ::setenv("STATE_DIRECTORY", usual.c_str(), 1);
  EXPECT_TRUE(fs::exists(destination));
}

TEST_F(Messages, tell_of_inodes_that_ran_out) {
  const MountedImage disk("ext4", 16U << 20U, {"-N", "32"});
  if (!disk.done()) GTEST_SKIP() << disk.why();
  Tree tree;
  for (int i = 0; i < 60; ++i) tree.put(file("file " + std::to_string(i), "text"));
  tree.put(folder("folder"));
  tree.put(symlink("z link", "x"));
  given_source(tree);
  const Pass pass = run_pass(between(source, disk.path() + "/destination"));
  EXPECT_EQ(pass.status(), Status::some_failed);
  ASSERT_FALSE(pass.failures.empty());
  for (const Failure& failure : pass.failures) {
    EXPECT_NE(failure.cause.find("DST has no inodes left"), std::string::npos) << failure.cause;
    EXPECT_EQ(failure.error_number, ENOSPC);
  }
}

/// With a flag of chattr(1) while it lives.
class Flagged {
 public:
  Flagged(std::string path, char flag) : path_(std::move(path)), flag_(flag) {
    done_ =
        run({"/bin/sh", "-c", R"(exec chattr "$1" "$2")", "sh", std::string("+") + flag_, path_})
            .status == 0;
  }
  Flagged(const Flagged&) = delete;
  Flagged& operator=(const Flagged&) = delete;
  ~Flagged() {
    run({"/bin/sh", "-c", R"(exec chattr "$1" "$2")", "sh", std::string("-") + flag_, path_});
  }
  [[nodiscard]] bool done() const { return done_; }

 private:
  const std::string path_;
  const char flag_;
  bool done_;
};

TEST_F(Messages, name_what_chattr_protects) {
  const MountedImage disk("ext4", 16U << 20U);
  if (!disk.done()) GTEST_SKIP() << disk.why();
  const std::string mirror = disk.path() + "/destination";
  make({file("edited", "old"), file("gone", "gone"), folder("shut"), file("shut/gone", "gone"),
        file("appended", "old")},
       mirror);
  given_source(
      {file("edited", "new!"), folder("shut"), file("shut/new", "new"), file("appended", "new!")});
  const Flagged edited(mirror + "/edited", 'i');
  const Flagged gone(mirror + "/gone", 'i');
  const Flagged shut(mirror + "/shut", 'i');
  const Flagged appended(mirror + "/appended", 'a');
  if (!edited.done()) GTEST_SKIP() << "chattr is missing, or may not";
  Options how = between(source, mirror);
  how.deletions = deletion::Unlimited{};
  const Pass pass = run_pass(how);
  EXPECT_EQ(pass.status(), Status::some_failed);
  const auto says = [&](const std::string& path, const std::string& part) {
    return std::ranges::any_of(pass.failures, [&](const Failure& failure) {
      return failure.path == path && failure.cause.find(part) != std::string::npos;
    });
  };
  EXPECT_TRUE(says("edited", "it is immutable (lsattr shows it, chattr -i lifts it)"))
      << all_of(pass);
  EXPECT_TRUE(says("gone", "it is immutable")) << all_of(pass);
  EXPECT_TRUE(says("shut/new", "its folder is immutable")) << all_of(pass);
  EXPECT_TRUE(says("shut/gone", "its folder is immutable")) << all_of(pass);
  EXPECT_TRUE(says("appended", "it is append-only")) << all_of(pass);
  EXPECT_FALSE(tell(pass, "Operation not permitted")) << all_of(pass);
}

}  // namespace
}  // namespace syncline::test
