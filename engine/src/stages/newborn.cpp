// SPDX-License-Identifier: MIT
#include "stages/newborn.h"

#include "model/proof.h"

#include <utility>

namespace syncline::stages {

const Entry* Newborn::like(const Folder& folder, std::uint32_t rights) const {
  return &folder == folder_ && rights == rights_ ? &made_ : nullptr;
}

const Entry& Newborn::note(const Folder& folder, std::uint32_t rights, Entry made) {
  folder_ = &folder;
  rights_ = rights;
  made_ = std::move(made);
  return made_;
}

bool was_made_like(const Entry& want, const Entry& like, const Entry& now, bool times) {
  return (like.uid != want.uid || now.uid == want.uid) &&
         (like.gid != want.gid || now.gid == want.gid) &&
         (like.mode != want.mode || now.mode == want.mode) &&
         (!times || is_kept_as(want.identity.mtime, now.identity.mtime));
}

}  // namespace syncline::stages
