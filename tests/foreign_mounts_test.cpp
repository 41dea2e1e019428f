// File systems that somebody else mounted within the source: one that denies even root a look, and
// one whose set-id bits and devices count for nothing where it is.
//
// SPDX-License-Identifier: MIT
#include "support/descriptor.h"
#include "support/disk.h"
#include "support/mounted_tmpfs.h"
#include "support/passes.h"
#include "support/tree.h"
#include "support/two_roots.h"

#include "syncline/mirror.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace syncline::test {
namespace {

class ForeignMounts : public TwoRoots {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root may mount";
    given_source({file("kept", "text"), folder("inner")});
  }

  [[nodiscard]] Options how() const {
    Options how = options();
    how.index = index_place::File{home / "index"};
    how.free_at_first = true;
    return how;
  }
  [[nodiscard]] std::uint32_t mode_of(const std::string& path) const {
    struct stat is {};
    return ::lstat((destination + '/' + path).c_str(), &is) == 0 ? is.st_mode : 0;
  }

  const std::string inner = source + "/inner";
};

TEST_F(ForeignMounts, give_no_set_id_bits_and_no_devices) {
  const MountedTmpfs mounted{inner, MS_NOSUID | MS_NODEV};
  if (!mounted.done()) GTEST_SKIP() << "nothing can be mounted here";
  make({file("program", "text").mode(06755), folder("shared").mode(02775)}, inner);
  if (::mknod((inner + "/device").c_str(), S_IFCHR | 0600, makedev(1, 3)) != 0)
    GTEST_SKIP() << "no devices here";
  Pass pass = run_pass(how());
  EXPECT_EQ(mode_of("inner/program"), S_IFREG | 0755U);
  EXPECT_EQ(mode_of("inner/shared"), S_IFDIR | 02775U);
  EXPECT_EQ(mode_of("inner/device"), 0U);
  ASSERT_EQ(pass.summary.unkept.size(), 2U);
  EXPECT_EQ(pass.summary.unkept[0].aspect, Aspect::mode);
  EXPECT_EQ(pass.summary.unkept[0].example, "inner/program");
  EXPECT_EQ(pass.summary.unkept[1].aspect, Aspect::special_file);
  EXPECT_EQ(pass.summary.unkept[1].example, "inner/device");

  pass = run_pass(how());
  EXPECT_TRUE(pass.actions.empty());
  EXPECT_EQ(pass.summary.unkept.size(), 2U);

  // What the destination had of it goes; a device stays, for nobody knows what it should be.
  set_mode(destination, "inner/program", 06755);
  pass = run_pass(how());
  EXPECT_EQ(mode_of("inner/program"), S_IFREG | 0755U);
}

TEST_F(ForeignMounts, give_them_where_they_are_trusted) {
  const MountedTmpfs mounted{inner, MS_NOSUID | MS_NODEV};
  if (!mounted.done()) GTEST_SKIP() << "nothing can be mounted here";
  make({file("program", "text").mode(06755)}, inner);
  if (::mknod((inner + "/device").c_str(), S_IFCHR | 0600, makedev(1, 3)) != 0)
    GTEST_SKIP() << "no devices here";
  Options how = this->how();
  how.trust_nosuid = true;
  how.trust_nodev = true;
  const Pass pass = run_pass(how);
  EXPECT_EQ(mode_of("inner/program"), S_IFREG | 06755U);
  EXPECT_EQ(mode_of("inner/device"), S_IFCHR | 0600U);
  EXPECT_TRUE(pass.summary.unkept.empty());
}

/// A FUSE mount without a daemon: somebody else's, which denies root before it is asked, or root's
/// own, whose daemon is gone.
class Fuse {
 public:
  enum class Whose { of_another, without_daemon };

  Fuse(const std::string& place, Whose whose)
      : place_(place), device_(::open("/dev/fuse", O_RDWR | O_CLOEXEC)) {
    const std::string user = whose == Whose::of_another ? "65534" : "0";
    const std::string how = "fd=" + std::to_string(device_.get()) +
                            ",rootmode=40000,user_id=" + user + ",group_id=" + user;
    done_ = device_.get() >= 0 && ::mount("test", place.c_str(), "fuse", 0, how.c_str()) == 0;
    if (whose == Whose::without_daemon) device_ = Descriptor(-1);
  }
  Fuse(const Fuse&) = delete;
  Fuse& operator=(const Fuse&) = delete;
  ~Fuse() {
    if (done_) ::umount2(place_.c_str(), MNT_DETACH);
  }

  [[nodiscard]] bool done() const { return done_; }

 private:
  std::string place_;
  Descriptor device_;
  bool done_ = false;
};

class Unseen : public ForeignMounts {
 protected:
  void SetUp() override {
    ForeignMounts::SetUp();
    given_destination({file("kept", "text"), file("gone"), file("inner/private", "text")});
  }

  void expect_seen_but_for(Fuse::Whose whose, const Options& how) const {
    const Fuse mounted{inner, whose};
    if (!mounted.done()) GTEST_SKIP() << "no FUSE here";
    const Pass pass = run_pass(how);
    EXPECT_EQ(pass.status(), Status::some_failed);
    ASSERT_EQ(pass.failures.size(), 1U);
    EXPECT_EQ(pass.failures[0].path, "inner");
    EXPECT_FALSE(pass.summary.deletions_held);
    EXPECT_FALSE(exists(destination, "gone"));
    EXPECT_TRUE(exists(destination, "inner/private"));
  }
  [[nodiscard]] Options on_one_file_system() const {
    Options how = this->how();
    how.one_file_system = true;
    return how;
  }
};

TEST_F(Unseen, is_what_is_denied_to_root_and_nothing_else) {
  expect_seen_but_for(Fuse::Whose::of_another, how());
}

TEST_F(Unseen, is_what_has_no_daemon_and_nothing_else) {
  expect_seen_but_for(Fuse::Whose::without_daemon, how());
}

TEST_F(Unseen, is_that_alone_on_one_file_system) {
  expect_seen_but_for(Fuse::Whose::of_another, on_one_file_system());
}

}  // namespace
}  // namespace syncline::test
