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

FileId identify(int fd);

/// Where a folder lies inside its file system: equal for two paths that a bind mount makes out of
/// one. From /proc/self/mountinfo (proc(5)).
struct Location {
  std::string device;  ///< "major:minor" of the mount
  std::string path;    ///< absolute within that file system; ends without a slash
};

/// nullopt where /proc cannot tell.
std::optional<Location> locate(const Directory& folder);

/// Whether `inner` is `outer` or lies below it.
bool is_within(const Location& inner, const Location& outer);

}  // namespace syncline::filesystem
