// SPDX-License-Identifier: MIT
#include "pass/file_systems.h"

#include <utility>

namespace syncline::engine {

namespace {

// Mounts of one file system may differ in these: what any of them forbids is forbidden.
void add_mount(SourceSide& known, const SourceSide& folder) {
  known.limits = known.limits.stricter(folder.limits);
}
void add_mount(ReplicaSide& /*known*/, const ReplicaSide& /*folder*/) {}

}  // namespace

template <typename Side>
void FileSystems<Side>::note(const Side& folder) {
  const std::scoped_lock lock{mutex_};
  const auto [at, is_new] = known_.emplace(folder.id.device, folder);
  if (is_new)
    at->second.handle.reset();
  else
    add_mount(at->second, folder);
}

template <typename Side>
void FileSystems<Side>::tell(Side& folder) const {
  const std::scoped_lock lock{mutex_};
  const auto found = known_.find(folder.id.device);
  if (found == known_.end()) return;
  const FileId id = folder.id;
  auto handle = std::move(folder.handle);
  folder = found->second;
  folder.id = id;
  folder.handle = std::move(handle);
}

template class FileSystems<SourceSide>;
template class FileSystems<ReplicaSide>;

void learn_unheld(Folder& folder, const Holds& holds) {
  const auto& known = folder.there.unheld;
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
