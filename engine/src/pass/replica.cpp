// SPDX-License-Identifier: MIT
#include "pass/replica.h"

#include <vector>

namespace syncline::engine {

index::FolderKey Replica::deferred_key(Folder& folder) {
  const std::scoped_lock lock{mutex_};
  std::vector<Folder*> missing;
  index::FolderKey key = index::no_folder;
  for (Folder* at = &folder; at != nullptr && key == index::no_folder; at = at->parent.get()) {
    key = at->deferred_key;
    if (key == index::no_folder) missing.push_back(at);
  }
  for (auto next = missing.rbegin(); next != missing.rend(); ++next) {
    Folder* const at = *next;
    const bool mirrored = at->role == Folder::Role::mirrored;
    key = deferred.add_folder(key, at->name, at->depth, at->there.id,
                              mirrored ? std::optional{at->from->id} : std::nullopt, at->row.key);
    at->deferred_key = key;
  }
  return key;
}

void Replica::note_no_spelling(std::uint64_t device) {
  const std::scoped_lock lock{mutex_};
  keeps_no_spelling_.insert(device);
}

bool Replica::keeps_no_spelling(std::uint64_t device) const {
  const std::scoped_lock lock{mutex_};
  return keeps_no_spelling_.contains(device);
}

}  // namespace syncline::engine
