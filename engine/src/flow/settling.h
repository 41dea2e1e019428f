// Folders are settled by counting: each knows how much in it is still under way.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "flow/graph.h"
#include "pass/folder.h"

#include <vector>

namespace syncline::engine {

/// Thread-safe.
class Settling {
 public:
  explicit Settling(Graph& graph) : graph_(graph) {}

  /// One thing less is under way in `folder`.
  void count_down(FolderRef folder);
  /// Likewise once for each time that a folder is named.
  void end_folders(std::vector<FolderRef> folders);
  /// Likewise of files that were told of and go no further.
  void end_files(std::vector<FolderRef> folders);

 private:
  Graph& graph_;
};

}  // namespace syncline::engine
