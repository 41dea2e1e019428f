// What only the destination has, and what is in the way: whether it may go.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"
#include "pass/pass.h"
#include "walk/steps.h"

#include <string>

namespace syncline::engine {

/// For one thread. Nothing goes by this: that is noted, for the end of the walk.
class BatchRemovals {
 public:
  BatchRemovals(Pass& pass, const FolderRef& folder, Steps& steps)
      : pass_(pass), folder_(folder), steps_(steps) {}

  /// The source lacks `name`, unless what is kept or protected says otherwise.
  void remove(const std::string& name, const Entry& destination);

  /// The source lacks that folder, or has something else of its name, to which it `gives_way`.
  /// Whether it can go is known once everything in it was seen.
  void remove_folder(const std::string& name, const Entry& destination, bool gives_way);

  /// Whether a folder of the destination may give way to what is none; if not, it is told of.
  bool may_displace(const std::string& name, const Entry& destination);

 private:
  [[nodiscard]] bool may_remove(const std::string& name, const Entry& destination) const;
  bool is_mounted(const std::string& name, const Entry& destination);

  Pass& pass_;
  const FolderRef& folder_;
  Steps& steps_;
};

}  // namespace syncline::engine
