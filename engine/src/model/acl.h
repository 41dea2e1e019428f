// POSIX access control lists as the kernel shows them: the bytes of system.posix_acl_access and
// system.posix_acl_default.
//
// Source of the format: <linux/posix_acl_xattr.h>, a version of four bytes, then a tag and
// permissions of two bytes each and an id of four, little-endian; of what they mean: acl(5).
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::acl {

inline constexpr std::size_t header_bytes = 4;
inline constexpr std::size_t entry_bytes = 8;

enum Tag : std::uint32_t {
  owner = 0x01,
  user = 0x02,
  owning_group = 0x04,
  group = 0x08,
  mask = 0x10,
  others = 0x20,
};

struct Entry {
  std::uint32_t tag = 0;
  std::uint32_t rights = 0;  ///< three bits, as in a mode
  std::uint32_t id = 0;      ///< of a user or group that it names
};

/// Where the rights of an entry that begins at `at` stand.
inline std::size_t place_of_rights(std::size_t at) {
  return at + 2;
}

/// As far as they are whole.
std::vector<Entry> entries_of(std::string_view list);

/// The list that says what the nine permission bits of `mode` say, and no more: an entry that is
/// given it has no list of its own from then on (posix_acl_update_mode() in the kernel's
/// fs/posix_acl.c).
std::string list_of(std::uint32_t mode);

}  // namespace syncline::acl
