// Both roots opened, and refused where mirroring one onto the other would do harm.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "filesystem/tree_lock.h"

#include "syncline/options.h"

#include <optional>

namespace syncline {

struct OpenRoots {
  filesystem::Directory source;
  std::optional<filesystem::Directory> destination;  ///< none in a dry run onto nothing
  bool created = false;                              ///< the destination is new, or would be
  std::optional<filesystem::TreeLock> lock;          ///< none in a dry run
};

/// Creates the destination where that is asked for, and locks it. Throws Unusable, nothing having
/// been created then.
OpenRoots open_roots(const Options& options);

}  // namespace syncline
