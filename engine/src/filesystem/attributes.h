// Extended attributes read and set. For this folder's own use.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/attributes.h"

#include <algorithm>
#include <string>

namespace syncline::filesystem {

/// Those of `fd` (O_PATH suffices) that a mirror keeps; none where the file system has none. Throws
/// SystemError.
Attributes attributes_of(int fd);
/// Those of what has that name in `folder`, not following a symlink.
Attributes attributes_of(int folder, const char* name);

/// Both return -1 and errno where that fails. To remove one that is gone does not.
int set_attribute(int fd, const Attribute& attribute);
int remove_attribute(int fd, const std::string& name);

/// Makes the attributes of `fd` (O_PATH suffices), of the classes for which `which` is true, those
/// of `want`, one by one: `attempt(operation, name, set)` is called for each that has to be set or
/// removed, and calls `set()`, which returns -1 and errno where it fails. Throws SystemError if
/// they cannot be read.
template <typename Attempt>
void set_attributes_on(int fd, const Attributes& want, bool (*which)(AttributeClass),
                       Attempt attempt) {
  const Attributes now = attributes_of(fd);
  for (const Attribute& attribute : now)
    if (const std::string& name = attribute.name; which(class_of(name)) && !has(want, name))
      attempt("remove the extended attribute " + name + " of", name,
              [&] { return remove_attribute(fd, name); });
  for (const Attribute& attribute : want)
    if (which(class_of(attribute.name)) && std::ranges::find(now, attribute) == now.end())
      attempt("set the extended attribute " + attribute.name + " of", attribute.name,
              [&] { return set_attribute(fd, attribute); });
}

}  // namespace syncline::filesystem
