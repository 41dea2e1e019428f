// A file gets its name only once its content is on the disk: when the power is cut just then, with
// every name written already, nothing is torn.
//
// SPDX-License-Identifier: MIT
#include "filesystem/syscalls.h"
#include "support/cuttable_disk.h"
#include "support/descriptor.h"
#include "support/disk.h"
#include "support/passes.h"
#include "support/temporary_folder.h"
#include "support/tree.h"
#include "support/versions.h"

#include "syncline/mirror.h"

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <functional>
#include <ostream>
#include <string>
#include <utility>

namespace syncline::test {
namespace {

namespace syscalls = filesystem::syscalls;

/// Does something before the flush that ends a pass: the first one after names were given.
class BeforeLastFlush : public syscalls::Hook {
 public:
  BeforeLastFlush(bool may_link, std::function<void()> what)
      : may_link_(may_link), what_(std::move(what)) {
    syscalls::install(this);
  }
  BeforeLastFlush(const BeforeLastFlush&) = delete;
  BeforeLastFlush& operator=(const BeforeLastFlush&) = delete;
  ~BeforeLastFlush() override { syscalls::install(nullptr); }

  int before(syscalls::Call call) override {
    if (call == syscalls::Call::link && !may_link_) return EPERM;
    if (call == syscalls::Call::rename || call == syscalls::Call::link) names_given_ = true;
    if (call == syscalls::Call::flush_filesystem && names_given_ && !happened_.exchange(true))
      what_();
    return 0;
  }

  [[nodiscard]] bool happened() const { return happened_; }

 private:
  const bool may_link_;
  const std::function<void()> what_;
  std::atomic<bool> names_given_{false};
  std::atomic<bool> happened_{false};
};

struct Scene {
  const char* file_system;
  int files;  ///< a few are flushed one by one
  bool may_link = true;
};

void PrintTo(const Scene& scene, std::ostream* out) {
  *out << scene.file_system << ", " << scene.files << " files"
       << (scene.may_link ? "" : ", without links");
}

class FlushOrder : public testing::TestWithParam<Scene> {
 protected:
  void SetUp() override {
    if (!disk.done()) GTEST_SKIP() << disk.why();
  }

  /// What a flush of somebody else's file does: the file system writes its log, names and all.
  void write_log() const {
    const std::string path = disk.path() + "/another";
    const Descriptor file(
        checked(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600), path));
    checked(::pwrite(file.get(), "x", 1, 0), path);
    checked(::fsync(file.get()), path);
  }

  const TemporaryFolder home;
  const CuttableDisk disk{{.file_system = GetParam().file_system, .has_write_cache = false}};
  const std::string source = home / "source";
  const std::string destination = disk.path() + "/destination";
};

TEST_P(FlushOrder, is_content_then_names) {
  Tree old;
  Tree wanted{folder("new")};
  for (int i = 0; i < GetParam().files; ++i) {
    const std::string name = std::to_string(i);
    const std::string content(static_cast<std::size_t>(1 + i % 3 * 100'000), 'n');
    if (i % 2 == 0) old.put(file(name, "old"));
    wanted.put(file(i % 2 == 0 ? name : "new/" + name, content));
  }
  make(wanted, source);
  make(old, destination);

  const BeforeLastFlush cut(GetParam().may_link, [&] {
    write_log();
    disk.cut_power();
  });
  const Pass pass = run_pass(between(source, destination));
  EXPECT_TRUE(cut.happened());
  EXPECT_EQ(pass.status(), Status::some_failed);
  disk.bring_back();
  const Tree found = snapshot(destination);
  Versions versions;
  versions.add(old);
  versions.add(wanted);
  EXPECT_TRUE(versions.nothing_is_torn_in(found));
  EXPECT_EQ(found.size(), wanted.size()) << "the names should have been on the disk";
}

INSTANTIATE_TEST_SUITE_P(On, FlushOrder,
                         testing::Values(Scene{"ext4", 30}, Scene{"ext4", 3},
                                         Scene{"ext4", 30, false}, Scene{"xfs", 30},
                                         Scene{"xfs", 3}, Scene{"btrfs", 30}, Scene{"btrfs", 3}),
                         [](const auto& each) {
                           return std::string(each.param.file_system) + '_' +
                                  std::to_string(each.param.files) + "_files" +
                                  (each.param.may_link ? "" : "_without_links");
                         });

}  // namespace
}  // namespace syncline::test
