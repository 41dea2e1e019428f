// The late list carried out: after the whole walk and the guard, first what takes the place of folders, then deletions,
// the deepest folders first, and last the metadata of the live folders that both touched.
//
// Every target is looked at again: what the source has by now, or what is no longer the entry that was seen, stays.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "stages/pass.h"
#include "syncline/event.h"

namespace syncline::stages {

/// Puts what was prepared into the places of the folders there, which keep a temporary's name until they are emptied;
/// when deletions are not `allowed`, removes what was prepared.
std::vector<Event> replace_folders(Pass& pass, Folder& root, bool allowed);

/// Removes what is noted in that folder, if `allowed`, and settles it.
std::vector<Event> finish_late(Pass& pass, Folder& root, index::FolderKey key, bool allowed);

}  // namespace syncline::stages
