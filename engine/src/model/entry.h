// An entry of a folder as one look at it showed: what it is, and its identity.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/attributes.h"

#include "syncline/event.h"
#include "syncline/options.h"
#include "syncline/timestamp.h"

#include <compare>
#include <cstdint>
#include <string>

namespace syncline {

/// What must stand still for content to stay proved. Times are compared, never computed with. A
/// rename or a new link moves ctime.
struct Identity {
  FileId id;
  std::uint64_t size = 0;
  Timestamp mtime{};
  Timestamp ctime{};

  friend auto operator<=>(const Identity&, const Identity&) = default;
};

struct Entry {
  Identity identity;
  Kind kind = Kind::file;
  std::uint32_t mode = 0;  ///< the 12 permission bits
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint32_t links = 1;
  std::uint64_t rdev = 0;       ///< of a device: what it stands for
  std::uint64_t allocated = 0;  ///< bytes on the disk
  bool mount_root = false;      ///< a file system is mounted here
  std::string target;           ///< of a symlink
  Attributes attributes;        ///< those that a mirror keeps, where they were looked at
};

/// Of a mode: who executes the file has its owner's or its group's rights (inode(7)).
inline constexpr std::uint32_t set_id_bits = 06000;

/// Not all of its bytes are on the disk: it has holes, or is small enough to be kept elsewhere.
inline bool may_have_holes(const Entry& entry) {
  return entry.allocated < entry.identity.size;
}

/// Bytes that an entry's content takes part with in tallies: those of files.
inline std::uint64_t content_bytes(const Entry& entry) {
  return entry.kind == Kind::file ? entry.identity.size : 0;
}

inline Properties properties_of(const Entry& entry) {
  const bool has_size =
      entry.kind == Kind::file || entry.kind == Kind::symlink || entry.kind == Kind::folder;
  return {.size = has_size ? entry.identity.size : 0,
          .mtime = entry.identity.mtime,
          .mode = entry.mode,
          .uid = entry.uid,
          .gid = entry.gid};
}

}  // namespace syncline
