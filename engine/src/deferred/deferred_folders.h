// The folders that deferred work is done in, found again by their keys in the deferred list.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/pass.h"

#include <mutex>
#include <unordered_map>

namespace syncline::engine {

/// Folders looked up in the deferred list at a time.
inline constexpr std::size_t deferred_round = 1024;

/// Thread-safe.
class DeferredFolders {
 public:
  /// `looks`: the folders are as entries in them are judged by, which takes a look at each.
  DeferredFolders(Pass& pass, FolderRef root, bool looks = false)
      : pass_(pass), root_(std::move(root)), looks_(looks) {}

  FolderRef at(index::FolderKey key);
  // Of the destination.

  Handles::Handle root_handle() { return pass_.handles.get(*root_); }
  Handles::View root_view() { return pass_.handles.view(*root_); }
  /// Some are found under other names from here on.
  void names_changed();

 private:
  void look_at(Folder& folder);
  void forget_some();

  Pass& pass_;
  const FolderRef root_;
  const bool looks_;

  // Folders met before, so that neighbours and parents need not be found from the root again.
  static constexpr std::size_t most_known_folders = 4096;
  std::mutex mutex_;
  std::unordered_map<index::FolderKey, FolderRef> known_;
  std::size_t most_known_ = most_known_folders;
};

/// nullptr where that folder is gone, or another has taken its place.
Handles::View open_if_there(Pass& pass, Folder& folder);

}  // namespace syncline::engine
