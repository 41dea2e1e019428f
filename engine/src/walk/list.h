// First stage: a folder is opened on the sides that have it, created where the destination lacks
// it, and its names are read and merged.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/rows.h"
#include "pass/folder.h"

#include "syncline/event.h"

#include <span>
#include <vector>

namespace syncline::engine {

struct Listed {
  std::vector<Event> events;
  std::vector<index::Edit> edits;
  bool is_held = false;  ///< somebody else has the folder at the moment: it was not listed
};

/// Fills `folders`, which are one folder of the source, up to their first batch: that is asked
/// once. After a failure there is none, and where a folder could not be seen, nothing will be
/// deleted in its pass. They are not held unless they `may_hold`. Those of a pass that is stopping
/// are left as they are.
std::vector<Listed> list(std::span<const FolderRef> folders, bool may_hold);
Listed list(const FolderRef& folder, bool may_hold);

/// Tells that `folder` was created, or took the place of something else.
Action created_event(const Folder& folder);

}  // namespace syncline::engine
