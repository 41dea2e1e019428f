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

  friend bool operator==(const MetadataChange&, const MetadataChange&) = default;
  friend MetadataChange operator|(const MetadataChange& a, const MetadataChange& b) {
    return {.owner = a.owner || b.owner,
            .group = a.group || b.group,
            .mode = a.mode || b.mode,
            .mtime = a.mtime || b.mtime,
            .attributes = a.attributes || b.attributes,
            .acl = a.acl || b.acl,
            .capabilities = a.capabilities || b.capabilities};
  }
  /// What is in this one alone.
  [[nodiscard]] MetadataChange without(const MetadataChange& other) const {
    return {.owner = owner && !other.owner,
            .group = group && !other.group,
            .mode = mode && !other.mode,
            .mtime = mtime && !other.mtime,
            .attributes = attributes && !other.attributes,
            .acl = acl && !other.acl,
            .capabilities = capabilities && !other.capabilities};
  }
};

/// What the running user may do. It may give away any owner and group when privileged, else only
/// the groups it is in, as `rsync -a` does.
struct Privileges {
  std::uint32_t user = 0;  ///< the effective one
  bool any_owner = false;
  bool capabilities = false;  ///< may give them to files
  bool any_access = false;    ///< is not kept out by modes
  std::vector<std::uint32_t> groups;

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
  bool owner = true;
  bool group = true;
  bool mode = true;
  bool user_attributes = true;
  bool trusted_attributes = true;
  bool acl = true;
  bool capabilities = true;
  IdentityRule stamps = IdentityRule::everything;
};

/// What is looked at when metadata is compared.
struct Compared {
  bool owner = true;
  bool group = true;
  bool mode = true;            ///< and access control lists
  bool executability = false;  ///< where `mode` is not: of files
  bool file_times = true;
  bool folder_times = true;
  bool link_times = true;
  std::optional<std::uint32_t> mtime_window_s;

  [[nodiscard]] bool mode_of(Kind kind) const {
    return kind != Kind::symlink && (mode || (executability && kind == Kind::file));
  }
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
  MetadataChange excused{};  ///< of this entry, what is known not to be taken as it is asked for
};

/// The mode that a mirror of `source` gets. A file whose owner cannot be kept is a program that
/// would run as somebody else than it was made for: it loses its set-id bits, as with GNU cp; and
/// without its group, the bit of that.
inline std::uint32_t mode_without(const Entry& source, bool owner_is_lost, bool group_is_lost) {
  constexpr std::uint32_t set_user = 04000;
  constexpr std::uint32_t set_group = 02000;
  if (source.kind != Kind::file) return source.mode;
  if (owner_is_lost) return source.mode & ~(set_user | set_group);
  return group_is_lost ? source.mode & ~set_group : source.mode;
}

/// All that is not the same of what is compared. Symlinks have no mode of their own.
inline MetadataChange whole_difference(const Entry& source, const Entry& destination,
                                       const Means& means) {
  const Compared& compared = means.compared;
  const Timestamp& mtime = source.identity.mtime;
  const bool has_attributes = !source.attributes.empty() || !destination.attributes.empty();
  const auto differs = [&](AttributeClass which) {
    return has_attributes && differ(source.attributes, destination.attributes, which);
  };
  return {.owner = compared.owner && source.uid != destination.uid,
          .group = compared.group && source.gid != destination.gid,
          .mode = compared.mode_of(source.kind) && source.mode != destination.mode,
          .mtime = compared.times_of(source.kind) &&
                   !is_held_as(mtime, destination.identity, means.holds.stamps) &&
                   !is_within(mtime, destination.identity.mtime, compared.mtime_window_s),
          .attributes = differs(AttributeClass::user) || differs(AttributeClass::trusted),
          .acl = compared.mode && differs(AttributeClass::acl),
          .capabilities = differs(AttributeClass::capability)};
}

/// What differs between an entry and what it is to be, in two parts.
struct Differences {
  MetadataChange to_set{};   ///< as far as it can be kept
  MetadataChange lacking{};  ///< what cannot be kept
};

/// What is to be set on `destination` to make its metadata that of `source`, and what it will lack
/// all the same. Attributes count where both sides' were looked at.
inline Differences differences(const Entry& source, const Entry& destination, const Means& means) {
  const MetadataChange all = whole_difference(source, destination, means);
  if (!all.any()) return {};
  const Holds& holds = means.holds;
  const auto differs = [&](AttributeClass which) {
    return differ(source.attributes, destination.attributes, which);
  };
  MetadataChange change = all;
  change.owner = all.owner && means.user.any_owner && holds.owner && !means.excused.owner;
  change.group =
      all.group && means.user.may_set_group(source.gid) && holds.group && !means.excused.group;
  const std::uint32_t mode =
      mode_without(source, all.owner && !change.owner, all.group && !change.group);
  change.mode = means.compared.mode_of(source.kind) && holds.mode && mode != destination.mode;
  if (all.attributes)
    change.attributes = (holds.user_attributes && differs(AttributeClass::user)) ||
                        (holds.trusted_attributes && differs(AttributeClass::trusted));
  change.acl = all.acl && holds.acl;
  change.capabilities = all.capabilities && means.user.capabilities && holds.capabilities;
  change = change.without(means.excused);
  return {.to_set = change, .lacking = all.without(change)};
}

inline MetadataChange difference(const Entry& source, const Entry& destination,
                                 const Means& means) {
  return differences(source, destination, means).to_set;
}

inline MetadataChange shortfall(const Entry& source, const Entry& destination, const Means& means) {
  return differences(source, destination, means).lacking;
}

}  // namespace syncline
