// A destination made of values, to be read: what would be done to it is told.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/open_folder.h"
#include "support/tree.h"

#include <memory>

namespace syncline::test {

/// The root of `tree`. Times of change and numbers of inodes are made up.
std::shared_ptr<const filesystem::OpenFolder> memory_folder(const Tree& tree);

}  // namespace syncline::test
