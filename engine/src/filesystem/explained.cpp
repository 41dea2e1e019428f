// SPDX-License-Identifier: MIT
#include "filesystem/explained.h"

#include "filesystem/syscalls.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <cerrno>

namespace syncline::filesystem {
namespace {

// As lsattr(1) shows them: nobody may change, replace or remove such a file, nor anything in such a
// folder (ioctl_iflags(2)). Empty where that is not so, or the file system does not tell.
std::string protection_of(int folder, const char* name, std::string_view what) {
  struct statx status {};
  const int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (*name == '\0' ? AT_EMPTY_PATH : 0);
  if (syscalls::statx(folder, name, flags, STATX_TYPE, &status) != 0) return {};
  const std::string subject{what};
  if ((status.stx_attributes & STATX_ATTR_IMMUTABLE) != 0)
    return subject + " is immutable (lsattr shows it, chattr -i lifts it)";
  if ((status.stx_attributes & STATX_ATTR_APPEND) != 0)
    return subject + " is append-only (lsattr shows it, chattr -a lifts it)";
  return {};
}

// Some file systems have as many as there is room for, and count none (Btrfs).
bool lacks_inodes(int folder) {
  struct statfs status {};
  return syscalls::fstatfs(folder, &status) == 0 && status.f_files > 0 && status.f_ffree == 0;
}

}  // namespace

void throw_explained(std::string_view operation, int folder, const std::string& name) {
  const int why = errno;
  std::string reason;
  if (why == EPERM || why == EACCES) {
    if (!name.empty()) reason = protection_of(folder, name.c_str(), "it");
    if (reason.empty()) reason = protection_of(folder, "", "its folder");
  } else if (why == ENOSPC && lacks_inodes(folder)) {
    reason = "DST has no inodes left (df -i shows it)";
  }
  if (reason.empty()) throw SystemError(operation, name, why);
  throw ExplainedError(operation, name, why, std::move(reason));
}

std::string protection_of(int fd) {
  return protection_of(fd, "", "it");
}

std::string known_cause_of(const SystemError& error) {
  const auto* const explained = dynamic_cast<const ExplainedError*>(&error);
  if (explained != nullptr && !explained->reason().empty()) return explained->reason();
  return error.code().category() == std::generic_category() ? "" : error.code().message();
}

std::string reason_of(const SystemError& error) {
  const std::string known = known_cause_of(error);
  return known.empty() ? error.code().message() : known;
}

}  // namespace syncline::filesystem
