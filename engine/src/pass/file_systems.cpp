// SPDX-License-Identifier: MIT
#include "pass/file_systems.h"

namespace syncline::engine {

void FileSystems::note(const FolderSide& folder) {
  const std::scoped_lock lock{mutex_};
  FileSystem& known =
      known_
          .emplace(folder.id.device,
                   FileSystem{.stamping = folder.stamping, .unheld = folder.unheld, .limits = {}})
          .first->second;
  known.limits = known.limits.stricter(folder.limits);
}

void FileSystems::tell(FolderSide& folder) const {
  const std::scoped_lock lock{mutex_};
  const auto found = known_.find(folder.id.device);
  if (found == known_.end()) return;
  folder.stamping = found->second.stamping;
  folder.unheld = found->second.unheld;
  folder.limits = found->second.limits;
}

void learn_unheld(Folder& folder, const Holds& holds) {
  const auto& known = folder.side(Side::destination).unheld;
  if (!known) return;
  if (!holds.owner && !known->takes_owner) known->owner = true;
  if (!holds.group && !known->takes_group) known->group = true;
  if (!holds.mode && !known->takes_mode) known->mode = true;
  if (!holds.user_attributes) known->user_attributes = true;
  if (!holds.trusted_attributes) known->trusted_attributes = true;
  if (!holds.acl) known->acl = true;
  if (!holds.capabilities) known->capabilities = true;
}

}  // namespace syncline::engine
