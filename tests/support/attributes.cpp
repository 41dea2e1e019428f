// SPDX-License-Identifier: MIT
#include "support/attributes.h"

#include "support/acl.h"
#include "support/descriptor.h"

#include <sys/xattr.h>

#include <cerrno>
#include <cstddef>
#include <string_view>
#include <vector>

namespace syncline::test {
namespace {

constexpr std::size_t largest = 65536;  // XATTR_LIST_MAX and XATTR_SIZE_MAX

/// The others belong to one file system, one machine's policy or one mount of overlayfs. XFS shows
/// root its access lists once more, as it stores them, under trusted.SGI_.
bool is_kept(std::string_view name) {
  if (name.starts_with("trusted.")) {
    return !name.starts_with("trusted.overlay.") && !name.starts_with("trusted.SGI_");
  }
  return name.starts_with("user.") || name == "security.capability" || name == access_acl_name ||
         name == default_acl_name;
}

std::vector<std::string> kept_names(const std::string& path) {
  std::string list(largest, '\0');
  const auto length = ::llistxattr(path.c_str(), list.data(), list.size());
  if (length < 0 && errno == ENOTSUP) return {};
  list.resize(static_cast<std::size_t>(checked(length, "list attributes")));
  std::vector<std::string> names;
  // Each ends with a zero byte.
  for (std::string_view left = list; !left.empty();) {
    const auto end = left.find('\0');
    if (is_kept(left.substr(0, end))) names.emplace_back(left.substr(0, end));
    left.remove_prefix(end + 1);
  }
  return names;
}

std::string value_of(const std::string& path, const std::string& name) {
  std::string value(largest, '\0');
  const auto length = ::lgetxattr(path.c_str(), name.c_str(), value.data(), value.size());
  value.resize(static_cast<std::size_t>(checked(length, "read attribute " + name)));
  return value;
}

}  // namespace

Attributes read_attributes(const std::string& path) {
  Attributes found;
  for (const std::string& name : kept_names(path)) found[name] = value_of(path, name);
  return found;
}

void set_attribute(const std::string& path, const std::string& name, const std::string& value) {
  checked(::lsetxattr(path.c_str(), name.c_str(), value.data(), value.size(), 0),
          "set attribute " + name);
}

void remove_attribute(const std::string& path, const std::string& name) {
  checked(::lremovexattr(path.c_str(), name.c_str()), "remove attribute " + name);
}

void set_attributes(const std::string& path, const Attributes& attributes) {
  for (const std::string& name : kept_names(path)) {
    if (!attributes.contains(name)) remove_attribute(path, name);
  }
  for (const auto& [name, value] : attributes) set_attribute(path, name, value);
}

}  // namespace syncline::test
