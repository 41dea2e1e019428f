// What actions are decided upon: both sides as the walk saw them.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"
#include "pass/folder.h"

#include "syncline/precondition.h"

#include <optional>

namespace syncline::engine {

/// `is_moved`: this pass renames it, which moves its ctime.
inline Precondition precondition_of(const Entry& entry, bool is_moved = false) {
  if (entry.kind == Kind::folder) return {.kind = entry.kind, .id = entry.identity.id};
  Precondition of{.kind = entry.kind,
                  .id = entry.identity.id,
                  .size = entry.identity.size,
                  .mtime = entry.identity.mtime,
                  .ctime = entry.identity.ctime,
                  .links = entry.links};
  if (is_moved) of.ctime.reset();
  return of;
}

/// Nothing is done to the source.
inline Precondition source_precondition_of(const Entry& entry) {
  Precondition of = precondition_of(entry);
  of.links = 1;
  return of;
}

/// Of an entry of `folder`.
inline Preconditions given(const Folder& folder, const std::optional<Entry>& source,
                           const std::optional<Entry>& destination, bool is_moved = false) {
  Preconditions given{.folder = folder.there.id};
  if (source) given.source = source_precondition_of(*source);
  if (destination) given.destination = precondition_of(*destination, is_moved);
  return given;
}

/// Of a folder itself.
inline Preconditions given(const Folder& folder) {
  Preconditions given;
  if (folder.parent) given.folder = folder.parent->there.id;
  if (folder.source) {
    const Entry& source = *folder.source;
    given.source = precondition_of(source);
    given.rights = {.mode = source.mode, .uid = source.uid, .gid = source.gid};
  }
  if (folder.created) given.makes = folder.there.id;
  if (folder.created || folder.supplants)
    given.destination = folder.supplanted;
  else if (folder.destination)
    given.destination = precondition_of(*folder.destination);
  return given;
}

}  // namespace syncline::engine
