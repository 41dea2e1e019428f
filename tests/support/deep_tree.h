// Folders within folders, deeper than any path that a system call would take.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

namespace syncline::test {

/// Makes `levels` folders below `root`, which is made too: each in the one before, with a name of
/// so many bytes, and a file beside the next.
void make_deep(const std::string& root, std::size_t levels, std::size_t name_bytes);

/// Removes the folder with all that is in it, however deep.
void remove_deep(const std::string& root);

}  // namespace syncline::test
