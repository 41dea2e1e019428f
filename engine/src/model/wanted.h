// What the mirror of an entry shall be, where it is not to have all that the source has. Pure: no
// disk.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"

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

/// `source` with what is not kept taken from `old`, which it takes the place of, or where there is
/// none from `made`, as the system made it. New entries are not given the bits of `umask`.
Entry wanted(const Entry& source, const std::optional<Entry>& old, const Entry& made,
             const KeptMetadata& kept, std::uint32_t umask);

}  // namespace syncline
