// statx(2) turned into the model's Entry, and an entry's metadata set on a descriptor. For this
// folder's own use.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/refusal.h"
#include "model/entry.h"
#include "model/metadata.h"

#include <cstdint>
#include <optional>

namespace syncline::filesystem {

/// What `name` in `folder` is, not following a symlink, whose target is left out; with an empty
/// name, what `folder` itself is. nullopt when there is no such name. Throws SystemError.
std::optional<Entry> look_at(int folder, const char* name);

/// What the open file `fd` is. Half the price of look_at, which tells of mount points too. Throws
/// SystemError.
Entry look_at(int fd);

/// Whether something is mounted on `name` in `folder`, which the kernel tells of what cannot be
/// looked at, too. False where it does not (before Linux 5.8, and of an absent name).
bool is_mount_root(int folder, const char* name);

/// Of the mount that `fd` was reached by: unlike the one of statx(2) it is never used again while
/// the system runs. nullopt where the kernel is older than that (Linux 6.8).
std::optional<std::uint64_t> mount_number_of(int fd);

/// Sets on `fd` (O_PATH suffices) what `change` names, to what `want` holds, each piece by itself,
/// so that one that is refused costs nothing else: the owner first, since chown clears set-id bits
/// and capabilities; then attributes, since a mode may take the right to set them away; access
/// control lists, which move the mode; then that, capabilities, and times last. A file that cannot
/// be given its owner is not given its set-id bits either (mode_without()). Throws SystemError,
/// once all was tried, where something else is wrong than that it cannot be had.
///
/// Where there were none before, rights are set last but for times, by one call: the list of access
/// that `want` has, or one that says no more than its mode, takes the place of whatever list the
/// entry got from its folder, and sets the nine permission bits with it. It takes 0.7 µs more than
/// fchmod(2) (ext4, XFS, Btrfs, tmpfs alike), which would open such a list along with the mode.
Refusal set_metadata_on(int fd, bool is_opath, const Entry& want, MetadataChange change,
                        RightsBefore rights = RightsBefore::seen);

}  // namespace syncline::filesystem
