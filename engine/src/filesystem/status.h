// statx(2) turned into the model's Entry, and an entry's metadata set on a descriptor. For this
// folder's own use.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"
#include "model/metadata.h"

#include <optional>

namespace syncline::filesystem {

/// What `name` in `folder` is, not following a symlink, whose target is left out; with an empty
/// name, what `folder` itself is. nullopt when there is no such name. Throws SystemError.
std::optional<Entry> look_at(int folder, const char* name);

/// What the open file `fd` is. Half the price of look_at, which tells of mount points too. Throws
/// SystemError.
Entry look_at(int fd);

/// Sets on `fd` (O_PATH suffices) what `change` names, to what `want` holds: the owner first, since
/// chown clears set-id bits and capabilities, then access control lists, which move the mode, then
/// that, and times last. Returns what the file system cannot hold. Throws SystemError.
MetadataChange set_metadata_on(int fd, bool is_opath, const Entry& want, MetadataChange change);

}  // namespace syncline::filesystem
