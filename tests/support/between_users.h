// The scene of an attack: root mirrors, on a file system of its own, and a stranger reaches into
// both sides as far as their modes let him.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "support/disk.h"
#include "support/mounted_image.h"
#include "support/passes.h"
#include "support/stranger.h"
#include "support/tree.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace syncline::test {

/// By the file system that both sides are on.
class BetweenUsers : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!may_be_a_stranger()) GTEST_SKIP() << "only root may act as another user";
    if (!disk.done()) GTEST_SKIP() << disk.why();
    namespace fs = std::filesystem;
    // He may pass to the disk, and then as far as what is on it lets him.
    fs::permissions(fs::path(disk.path()).parent_path(), fs::perms::others_exec,
                    fs::perm_options::add);
    fs::create_directory(source);
    fs::create_directory(destination);
    fs::create_directory(ours);
    fs::permissions(ours, fs::perms::owner_all);
  }

  /// A folder "his" on both sides.
  void give_him_folders() const {
    for (const std::string& root : {source, destination})
      put(folder("his").owner(stranger_id, stranger_id), root);
  }

  const MountedImage disk{GetParam(), 64U << 20U};
  const std::string source = disk.path() + "/source";
  const std::string destination = disk.path() + "/destination";
  /// Only root's: for the index, and for what he must not see.
  const std::string ours = disk.path() + "/ours";
};

/// The file systems that each attack is tried on.
inline auto disks_of_attacks() {
  return testing::Values("tmpfs", "ext4");
}

inline std::string name_of_disk(const testing::TestParamInfo<const char*>& info) {
  return info.param;
}

}  // namespace syncline::test
