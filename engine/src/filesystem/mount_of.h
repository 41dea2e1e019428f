// The mount that an open file was reached by, as the kernel's table has it (proc_pid_mountinfo(5)).
//
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

namespace syncline::filesystem {

struct Mount {
  std::string device;  ///< "major:minor" of the file system, in decimal; on Btrfs no file has it
  std::string root;    ///< of the mount within that file system
  std::string point;   ///< where it is mounted
};

/// nullopt where /proc cannot tell. Never fails.
std::optional<Mount> mount_of(int fd);

}  // namespace syncline::filesystem
