// SPDX-License-Identifier: MIT
#include "flow/settling.h"

#include "walk/settle.h"

#include <cstdint>
#include <utility>

namespace syncline::engine {

void Settling::end_files(std::vector<FolderRef> folders) {
  graph_.return_credits(static_cast<std::int64_t>(folders.size()));
  end_folders(std::move(folders));
}

void Settling::end_folders(std::vector<FolderRef> folders) {
  for (FolderRef& folder : folders) count_down(std::move(folder));
}

// Whoever brings a folder's count to zero settles it and goes on with its parent: a loop, since
// trees are deep.
void Settling::count_down(FolderRef folder) {
  while (folder && --folder->pending == 0) {
    std::vector<Event> events;
    std::vector<index::Edit> edits;
    Pass& pass = *folder->pass;
    if (!pass.brakes.stopping()) settle(pass, *folder, events, edits);
    graph_.record(pass, std::move(events), 0, std::move(edits));
    folder = FolderRef{folder->parent};  // a path that is still to be told goes by it
  }
}

}  // namespace syncline::engine
