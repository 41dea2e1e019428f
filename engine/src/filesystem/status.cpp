// SPDX-License-Identifier: MIT
#include "filesystem/status.h"

#include "filesystem/attributes.h"
#include "filesystem/stamping.h"
#include "filesystem/syscalls.h"
#include "filesystem/system_error.h"

#include <sys/sysmacros.h>

#include <cerrno>

namespace syncline::filesystem {
namespace {

constexpr std::uint64_t block_bytes = 512;  // of stat(2), whatever the file system's are
constexpr std::uint32_t permission_bits = 07777;
constexpr std::uint32_t set_id_bits = S_ISUID | S_ISGID;

template <typename Time>
Timestamp timestamp(const Time& time) {
  return {.seconds = time.tv_sec, .nanoseconds = static_cast<std::uint32_t>(time.tv_nsec)};
}

timespec to_timespec(const Timestamp& time) {
  return {.tv_sec = time.seconds, .tv_nsec = time.nanoseconds};
}

Kind kind_of(std::uint32_t mode) {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return Kind::folder;
    case S_IFLNK:
      return Kind::symlink;
    case S_IFIFO:
      return Kind::fifo;
    case S_IFSOCK:
      return Kind::socket;
    case S_IFCHR:
      return Kind::character_device;
    case S_IFBLK:
      return Kind::block_device;
    default:
      return Kind::file;
  }
}

// Owners and modes are refused with the same errors where a file system has none and where an entry
// is protected.
bool cannot_hold(int fd, int error_number) {
  if (error_number == EOPNOTSUPP || error_number == ENOSYS) return true;
  if (error_number != EPERM && error_number != EINVAL) return false;
  errno = error_number;
  const bool result = is_weak(fd);
  errno = error_number;
  return result;
}

}  // namespace

std::optional<Entry> look_at(int folder, const char* name) {
  struct statx status {};
  const int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (*name == '\0' ? AT_EMPTY_PATH : 0);
  if (syscalls::statx(folder, name, flags, STATX_BASIC_STATS, &status) != 0) {
    if (errno == ENOENT) return std::nullopt;
    throw_errno("stat", name);
  }
  Entry entry;
  entry.identity = {.id = {.device = makedev(status.stx_dev_major, status.stx_dev_minor),
                           .inode = status.stx_ino},
                    .size = status.stx_size,
                    .mtime = timestamp(status.stx_mtime),
                    .ctime = timestamp(status.stx_ctime)};
  entry.kind = kind_of(status.stx_mode);
  entry.mode = status.stx_mode & permission_bits;
  entry.uid = status.stx_uid;
  entry.gid = status.stx_gid;
  entry.links = status.stx_nlink;
  entry.rdev = makedev(status.stx_rdev_major, status.stx_rdev_minor);
  entry.allocated = status.stx_blocks * block_bytes;
  entry.mount_root = (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
  return entry;
}

Entry look_at(int fd) {
  struct stat status {};
  if (syscalls::fstat(fd, &status) != 0) throw_errno("stat");
  Entry entry;
  entry.identity = {.id = {.device = status.st_dev, .inode = status.st_ino},
                    .size = static_cast<std::uint64_t>(status.st_size),
                    .mtime = timestamp(status.st_mtim),
                    .ctime = timestamp(status.st_ctim)};
  entry.kind = kind_of(status.st_mode);
  entry.mode = status.st_mode & permission_bits;
  entry.uid = status.st_uid;
  entry.gid = status.st_gid;
  entry.links = static_cast<std::uint32_t>(status.st_nlink);
  entry.rdev = status.st_rdev;
  entry.allocated = static_cast<std::uint64_t>(status.st_blocks) * block_bytes;
  return entry;
}

MetadataChange set_metadata_on(int fd, bool is_opath, const Entry& want, MetadataChange change) {
  MetadataChange unheld;
  if (change.owner || change.group) {
    const uid_t uid = change.owner ? want.uid : static_cast<uid_t>(-1);
    const gid_t gid = change.group ? want.gid : static_cast<gid_t>(-1);
    if (syscalls::fchownat(fd, "", uid, gid, AT_EMPTY_PATH) != 0) {
      if (!cannot_hold(fd, errno)) throw_errno("change the owner of");
      unheld.owner = change.owner;
      unheld.group = change.group;
    }
    if (want.kind != Kind::symlink && (want.mode & set_id_bits) != 0) change.mode = true;
    if (has(want.attributes, capability)) change.capabilities = true;
  }
  if (change.any_attributes()) {
    const MetadataChange lacking = set_attributes_on(fd, want.attributes, change);
    unheld.attributes = lacking.attributes;
    unheld.acl = lacking.acl;
    if (change.acl && want.kind != Kind::symlink) change.mode = true;
  }
  if (change.mode) {
    const int result =
        is_opath ? syscalls::chmod_opath(fd, want.mode) : syscalls::fchmod(fd, want.mode);
    if (result != 0) {
      if (!cannot_hold(fd, errno)) throw_errno("change the mode of");
      unheld.mode = true;
    }
  }
  if (change.mtime) {
    // Both, since libfuse 2 ignores one alone without a word (exfat-fuse, ntfs-3g and many others).
    const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_NOW},
                               to_timespec(want.identity.mtime)};
    const int result = is_opath ? syscalls::utimensat(fd, "", times, AT_EMPTY_PATH)
                                : syscalls::futimens(fd, times);
    if (result != 0) throw_errno("set the times of");
  }
  return unheld;
}

}  // namespace syncline::filesystem
