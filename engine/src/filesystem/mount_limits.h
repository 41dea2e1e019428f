// What whoever mounted a file system said of it: that what is there is not to be trusted with more
// than its bytes. Source of the flags: mount(2), statfs(2), f_flags.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"

namespace syncline::filesystem {

struct MountLimits {
  bool no_set_id = false;   ///< nosuid: set-id bits and capabilities of files count for nothing
  bool no_devices = false;  ///< nodev: devices cannot be opened

  [[nodiscard]] MountLimits stricter(const MountLimits& other) const {
    return {.no_set_id = no_set_id || other.no_set_id,
            .no_devices = no_devices || other.no_devices};
  }
};

/// Of the mount that `folder` is in; where that cannot be told, both.
MountLimits mount_limits_of(const Directory& folder);

}  // namespace syncline::filesystem
