// The late list carried out: after the whole walk and the guard, first what takes the place of
// folders, then deletions, the deepest folders first, and last the metadata of the live folders
// that both touched.
//
// Every target is looked at again: what the source has by now, or what is no longer the entry that
// was seen, stays.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "stages/pass.h"

#include "syncline/event.h"

#include <optional>
#include <string>
#include <vector>

namespace syncline::stages {

/// Puts what was prepared into the places of the folders there, which keep a temporary's name until
/// they are emptied; when deletions are not `allowed`, removes what was prepared.
std::vector<Event> replace_folders(Pass& pass, Folder& root, bool allowed);

/// Removes what is noted in that folder, if `allowed`, a page at a time, and settles it behind the
/// last: to be called again with `after` until that comes back empty.
struct LatePage {
  std::vector<Event> events;
  std::optional<std::string> after;
};
LatePage finish_late(Pass& pass, Folder& root, index::FolderKey key, const std::string& after,
                     bool allowed);

/// Names in a page: enough to make SQLite's part small, and never more events at once.
inline constexpr std::size_t late_page_names = 256;

}  // namespace syncline::stages
