// Where in the tree of all files something is that is open.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace syncline::filesystem {

/// Its path without symlinks, as the kernel has it, which asks no file system for that; empty where
/// /proc cannot tell.
std::string path_of(int fd);

}  // namespace syncline::filesystem
