// Both roots opened, and refused where mirroring one onto the other would do harm.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "filesystem/tree_lock.h"
#include "index_file.h"

#include "syncline/event.h"
#include "syncline/options.h"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace syncline {

struct OpenRoots {
  filesystem::Directory source;
  std::optional<filesystem::Directory> destination;  ///< none in a dry run onto nothing
  bool created = false;                              ///< the destination is new, or would be
  std::optional<filesystem::TreeLock> lock;          ///< none in a dry run
  std::optional<IndexFile> index_file;               ///< none where no index is wanted
  std::vector<std::string> notices;                  ///< what was out of the ordinary, to be told
  index::Pair pair;  ///< what the index is about; nothing told of a destination that is not there
};

/// Creates the destination where that is asked for, and locks it. Throws Unusable, nothing having
/// been created then. Waiting for another run is told to `observer`, and ended by `stop`.
OpenRoots open_roots(const Options& options, Observer& observer, const std::stop_token& stop);

}  // namespace syncline
