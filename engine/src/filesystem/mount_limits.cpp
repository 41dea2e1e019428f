// SPDX-License-Identifier: MIT
#include "filesystem/mount_limits.h"

#include "filesystem/syscalls.h"

#include <sys/statvfs.h>

namespace syncline::filesystem {

MountLimits mount_limits_of(const Directory& folder) {
  struct statfs status {};
  if (syscalls::fstatfs(folder.descriptor(), &status) != 0)
    return {.no_set_id = true, .no_devices = true};
  const auto has = [&](unsigned flag) {
    return (static_cast<unsigned long>(status.f_flags) & flag) != 0;
  };
  return {.no_set_id = has(ST_NOSUID), .no_devices = has(ST_NODEV)};
}

}  // namespace syncline::filesystem
