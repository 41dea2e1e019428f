// First stage: a folder is opened on the sides that have it, created where the destination lacks
// it, and its names are read and merged.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/rows.h"
#include "pass/folder.h"
#include "pass/pass.h"

#include "syncline/event.h"

#include <vector>

namespace syncline::engine {

struct Listed {
  std::vector<Event> events;
  std::vector<index::Edit> edits;
  bool is_held = false;  ///< somebody else has the folder at the moment: it was not listed
};

/// Fills `folder` up to its first batch. After a failure there is none, and where a
/// folder could not be seen, nothing will be deleted in this pass. It is not held unless it
/// `may_hold`.
Listed list(Pass& pass, Folder& folder, bool may_hold);

/// Tells that `folder` was created, or took the place of something else.
Action created_event(const Folder& folder);

}  // namespace syncline::engine
