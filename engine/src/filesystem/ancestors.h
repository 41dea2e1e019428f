// A folder and all that lie above it, found by climbing "..", so that symlinks and the spelling of
// a path play no part.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/descriptor.h"
#include "filesystem/directory.h"

#include <string>
#include <vector>

namespace syncline::filesystem {

/// `folder` first, the file system's root last; ends early at a folder that cannot be opened.
std::vector<Descriptor> self_and_ancestors(const Directory& folder);

/// Likewise, but to be looked at alone (O_PATH), for which none of them need be readable.
std::vector<Descriptor> self_and_ancestors_to_pass(const Directory& folder);

FileId identify(int fd);

/// Whether `inner` is `outer` or lies below it: by climbing, which sees through symlinks, and by
/// the place within the file system, which sees through bind mounts.
bool lies_within(const Directory& inner, const Directory& outer);

/// The path of `folder` without symlinks, as the kernel knows it; empty where /proc cannot tell.
std::string canonical_path(const Directory& folder);

}  // namespace syncline::filesystem
