// A file system that is at hand everywhere and unlike Linux's own: names that differ in case alone
// are one and keep their spelling, no owners, modes, symlinks or hard links, whole seconds.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "support/process.h"

#include <sys/mount.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace syncline::test {

/// An empty exFAT at `place`, while it lives; its image lies beside. Only root may mount one, and
/// not in every sandbox.
class Exfat {
 public:
  explicit Exfat(const std::string& place) : place_(place) {
    const std::string image = place + ".exfat";
    std::ofstream(image).close();
    std::filesystem::resize_file(image, 16U << 20U);
    std::filesystem::create_directory(place);
    done_ = succeeds({"/sbin/mkfs.exfat", image}) &&
            succeeds({"/bin/mount", "-t", "exfat-fuse", "-o", "loop,umask=0", image, place});
  }
  Exfat(const Exfat&) = delete;
  Exfat& operator=(const Exfat&) = delete;
  ~Exfat() {
    if (done_) ::umount2(place_.c_str(), 0);
  }

  [[nodiscard]] bool done() const { return done_; }

 private:
  static bool succeeds(const std::vector<std::string>& command) {
    return std::filesystem::exists(command.front()) && run(command).status == 0;
  }

  std::string place_;
  bool done_ = false;
};

}  // namespace syncline::test
