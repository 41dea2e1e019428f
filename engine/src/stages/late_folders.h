// The folders that late work is done in, found again by their keys in the late list.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "stages/pass.h"

#include <mutex>
#include <unordered_map>

namespace syncline::stages {

/// Thread-safe.
class LateFolders {
 public:
  LateFolders(Pass& pass, FolderRef root) : pass_(pass), root_(std::move(root)) {}

  FolderRef at(index::FolderKey key);
  /// Of the destination.
  Handles::Handle root_handle() { return pass_.handles.get(*root_, Side::destination); }
  /// Some are found under other names from here on.
  void names_changed();

 private:
  Pass& pass_;
  const FolderRef root_;

  // Folders met before, so that neighbours and parents need not be found from the root again.
  std::mutex mutex_;
  std::unordered_map<index::FolderKey, FolderRef> known_;
};

/// nullptr where that folder is gone, or another has taken its place.
Handles::Handle open_if_there(Pass& pass, Folder& folder, Side side);

}  // namespace syncline::stages
