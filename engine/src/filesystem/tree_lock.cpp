// SPDX-License-Identifier: MIT
#include "filesystem/tree_lock.h"

#include "filesystem/ancestors.h"
#include "filesystem/flock.h"

namespace syncline::filesystem {

std::optional<TreeLock> TreeLock::try_lock(const Directory& root) {
  return try_lock(root, true);
}

std::optional<TreeLock> TreeLock::try_lock_above(const Directory& parent) {
  return try_lock(parent, false);
}

std::optional<TreeLock> TreeLock::try_lock(const Directory& folder, bool is_root) {
  TreeLock result;
  for (Descriptor& each : self_and_ancestors(folder)) {
    const LockAttempt attempt = try_flock(each.get(), is_root);
    if (attempt == LockAttempt::held_by_another) return std::nullopt;
    if (attempt == LockAttempt::not_supported && is_root) result.effective_ = false;
    result.held_.push_back(std::move(each));
    is_root = false;
  }
  return result;
}

std::string TreeLock::holder(const Directory& root) {
  return holder(root, false);
}

std::string TreeLock::holder_above(const Directory& parent) {
  return holder(parent, true);
}

// Above the root only an exclusive lock stands in our way; shared ones are those of our siblings.
std::string TreeLock::holder(const Directory& start, bool above) {
  for (const Descriptor& folder : self_and_ancestors(start)) {
    if (const auto holder = flock_holder(identify(folder.get()), above)) return *holder;
    above = true;
  }
  return "another process";
}

}  // namespace syncline::filesystem
