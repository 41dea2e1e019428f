// What one entry was before each pass that changed it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "kept/journal.h"

#include "syncline/undo.h"

#include <string>
#include <vector>

namespace syncline::engine {

/// Of `path` below the replica's root, the newest first. Throws index::SqliteError.
std::vector<KeptVersion> versions_of(kept::Journal& journal, const std::string& path);

/// Whether `pass` changed what has that path, or something below it, or a folder above it.
bool changes(kept::Journal& journal, const kept::PassRow& pass, const std::string& path);

/// "a/b" of "./a//b/": as operations have it.
std::string plain_path(const std::string& path);

}  // namespace syncline::engine
