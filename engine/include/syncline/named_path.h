// Files that a person named to the program, opened by the rule that holds for the roots.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace syncline {

/// open(2) with O_CLOEXEC, but that a symlink, at the end of `path` or on the way, is followed only
/// if root or the effective user owns it. Returns the descriptor, which the caller closes. Throws
/// std::system_error whose code's message is for a person. Thread-safe.
int open_named(const std::string& path, int flags, unsigned mode = 0);

}  // namespace syncline
