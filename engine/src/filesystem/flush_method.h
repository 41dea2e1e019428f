// How a file system takes finished files to its disk.
//
// syncfs(2) is trusted where it is known to reach the disk; elsewhere (FUSE, CIFS, ...) each file
// is flushed by fsync(2); what lives in memory needs neither. Magic numbers: statfs(2).
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"

#include <cstdint>

namespace syncline::filesystem {

enum class FlushMethod : std::uint8_t { none, file_system, each_file };

FlushMethod flush_method(const Directory& folder);

/// Whether names there are bytes, of which it refuses none but '/' and zero.
bool takes_any_name(const Directory& folder);

/// Whether files without a name may wait there for a flush of the file system, at less cost than a
/// temporary's name has. XFS keeps a list of them in its log, which costs as much.
bool keeps_unnamed_well(const Directory& folder);

}  // namespace syncline::filesystem
