// SPDX-License-Identifier: MIT
#include "filesystem/flock.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string_view>

namespace syncline::filesystem {
namespace {

// /proc/locks: "1: FLOCK  ADVISORY  WRITE 1234 fd:00:5678 0 EOF", device numbers in hexadecimal.
std::optional<int> holder_of(FileId id, bool exclusive_only) {
  std::ifstream locks{"/proc/locks"};
  for (std::string line; std::getline(locks, line);) {
    char mode[16] = {};
    int pid = 0;
    unsigned major_number = 0;
    unsigned minor_number = 0;
    std::uint64_t inode = 0;
    if (std::sscanf(line.c_str(), "%*d: FLOCK %*s %15s %d %x:%x:%" SCNu64, mode, &pid,
                    &major_number, &minor_number, &inode) == 5 &&
        FileId{.device = makedev(major_number, minor_number), .inode = inode} == id &&
        (!exclusive_only || std::string_view{mode} == "WRITE"))
      return pid;
  }
  return std::nullopt;
}

std::string describe(int pid) {
  std::string text = "process " + std::to_string(pid);
  struct stat status {};
  if (stat(("/proc/" + std::to_string(pid)).c_str(), &status) != 0) return text;
  std::tm local{};
  localtime_r(&status.st_ctim.tv_sec, &local);
  char since[32];
  if (std::strftime(since, sizeof since, "%Y-%m-%d %H:%M:%S", &local) != 0)
    text.append(", running since ").append(since);
  return text;
}

}  // namespace

LockAttempt try_flock(int fd, bool exclusive) {
  while (flock(fd, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    return errno == EWOULDBLOCK ? LockAttempt::held_by_another : LockAttempt::not_supported;
  }
  return LockAttempt::taken;
}

std::optional<std::string> flock_holder(FileId id, bool exclusive_only) {
  const auto pid = holder_of(id, exclusive_only);
  if (!pid) return std::nullopt;
  return describe(*pid);
}

}  // namespace syncline::filesystem
