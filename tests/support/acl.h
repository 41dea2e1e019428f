// Access control lists as values: the bytes of the attributes that hold them, as the kernel takes
// and gives them (acl(5), linux/posix_acl_xattr.h).
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace syncline::test {

inline constexpr const char* access_acl_name = "system.posix_acl_access";
inline constexpr const char* default_acl_name = "system.posix_acl_default";

struct AclEntry {
  std::uint16_t tag = 0;
  std::uint16_t permissions = 0;  ///< three bits, as in a mode
  std::uint32_t id = 0;
};

AclEntry user_entry(std::uint32_t user, std::uint16_t permissions);
AclEntry group_entry(std::uint32_t group, std::uint16_t permissions);
/// What the group that owns it may do. Unless it is stated it is what the mask allows.
AclEntry owning_group_entry(std::uint16_t permissions);

/// The list of an entry with that mode, which says what is not among `entries`: the owner, others,
/// and the mask, which is what the group bits of a mode mean beside a list.
std::string acl(std::vector<AclEntry> entries, std::uint32_t mode_bits);

}  // namespace syncline::test
