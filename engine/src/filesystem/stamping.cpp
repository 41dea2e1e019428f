// SPDX-License-Identifier: MIT
#include "filesystem/stamping.h"

#include "filesystem/descriptor.h"
#include "filesystem/file_system_type.h"
#include "filesystem/magic.h"
#include "filesystem/syscalls.h"
#include "filesystem/system_error.h"

#include <cstring>

namespace syncline::filesystem {
namespace {

// A server's clock may be so far from ours and both still count as set.
constexpr std::int64_t remote_slack_ns = 10'000'000'000;
// FAT counts in steps of two seconds.
constexpr std::int64_t coarse_slack_ns = 2'000'000'000 + clock_tick_ns;

bool has_lasting_number(std::uint32_t type) {
  return type == EXT4_SUPER_MAGIC || type == BTRFS_SUPER_MAGIC || type == F2FS_SUPER_MAGIC;
}

enum class Certainty : std::uint8_t { as_can_be, whole };

std::string id_of(int fd, Certainty certainty) {
  struct statfs system {};
  const std::uint32_t type = type_of(fd, system);
  if (is_weak_type(type) && certainty == Certainty::whole) return {};
  // Inode numbers of such a file system differ from mount to mount; its size does not.
  if (is_weak_type(type))
    return "on " + std::to_string(type) + " of " + std::to_string(system.f_blocks) + " blocks";
  struct statx status {};
  if (syscalls::statx(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &status) != 0)
    throw_errno("stat");
  const bool is_born = (status.stx_mask & STATX_BTIME) != 0;
  if (!is_born && certainty == Certainty::whole) return {};
  std::string id = "inode " + std::to_string(status.stx_ino);
  if (is_born)
    id += " born " + std::to_string(status.stx_btime.tv_sec) + '.' +
          std::to_string(status.stx_btime.tv_nsec);
  if (has_lasting_number(type)) {
    std::uint64_t number = 0;
    std::memcpy(&number, &system.f_fsid, sizeof number);
    id += " on " + std::to_string(number);
  }
  return id;
}

std::int64_t born_ns_of(int fd) {
  struct statx status {};
  if (syscalls::statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &status) != 0) throw_errno("stat");
  if ((status.stx_mask & STATX_BTIME) == 0) return 0;
  const Timestamp born{.seconds = status.stx_btime.tv_sec, .nanoseconds = status.stx_btime.tv_nsec};
  return nanoseconds_of(born).value_or(0);
}

}  // namespace

Stamping stamping_of(const Directory& folder) {
  struct statfs status {};
  const std::uint32_t type = type_of(folder.descriptor(), status);
  if (is_weak_type(type))
    return {.rule = IdentityRule::size_and_mtime, .slack_ns = coarse_slack_ns};
  const bool is_far = type == 0 || is_remote_type(type);
  return {.rule = IdentityRule::everything, .slack_ns = is_far ? remote_slack_ns : clock_tick_ns};
}

std::string lasting_id(const Directory& folder) {
  return id_of(folder.descriptor(), Certainty::as_can_be);
}

std::string certain_id(const Directory& folder) {
  return id_of(folder.descriptor(), Certainty::whole);
}

std::string place_of(const Directory& folder) {
  if (folder.look().mount_root) return {};
  const Descriptor parent{
      syscalls::openat(folder.descriptor(), "..", O_PATH | O_DIRECTORY | O_CLOEXEC)};
  return parent.is_open() ? id_of(parent.get(), Certainty::whole) : std::string{};
}

std::int64_t born_ns(const Directory& folder) {
  return born_ns_of(folder.descriptor());
}

std::int64_t born_ns(const File& file) {
  return born_ns_of(file.descriptor());
}

bool is_remote(const Directory& folder) {
  struct statfs status {};
  return is_remote_type(type_of(folder.descriptor(), status));
}

}  // namespace syncline::filesystem
