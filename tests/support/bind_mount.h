// File systems that are mounted while a value lives: a folder that shows what another one holds,
// and an empty one in memory.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sys/mount.h>

#include <string>

namespace syncline::test {

/// `place` shows what `shown` holds. Not every sandbox lets even root do that.
class BindMount {
 public:
  BindMount(const std::string& shown, const std::string& place)
      : place_(place),
        done_(::mount(shown.c_str(), place.c_str(), nullptr, MS_BIND, nullptr) == 0) {}
  BindMount(const BindMount&) = delete;
  BindMount& operator=(const BindMount&) = delete;
  ~BindMount() {
    if (done_) ::umount2(place_.c_str(), MNT_DETACH);
  }

  [[nodiscard]] bool done() const { return done_; }

 private:
  std::string place_;
  bool done_;
};

/// An empty file system at `place`, on a device of its own.
class Tmpfs {
 public:
  explicit Tmpfs(const std::string& place)
      : place_(place),
        done_(::mount("tmpfs", place.c_str(), "tmpfs", 0, "size=16m,mode=755") == 0) {}
  Tmpfs(const Tmpfs&) = delete;
  Tmpfs& operator=(const Tmpfs&) = delete;
  ~Tmpfs() {
    if (done_) ::umount2(place_.c_str(), MNT_DETACH);
  }

  [[nodiscard]] bool done() const { return done_; }

 private:
  std::string place_;
  bool done_;
};

}  // namespace syncline::test
