// What the stamps and inode numbers of a file system are worth, and what tells a folder apart from
// another one that takes its path.
//
// Sources: statfs(2) and the kernel's magic numbers; inode(7); "Timestamps" in the kernel's VFS
// documentation for the coarse clock that stamps come from.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "filesystem/file.h"
#include "model/proof.h"

#include <cstdint>
#include <string>

namespace syncline::filesystem {

/// Of the file system that `folder` is on. Never fails: what cannot be told is taken for a server
/// with a clock of its own.
Stamping stamping_of(const Directory& folder);

/// Says what `folder` is, whatever mounts come and go: its inode number and birth, and the identity
/// of its file system where that outlasts a mount (ext4, btrfs, f2fs); where inode numbers do not
/// last, what the file system is. Throws SystemError.
std::string lasting_id(const Directory& folder);

/// The same, but only where it tells the folder from any other one that may come in its place;
/// else empty.
std::string certain_id(const Directory& folder);
/// Likewise of the folder that `folder` lies in; empty also where `folder` is a mount point. Both
/// throw SystemError.
std::string place_of(const Directory& folder);

/// When it came into being, in nanoseconds since the epoch; 0 where that is not known. Both throw
/// SystemError.
std::int64_t born_ns(const Directory& folder);
std::int64_t born_ns(const File& file);

/// Whether it is kept by another machine.
bool is_remote(const Directory& folder);

}  // namespace syncline::filesystem
