// SPDX-License-Identifier: MIT
#include "filesystem/flush_method.h"

#include "filesystem/magic.h"
#include "filesystem/syscalls.h"

namespace syncline::filesystem {

FlushMethod flush_method(const Directory& folder) {
  struct statfs status {};
  if (syscalls::fstatfs(folder.descriptor(), &status) != 0) return FlushMethod::each_file;
  switch (static_cast<std::uint32_t>(status.f_type)) {
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

}  // namespace syncline::filesystem
