// SPDX-License-Identifier: MIT
#include "filesystem/tree_lock.h"

#include "filesystem/ancestors.h"
#include "filesystem/flock.h"

namespace syncline::filesystem {

std::optional<TreeLock> TreeLock::try_lock(const Directory& root) {
  TreeLock result;
  bool is_root = true;
  for (Descriptor& folder : self_and_ancestors(root)) {
    const LockAttempt attempt = try_flock(folder.get(), is_root);
    if (attempt == LockAttempt::held_by_another) return std::nullopt;
    if (attempt == LockAttempt::not_supported && is_root) result.effective_ = false;
    result.held_.push_back(std::move(folder));
    is_root = false;
  }
  return result;
}

std::string TreeLock::holder(const Directory& root) {
  // Above the root only an exclusive lock stands in our way; shared ones are those of our siblings.
  bool above = false;
  for (const Descriptor& folder : self_and_ancestors(root)) {
    if (const auto holder = flock_holder(identify(folder.get()), above)) return *holder;
    above = true;
  }
  return "another process";
}

}  // namespace syncline::filesystem
