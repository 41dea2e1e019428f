// Which folders the source lacks: only after the walk of what it has, when it is known what was
// moved out of them.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "deferred/deferred_folders.h"
#include "index/deferred_list.h"
#include "pass/folder.h"
#include "pass/pass.h"

#include "syncline/event.h"

#include <cstddef>
#include <vector>

namespace syncline::engine {

/// After the walk of what the source has: the next `most` folders behind `last`, which is moved on,
/// and counted in their parents. Empty: that was all.
std::vector<FolderRef> extraneous_folders(Pass& pass, DeferredFolders& folders,
                                          index::Extraneous& last, std::size_t most,
                                          std::vector<Event>& events);

}  // namespace syncline::engine
