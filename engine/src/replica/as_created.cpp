// SPDX-License-Identifier: MIT
#include "replica/as_created.h"

#include "filesystem/discard.h"
#include "filesystem/own_names.h"
#include "model/proof.h"

#include <utility>

namespace syncline::engine {

const Entry* LastCreated::like(const Folder& folder, std::uint32_t rights) const {
  return &folder == folder_ && rights == rights_ ? &made_ : nullptr;
}

const Entry& LastCreated::note(const Folder& folder, std::uint32_t rights, Entry made) {
  folder_ = &folder;
  rights_ = rights;
  made_ = std::move(made);
  return made_;
}

Entry as_created(const filesystem::Directory& folder, std::uint32_t rights) {
  const auto look = [](const filesystem::File& file) {
    Entry made = file.look();
    made.attributes = file.attributes();
    return made;
  };
  if (const auto unnamed = folder.create_unnamed(rights)) return look(*unnamed);
  const std::string name = filesystem::temporary_name();
  filesystem::File file = folder.create_file(name, rights);
  filesystem::discard(folder, name, file);
  return look(file);
}

bool was_made_like(const Entry& want, const Entry& like, const Entry& now, bool times) {
  return (like.uid != want.uid || now.uid == want.uid) &&
         (like.gid != want.gid || now.gid == want.gid) &&
         (like.mode != want.mode || now.mode == want.mode) &&
         (!times || is_kept_as(want.identity.mtime, now.identity.mtime));
}

}  // namespace syncline::engine
