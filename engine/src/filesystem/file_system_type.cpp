// SPDX-License-Identifier: MIT
#include "filesystem/file_system_type.h"

#include "filesystem/magic.h"
#include "filesystem/syscalls.h"

namespace syncline::filesystem {

std::uint32_t type_of(int fd, struct statfs& status) {
  if (syscalls::fstatfs(fd, &status) != 0) return 0;
  return static_cast<std::uint32_t>(status.f_type);
}

bool is_remote_type(std::uint32_t type) {
  switch (type) {
    case NFS_SUPER_MAGIC:
    case SMB_SUPER_MAGIC:
    case SMB2_SUPER_MAGIC:
    case magic::cifs:
    case AFS_SUPER_MAGIC:
    case CEPH_SUPER_MAGIC:
    case V9FS_MAGIC:
    case magic::beegfs:
    case magic::gpfs:
    case magic::lustre:
      return true;
    default:
      return false;
  }
}

// Images that are only read keep whatever stamps they were made with.
bool is_weak_type(std::uint32_t type) {
  switch (type) {
    case MSDOS_SUPER_MAGIC:
    case EXFAT_SUPER_MAGIC:
    case SMB_SUPER_MAGIC:
    case SMB2_SUPER_MAGIC:
    case magic::cifs:
    case FUSE_SUPER_MAGIC:
    case V9FS_MAGIC:
    case magic::hfs:
    case magic::ntfs3:
    case SQUASHFS_MAGIC:
    case EROFS_SUPER_MAGIC_V1:
    case CRAMFS_MAGIC:
    case ISOFS_SUPER_MAGIC:
      return true;
    default:
      return false;
  }
}

bool may_be_same(int fd, FileId then, FileId now) {
  return then == now || (then.device == now.device && is_weak(fd));
}

bool is_weak(int fd) {
  struct statfs status {};
  return is_weak_type(type_of(fd, status));
}

}  // namespace syncline::filesystem
