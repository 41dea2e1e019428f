// Settling: a folder in which nothing is left to be done gets its own metadata, mtime last of all.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/deferred_list.h"
#include "pass/folder.h"
#include "pass/pass.h"

#include "syncline/event.h"

#include <vector>

namespace syncline::engine {

/// Tells that `folder`, which the source lacks, would be removed.
Action removal_of(const Folder& folder);
/// Likewise of an entry of `folder`.
Action removal_of(const Folder& folder, const index::Removal& removal);

/// A folder that the deferred list will touch again is noted there instead.
void settle(Pass& pass, Folder& folder, std::vector<Event>& events,
            std::vector<index::Edit>& edits);

}  // namespace syncline::engine
