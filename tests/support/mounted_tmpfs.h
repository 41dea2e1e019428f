// A tmpfs mounted on a folder that is there, for as long as that is wanted.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sys/mount.h>

#include <string>
#include <utility>

namespace syncline::test {

class MountedTmpfs {
 public:
  /// `flags`: of mount(2).
  explicit MountedTmpfs(std::string place, unsigned long flags = 0)
      : place_(std::move(place)),
        done_(::mount("tmpfs", place_.c_str(), "tmpfs", flags, "size=16m,mode=755") == 0) {}
  MountedTmpfs(const MountedTmpfs&) = delete;
  MountedTmpfs& operator=(const MountedTmpfs&) = delete;
  ~MountedTmpfs() {
    if (done_) ::umount2(place_.c_str(), MNT_DETACH);
  }

  [[nodiscard]] bool done() const { return done_; }

 private:
  const std::string place_;
  const bool done_;
};

}  // namespace syncline::test
