// SPDX-License-Identifier: MIT
#include "stages/newborn.h"

#include "model/proof.h"

#include <utility>

namespace syncline::stages {

const Entry* Newborn::like(const Folder& folder, std::uint32_t rights) const {
  return &folder == folder_ && rights == rights_ ? &made_ : nullptr;
}

void Newborn::note(const Folder& folder, std::uint32_t rights, Entry made) {
  folder_ = &folder;
  rights_ = rights;
  made_ = std::move(made);
}

bool was_made_like(const Pass& pass, const FileTask& task, const Entry& like,
                   const std::optional<Entry>& now) {
  if (!now) return false;
  const Entry want = pass.wanted(task.source, {}, like);
  const bool times = pass.options.metadata.times;
  return (like.uid != want.uid || now->uid == want.uid) &&
         (like.gid != want.gid || now->gid == want.gid) &&
         (like.mode != want.mode || now->mode == want.mode) &&
         (!times || is_kept_as(want.identity.mtime_ns, now->identity.mtime_ns));
}

}  // namespace syncline::stages
