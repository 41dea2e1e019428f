// Whether a change of its metadata would hand an inode over, from whoever may have it open to
// others. Pure.
//
// Neither chown(2) nor chmod(2) takes a descriptor or a mapping from whoever has one. So who wrote
// to a file as its owner writes to it still when it is somebody else's program, and who could read
// it reads what comes into it later. Such an inode is never changed: a fresh one takes its place.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"
#include "model/metadata.h"

namespace syncline {

/// Whether to make `change` of `now`, which makes it more like `want`, would hand it over: it would
/// have another owner or group; somebody who may read or write it now (of folders: search it, too)
/// could not later; or it would run with more rights than it has, by set-id bits or capabilities.
/// What its owner has no right to, he can give himself: that is no change. Symlinks cannot be held
/// open. Access control lists count where both entries' attributes were looked at; where a list
/// grants a user or group less than the union of what he may be given otherwise, that counts as
/// taken.
bool changes_hands(const Entry& now, const Entry& want, MetadataChange change);

}  // namespace syncline
