// Entries of a tree as a file system shows them.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"
#include "support/tree.h"

namespace syncline::test {

/// All but what is the file system's own: its identity but for size and mtime, and its links.
syncline::Entry shown(const Entry& value);

}  // namespace syncline::test
