// Both roots opened, and refused where mirroring one onto the other would do harm.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "filesystem/tree_lock.h"
#include "opening/index_file.h"
#include "opening/shut_root.h"

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
  std::optional<ShutRoot> shut;              ///< what the destination was, where it was opened up
  bool created = false;                      ///< the destination is new, or would be
  std::optional<filesystem::TreeLock> lock;  ///< none in a dry run
  std::optional<IndexFile> index_file;       ///< none where no index is wanted
  std::vector<Notice> notices;               ///< what was out of the ordinary, to be told
  index::Pair pair;  ///< what the index is about; nothing told of a destination that is not there
};

/// Creates the destination where that is asked for, and locks it. Throws Unusable, nothing having
/// been created then. Waiting for another run is told to `observer`, and ended by `stop`.
OpenRoots open_roots(const Options& options, Observer& observer, const std::stop_token& stop);

/// Whether the walk of `source` would come to `folder`, or to `name` in it: not where it lies
/// elsewhere, or where rules, the list or one_file_system keep the walk out of it.
bool would_be_walked(const Options& options, const filesystem::Directory& source,
                     const filesystem::Directory& folder, const std::string& name = {});

}  // namespace syncline
