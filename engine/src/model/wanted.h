// What the mirror of an entry shall be, where it is not to have all that the source has. Pure: no
// disk.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"
#include "model/metadata.h"

#include "syncline/options.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace syncline {

/// The mode of a folder, or of another entry that is no symlink, after `changes`.
std::uint32_t changed_mode(std::uint32_t mode, bool is_folder,
                           const std::vector<ModeChange>& changes);

/// Gives `source` the owner, group and mode that are wanted in place of its own.
void adapt(Entry& source, const KeptMetadata& kept);

/// Makes an access control list in `entry` say what its mode says (acl(5), "Correspondence between
/// ACL entries and file permission bits").
void fit_acl(Entry& entry);

/// Whether what takes the place of `old`, which differs in `change`, has its mode from the system,
/// where modes are not kept: whoever had what is somebody else's from now on has no say in who gets
/// at it.
bool is_new(const std::optional<Entry>& old, MetadataChange change);

/// The rights to create a new counterpart of `source` with: those of its owner alone, for it is
/// private until it is whole; or where modes are not kept all that the source has, of which the
/// system leaves what the umask, or the folder's default access control list, has it leave.
std::uint32_t rights_to_create(const Entry& source, const KeptMetadata& kept);

/// `mode` made that of something that can be executed, or cannot, as the source's can.
std::uint32_t with_executability(std::uint32_t mode, std::uint32_t of_source);

/// `source` with what is not kept taken from `old`, which it takes the place of, or if it is_new()
/// from `made`, as the system made it with rights_to_create(). A folder that is `old` itself, and
/// new in that sense, keeps of its rights what the source has too. Set-id bits of a file were given
/// to other bytes.
Entry wanted(const Entry& source, const std::optional<Entry>& old, const Entry& made, bool is_new,
             const KeptMetadata& kept);

}  // namespace syncline
