// Which metadata of an entry is to be set, and what this user may set at all.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace syncline {

/// The metadata that differs, or that a new entry needs.
struct MetadataChange {
  bool owner = false;
  bool group = false;
  bool mode = false;
  bool mtime = false;

  [[nodiscard]] bool any() const { return owner || group || mode || mtime; }
};

/// What the running user may do. It may give away any owner and group when privileged, else only
/// the groups it is in, as `rsync -a` does.
struct Privileges {
  bool any_owner = false;
  bool any_access = false;  ///< no mode keeps it out
  std::uint32_t user = 0;
  std::vector<std::uint32_t> groups;

  [[nodiscard]] bool may_set_group(std::uint32_t gid) const {
    return any_owner || std::ranges::find(groups, gid) != groups.end();
  }
  /// Of a folder's mode: what its owner needs to list, search and change it.
  static constexpr std::uint32_t all_of_owner = 0700;

  /// Whether `folder` lacks some of these bits of its owner's, who the user is and can help it.
  [[nodiscard]] bool is_shut_out(const Entry& folder, std::uint32_t bits) const {
    return !any_access && folder.uid == user && (folder.mode & bits) != bits;
  }
};

/// What must be set on `destination` to make its metadata that of `source`. Symlinks have no mode
/// of their own.
inline MetadataChange difference(const Entry& source, const Entry& destination,
                                 const Privileges& privileges) {
  return {.owner = privileges.any_owner && source.uid != destination.uid,
          .group = source.gid != destination.gid && privileges.may_set_group(source.gid),
          .mode = source.kind != Kind::symlink && source.mode != destination.mode,
          .mtime = source.identity.mtime_ns != destination.identity.mtime_ns};
}

}  // namespace syncline
