// SPDX-License-Identifier: MIT
#pragma once

#include "index/link_groups.h"
#include "index/rows.h"
#include "pass/folder.h"
#include "walk/batch.h"

#include "syncline/event.h"

#include <vector>

namespace syncline::engine {

/// What linking names came to.
struct LinkOutcome {
  std::vector<Event> events;
  std::vector<index::Edit> edits;
  /// Names that lead their groups from now on, or stand alone: to be judged before the next
  /// generation of followers is linked.
  struct Judged {
    FolderRef folder;
    Batch batch;
  };
  std::vector<Judged> judged;
  std::vector<index::Follower> held;  ///< whose names somebody else uses at the moment
};

}  // namespace syncline::engine
