// SPDX-License-Identifier: MIT
#include "filesystem/flush_method.h"

#include "filesystem/magic.h"
#include "filesystem/syscalls.h"

namespace syncline::filesystem {
namespace {

constexpr std::uint32_t unknown = 0;

std::uint32_t type_of(const Directory& folder) {
  struct statfs status {};
  if (syscalls::fstatfs(folder.descriptor(), &status) != 0) return unknown;
  return static_cast<std::uint32_t>(status.f_type);
}

}  // namespace

FlushMethod flush_method(const Directory& folder) {
  switch (type_of(folder)) {
    case TMPFS_MAGIC:
    case RAMFS_MAGIC:
      return FlushMethod::none;
    case EXT4_SUPER_MAGIC:  // ext2 and ext3 share it
    case magic::xfs:
    case BTRFS_SUPER_MAGIC:
    case F2FS_SUPER_MAGIC:
    case NFS_SUPER_MAGIC:
      return FlushMethod::file_system;
    default:
      return FlushMethod::each_file;
  }
}

bool takes_any_name(const Directory& folder) {
  switch (type_of(folder)) {
    case TMPFS_MAGIC:
    case RAMFS_MAGIC:
    case EXT4_SUPER_MAGIC:
    case magic::xfs:
    case BTRFS_SUPER_MAGIC:
    case F2FS_SUPER_MAGIC:
      return true;
    default:
      return false;
  }
}

bool keeps_unnamed_well(const Directory& folder) {
  const std::uint32_t type = type_of(folder);
  return type == EXT4_SUPER_MAGIC || type == BTRFS_SUPER_MAGIC;
}

}  // namespace syncline::filesystem
