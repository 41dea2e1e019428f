// Extended attributes read and set. For this folder's own use.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/attributes.h"
#include "model/metadata.h"

#include <sys/types.h>

#include <functional>

namespace syncline::filesystem {

/// Those of `fd` (O_PATH suffices) that a mirror keeps; none where the file system has none. Throws
/// SystemError.
Attributes attributes_of(int fd);
/// Those of what has that name in `folder`, not following a symlink.
Attributes attributes_of(int folder, const char* name);

/// Makes the attributes of `fd` (O_PATH suffices), in the classes that `change` names, those of
/// `want`. Returns the classes that the file system cannot hold. Throws SystemError.
MetadataChange set_attributes_on(int fd, const Attributes& want, MetadataChange change);

}  // namespace syncline::filesystem
