// The deferred list carried out: after the whole walk and the guard, first what takes the place of
// folders, then deletions, the deepest folders first, and last the metadata of the live folders
// that both touched.
//
// Every target is looked at again: what the source has by now, or what is no longer the entry that
// was seen, stays.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "deferred/deferred_folders.h"
#include "pass/pass.h"

#include "syncline/event.h"

#include <optional>
#include <string>
#include <vector>

namespace syncline::engine {

/// Thread-safe.
class DeferredWork {
 public:
  /// Deletions happen only if `allowed`.
  DeferredWork(Pass& pass, DeferredFolders& folders, bool allowed)
      : pass_(pass), folders_(folders), allowed_(allowed) {}
  [[nodiscard]] Pass& pass() const { return pass_; }

  /// Puts what was prepared into the places of the folders there, which keep a temporary's name
  /// until they are emptied; if not allowed, removes what was prepared.
  std::vector<Event> replace_folders();

  struct Page {
    std::vector<Event> events;
    std::vector<index::Removal> held;  ///< by somebody else: to be asked for again
    std::vector<index::Edit> edits;
    std::optional<std::string> after;  ///< where the next page begins; none behind the last
  };
  /// Enough to make SQLite's part small, and never more events at once.
  static constexpr std::size_t page_names = 256;

  /// Removes what is noted in that folder, a page at a time, and settles it behind the last one.
  Page finish(index::FolderKey key, const std::string& after);

  /// Removes what was held, and settles the folder behind that. If not `may_hold`, what still is
  /// has failed.
  Page finish_held(index::FolderKey key, const std::vector<index::Removal>& held, bool may_hold);

 private:
  void replace(const index::Replacement& replacement);
  void put_in_place(const index::Replacement& replacement);
  void discard(const index::Replacement& replacement);
  /// Gives it the metadata that is noted for it. Throws SystemError.
  void settle(Folder& folder, const index::DeferredFolder& row, Page& page);
  std::optional<std::string> remove_page(Folder& folder, index::FolderKey key,
                                         const std::string& after, Page& page);
  template <typename Remove>
  Page finish_by(index::FolderKey key, Remove remove);

  Pass& pass_;
  DeferredFolders& folders_;
  const bool allowed_;
};

}  // namespace syncline::engine
