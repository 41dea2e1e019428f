// SPDX-License-Identifier: MIT
#include "filesystem/storage.h"

#include "filesystem/magic.h"
#include "filesystem/syscalls.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace syncline::filesystem {
namespace {

std::string number_of(dev_t device) {
  return std::to_string(major(device)) + ':' + std::to_string(minor(device));
}

// Partitions have no queue of their own: theirs is the whole disk's.
std::optional<bool> rotates(dev_t device) {
  const std::string block = "/sys/dev/block/" + number_of(device);
  for (const char* const queue : {"/queue/rotational", "/../queue/rotational"}) {
    std::ifstream file{block + queue};
    if (int answer = 0; file >> answer) return answer != 0;
  }
  return std::nullopt;
}

// btrfs and its like give their files a device number that belongs to no disk; the mount table
// names the disk: "36 35 0:30 / /mnt rw,noatime - btrfs /dev/sda1 rw".
std::optional<dev_t> disk_below(dev_t device) {
  const std::string wanted = number_of(device);
  std::ifstream mounts{"/proc/self/mountinfo"};
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream words{line};
    std::string id;
    std::string parent;
    std::string number;
    words >> id >> parent >> number;
    const auto dash = line.find(" - ");
    if (number != wanted || dash == std::string::npos) continue;
    std::istringstream behind{line.substr(dash + 3)};
    std::string type;
    std::string disk;
    behind >> type >> disk;
    struct stat status {};
    if (stat(disk.c_str(), &status) == 0 && S_ISBLK(status.st_mode)) return status.st_rdev;
  }
  return std::nullopt;
}

}  // namespace

Access access_of(const Directory& folder) {
  struct statfs system {};
  struct stat status {};
  if (fstatfs(folder.descriptor(), &system) != 0 || fstat(folder.descriptor(), &status) != 0)
    return Access::in_order;
  switch (static_cast<std::uint32_t>(system.f_type)) {
    case TMPFS_MAGIC:
    case RAMFS_MAGIC:
    case CEPH_SUPER_MAGIC:
    case magic::beegfs:
    case magic::gpfs:
    case magic::lustre:
      return Access::anywhere;
    default:
      break;
  }
  std::optional<bool> answer = rotates(status.st_dev);
  if (!answer) {
    if (const auto disk = disk_below(status.st_dev)) answer = rotates(*disk);
  }
  return answer == false ? Access::anywhere : Access::in_order;
}

std::optional<std::uint64_t> free_bytes(const Directory& folder) {
  struct statfs status {};
  if (syscalls::fstatfs(folder.descriptor(), &status) != 0 || status.f_blocks == 0)
    return std::nullopt;
  return static_cast<std::uint64_t>(status.f_bavail) * static_cast<std::uint64_t>(status.f_bsize);
}

std::optional<std::uint64_t> total_bytes(const Directory& folder) {
  struct statfs status {};
  if (syscalls::fstatfs(folder.descriptor(), &status) != 0 || status.f_blocks == 0)
    return std::nullopt;
  return static_cast<std::uint64_t>(status.f_blocks) * static_cast<std::uint64_t>(status.f_bsize);
}

bool may_share_blocks(const Directory& folder) {
  struct statfs system {};
  if (syscalls::fstatfs(folder.descriptor(), &system) != 0) return true;
  switch (static_cast<std::uint32_t>(system.f_type)) {
    case EXT4_SUPER_MAGIC:  // ext2 and ext3 share it
    case F2FS_SUPER_MAGIC:
    case MSDOS_SUPER_MAGIC:
    case RAMFS_MAGIC:
    case TMPFS_MAGIC:
      return false;
    default:
      return true;
  }
}

bool may_have_links(const Directory& folder) {
  struct statfs system {};
  if (syscalls::fstatfs(folder.descriptor(), &system) != 0) return true;
  const auto type = static_cast<std::uint32_t>(system.f_type);
  return type != MSDOS_SUPER_MAGIC && type != EXFAT_SUPER_MAGIC;
}

}  // namespace syncline::filesystem
