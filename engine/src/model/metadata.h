// Which metadata of an entry is to be set, and what of it can be kept at all: by this user, on the
// destination's file system.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"
#include "model/proof.h"

#include "syncline/options.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace syncline {

/// Parts of the metadata: those that differ, that are to be set, or that could not be.
struct MetadataChange {
  bool owner = false;
  bool group = false;
  bool mode = false;
  bool mtime = false;
  bool attributes = false;    ///< extended ones
  bool acl = false;           ///< POSIX access control lists
  bool capabilities = false;  ///< of executables

  [[nodiscard]] bool any() const {
    return owner || group || mode || mtime || attributes || acl || capabilities;
  }
  [[nodiscard]] bool any_attributes() const { return attributes || acl || capabilities; }
};

/// What the running user may do. It may give away any owner and group when privileged, else only
/// the groups it is in, as `rsync -a` does.
struct Privileges {
  std::uint32_t user = 0;  ///< the effective one
  bool any_owner = false;
  bool capabilities = false;  ///< may give them to files
  bool any_access = false;    ///< is not kept out by modes
  std::vector<std::uint32_t> groups;
  std::uint32_t umask = 0;  ///< what new entries are not given

  [[nodiscard]] bool may_set_group(std::uint32_t gid) const {
    return any_owner || std::ranges::find(groups, gid) != groups.end();
  }
  /// Of a folder's mode: what its owner needs to list, search and change it.
  static constexpr std::uint32_t all_of_owner = 0700;
  /// Of a file's mode: what its owner needs to read it.
  static constexpr std::uint32_t owner_reads = 0400;

  /// Whether `entry` lacks some of these bits of its owner's, who the user is and can help it.
  [[nodiscard]] bool is_shut_out(const Entry& entry, std::uint32_t bits) const {
    return !any_access && entry.uid == user && (entry.mode & bits) != bits;
  }
};

/// What a file system keeps of what is set on it.
struct Holds {
  bool owner = true;  ///< and the group
  bool mode = true;
  bool attributes = true;
  bool acl = true;
  IdentityRule stamps = IdentityRule::everything;
};

/// What is looked at when metadata is compared.
struct Compared {
  bool owner = true;
  bool group = true;
  bool mode = true;  ///< and access control lists
  bool file_times = true;
  bool folder_times = true;
  bool link_times = true;
  std::optional<std::uint32_t> mtime_window_s;

  [[nodiscard]] bool times_of(Kind kind) const {
    if (kind == Kind::folder) return folder_times;
    return kind == Kind::symlink ? link_times : file_times;
  }
};

/// What is to be kept of an entry's metadata, and can be.
struct Means {
  const Privileges& user;
  Holds holds;
  Compared compared;
};

/// All that is not the same of what is compared. Symlinks have no mode of their own.
inline MetadataChange whole_difference(const Entry& source, const Entry& destination,
                                       const Means& means) {
  const Compared& compared = means.compared;
  const Timestamp& mtime = source.identity.mtime;
  const auto differs = [&](AttributeClass which) {
    return differ(source.attributes, destination.attributes, which);
  };
  return {.owner = compared.owner && source.uid != destination.uid,
          .group = compared.group && source.gid != destination.gid,
          .mode = compared.mode && source.kind != Kind::symlink && source.mode != destination.mode,
          .mtime = compared.times_of(source.kind) &&
                   !is_held_as(mtime, destination.identity, means.holds.stamps) &&
                   !is_within(mtime, destination.identity.mtime, compared.mtime_window_s),
          .attributes = differs(AttributeClass::plain),
          .acl = compared.mode && differs(AttributeClass::acl),
          .capabilities = differs(AttributeClass::capability)};
}

/// What is to be set on `destination` to make its metadata that of `source`, as far as it can be
/// kept. Attributes count where both sides' were looked at.
inline MetadataChange difference(const Entry& source, const Entry& destination,
                                 const Means& means) {
  MetadataChange change = whole_difference(source, destination, means);
  change.owner = change.owner && means.user.any_owner && means.holds.owner;
  change.group = change.group && means.user.may_set_group(source.gid) && means.holds.owner;
  change.mode = change.mode && means.holds.mode;
  change.attributes = change.attributes && means.holds.attributes;
  change.acl = change.acl && means.holds.acl;
  change.capabilities = change.capabilities && means.user.capabilities && means.holds.attributes;
  return change;
}

/// What differs and cannot be kept.
inline MetadataChange shortfall(const Entry& source, const Entry& destination, const Means& means) {
  const MetadataChange all = whole_difference(source, destination, means);
  const MetadataChange kept = difference(source, destination, means);
  return {.owner = all.owner && !kept.owner,
          .group = all.group && !kept.group,
          .mode = all.mode && !kept.mode,
          .mtime = false,
          .attributes = all.attributes && !kept.attributes,
          .acl = all.acl && !kept.acl,
          .capabilities = all.capabilities && !kept.capabilities};
}

}  // namespace syncline
