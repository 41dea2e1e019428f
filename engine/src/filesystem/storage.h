// How the storage below a file system likes to be read.
//
// A disk that rotates reads one place after the other; reading a file at several places at once
// makes it seek. Solid-state disks, memory and parallel file systems are the faster the more is
// asked of them at once. What cannot be told is taken for a disk that rotates: read in order, it
// loses the least.
//
// Sources: statfs(2) for the magic numbers; queue/rotational below /sys/dev/block
// (Documentation/ABI/stable/sysfs-block in the kernel); proc_pid_mountinfo(5).
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"

#include <cstdint>
#include <optional>

namespace syncline::filesystem {

enum class Access : std::uint8_t {
  in_order,  ///< each file from its beginning to its end
  anywhere,  ///< several places of a file at once
};

/// Of the file system that `folder` is on. Never fails; costs a few reads of /sys and /proc.
Access access_of(const Directory& folder);

/// Bytes that are free for this user on the file system of `folder`; nullopt where that cannot be
/// told.
std::optional<std::uint64_t> free_bytes(const Directory& folder);

/// All that the file system of `folder` has room for.
std::optional<std::uint64_t> total_bytes(const Directory& folder);

/// False where the file system of `folder` is known to be unable to let files share their blocks.
bool may_share_blocks(const Directory& folder);

/// False where it is known to have no hard links.
bool may_have_links(const Directory& folder);

}  // namespace syncline::filesystem
