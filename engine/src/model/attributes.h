// Extended attributes and access control lists: which of them a mirror keeps.
//
// Kept: the user's own (user.*), the administrator's (trusted.*), capabilities
// (security.capability) and POSIX ACLs, which Linux shows as attributes too (xattr(7), acl(5)).
// Left alone on both sides: what a file system, a security module or a file server keeps for itself
// there, which means something only in its own place.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace syncline {

struct Attribute {
  std::string name;
  std::string value;

  friend bool operator==(const Attribute&, const Attribute&) = default;
};

/// Sorted by name.
using Attributes = std::vector<Attribute>;

/// Who can hold an attribute, and who may set it.
enum class AttributeClass : std::uint8_t { user, trusted, acl, capability };

inline constexpr std::string_view capability = "security.capability";
inline constexpr std::string_view access_acl = "system.posix_acl_access";
inline constexpr std::string_view default_acl = "system.posix_acl_default";

inline AttributeClass class_of(std::string_view name) {
  if (name == access_acl || name == default_acl) return AttributeClass::acl;
  if (name == capability) return AttributeClass::capability;
  return name.starts_with("trusted.") ? AttributeClass::trusted : AttributeClass::user;
}

/// Whether a mirror keeps attributes of that name.
inline bool is_mirrored(std::string_view name) {
  // Of overlayfs, XFS (its own form of ACLs), Lustre, Gluster, Samba.
  constexpr std::array<std::string_view, 11> foreign = {
      "trusted.overlay.",   "trusted.SGI_ACL_", "trusted.lov",   "trusted.lma",
      "trusted.lmv",        "trusted.link",     "trusted.fid",   "trusted.gfid",
      "trusted.glusterfs.", "user.DOSATTRIB",   "user.SAMBA_PAI"};
  const AttributeClass which = class_of(name);
  if (which == AttributeClass::acl || which == AttributeClass::capability) return true;
  if (!name.starts_with("user.") && !name.starts_with("trusted.")) return false;
  return std::ranges::none_of(foreign,
                              [&](std::string_view prefix) { return name.starts_with(prefix); });
}

inline bool has(const Attributes& attributes, std::string_view name) {
  return std::ranges::find(attributes, name, &Attribute::name) != attributes.end();
}

/// Whether those of one class are not the same.
inline bool differ(const Attributes& a, const Attributes& b, AttributeClass which) {
  if (a.empty() && b.empty()) return false;  // as of most entries
  const auto next = [&](auto at, const Attributes& in) {
    return std::find_if(at, in.end(),
                        [&](const Attribute& x) { return class_of(x.name) == which; });
  };
  auto x = next(a.begin(), a);
  auto y = next(b.begin(), b);
  for (; x != a.end() && y != b.end(); x = next(x + 1, a), y = next(y + 1, b))
    if (*x != *y) return true;
  return x != a.end() || y != b.end();
}

}  // namespace syncline
