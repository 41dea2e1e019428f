// SPDX-License-Identifier: MIT
#include "stages/pass.h"

#include "filesystem/system_error.h"

#include <vector>

namespace syncline::stages {

void Pass::abandon(const std::string& why) {
  const std::scoped_lock lock{mutex_};
  if (why_abandoned_.empty()) why_abandoned_ = why;
  abandoned_ = true;
}

std::string Pass::why_abandoned() const {
  const std::scoped_lock lock{mutex_};
  return why_abandoned_;
}

void Pass::suppress_deletions(const std::string& why) {
  const std::scoped_lock lock{mutex_};
  if (suppressed_times_++ == 0) why_suppressed_ = why;
}

std::string Pass::why_deletions_suppressed() const {
  const std::scoped_lock lock{mutex_};
  if (suppressed_times_ < 2) return why_suppressed_;
  return why_suppressed_ + " (and " + std::to_string(suppressed_times_ - 1) + " more)";
}

filesystem::Access Pass::source_access(Folder& folder) {
  const std::uint64_t device = folder.side(Side::source).id.device;
  {
    const std::scoped_lock lock{mutex_};
    if (const auto known = access_.find(device); known != access_.end()) return known->second;
  }
  try {
    const auto access = filesystem::access_of(*handles.get(folder, Side::source));
    const std::scoped_lock lock{mutex_};
    return access_.emplace(device, access).first->second;
  } catch (const filesystem::SystemError&) {
    return filesystem::Access::in_order;  // the folder is out of reach, and so will its files be
  }
}

index::FolderKey Pass::late_key(Folder& folder) {
  const std::scoped_lock lock{mutex_};
  std::vector<Folder*> missing;
  index::FolderKey key = index::no_folder;
  for (Folder* at = &folder; at != nullptr && key == index::no_folder; at = at->parent.get()) {
    key = at->late_key;
    if (key == index::no_folder) missing.push_back(at);
  }
  for (auto next = missing.rbegin(); next != missing.rend(); ++next) {
    Folder* const at = *next;
    const bool mirrored = at->role == Folder::Role::mirrored;
    key = late.add_folder(key, at->name, at->depth, at->side(Side::destination).id,
                          mirrored ? std::optional{at->side(Side::source).id} : std::nullopt);
    at->late_key = key;
  }
  return key;
}

}  // namespace syncline::stages
