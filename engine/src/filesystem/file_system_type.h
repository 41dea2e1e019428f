// What the type of a file system (statfs(2)) says of its stamps and inode numbers.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/options.h"

#include <sys/vfs.h>

#include <cstdint>

namespace syncline::filesystem {

/// That of the one that `fd` is on, with all that is told of it in `status`; 0: it cannot be told.
std::uint32_t type_of(int fd, struct statfs& status);

/// It is kept by another machine.
bool is_remote_type(std::uint32_t type);
/// It has no ctime worth the name, or inode numbers that are made up anew by each mount.
bool is_weak_type(std::uint32_t type);

/// Whether what is `now`, on the file system of `fd`, may be what was `then`: the same number, or
/// any where numbers are made up anew for what nobody had in memory meanwhile, as FUSE, SMB and
/// exFAT do. There the caller must compare what lasts.
bool may_be_same(int fd, FileId then, FileId now);

/// `fd` is on a file system without Unix metadata of its own, as FAT is.
bool is_weak(int fd);

}  // namespace syncline::filesystem
