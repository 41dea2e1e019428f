// SPDX-License-Identifier: MIT
#include "support/acl.h"

#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>

#include <algorithm>
#include <tuple>

namespace syncline::test {
namespace {

constexpr auto no_id = static_cast<std::uint32_t>(ACL_UNDEFINED_ID);

AclEntry base_entry(std::uint16_t tag, std::uint32_t permissions) {
  return {.tag = tag, .permissions = static_cast<std::uint16_t>(permissions & 07U), .id = no_id};
}

/// Little endian, whatever this machine is.
template <typename Number>
void append(std::string& bytes, Number number) {
  for (std::size_t byte = 0; byte < sizeof number; ++byte) {
    bytes += static_cast<char>(number >> (8 * byte) & 0xffU);
  }
}

}  // namespace

AclEntry user_entry(std::uint32_t user, std::uint16_t permissions) {
  return {.tag = ACL_USER, .permissions = permissions, .id = user};
}

AclEntry group_entry(std::uint32_t group, std::uint16_t permissions) {
  return {.tag = ACL_GROUP, .permissions = permissions, .id = group};
}

AclEntry owning_group_entry(std::uint16_t permissions) {
  return base_entry(ACL_GROUP_OBJ, permissions);
}

std::string acl(std::vector<AclEntry> entries, std::uint32_t mode_bits) {
  if (std::ranges::find(entries, ACL_GROUP_OBJ, &AclEntry::tag) == entries.end()) {
    entries.push_back(owning_group_entry(static_cast<std::uint16_t>(mode_bits >> 3U & 07U)));
  }
  entries.push_back(base_entry(ACL_USER_OBJ, mode_bits >> 6U));
  entries.push_back(base_entry(ACL_MASK, mode_bits >> 3U));
  entries.push_back(base_entry(ACL_OTHER, mode_bits));
  // The order that the kernel insists on is that of the tags' numbers.
  std::ranges::sort(entries, {}, [](const AclEntry& each) { return std::tie(each.tag, each.id); });
  std::string bytes;
  append(bytes, std::uint32_t{POSIX_ACL_XATTR_VERSION});
  for (const AclEntry& each : entries) {
    append(bytes, each.tag);
    append(bytes, each.permissions);
    append(bytes, each.id);
  }
  return bytes;
}

}  // namespace syncline::test
