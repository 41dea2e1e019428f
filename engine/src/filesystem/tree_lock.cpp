// SPDX-License-Identifier: MIT
#include "filesystem/tree_lock.h"

#include "filesystem/ancestors.h"
#include "filesystem/system_error.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <ctime>
#include <fstream>

namespace syncline::filesystem {
namespace {

enum class Attempt : std::uint8_t { taken, held_by_another, not_supported };

Attempt lock(int fd, int operation) {
  while (flock(fd, operation | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    return errno == EWOULDBLOCK ? Attempt::held_by_another : Attempt::not_supported;
  }
  return Attempt::taken;
}

// /proc/locks: "1: FLOCK  ADVISORY  WRITE 1234 fd:00:5678 0 EOF", device numbers in hexadecimal.
std::optional<int> flock_holder(FileId id, bool exclusive_only) {
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

std::optional<TreeLock> TreeLock::try_lock(const Directory& root) {
  TreeLock result;
  int operation = LOCK_EX;
  for (Descriptor& folder : self_and_ancestors(root)) {
    const Attempt attempt = lock(folder.get(), operation);
    if (attempt == Attempt::held_by_another) return std::nullopt;
    if (attempt == Attempt::not_supported && operation == LOCK_EX) result.effective_ = false;
    result.held_.push_back(std::move(folder));
    operation = LOCK_SH;
  }
  return result;
}

std::string TreeLock::holder(const Directory& root) {
  // Above the root only an exclusive lock stands in our way; shared ones are those of our siblings.
  bool above = false;
  for (const Descriptor& folder : self_and_ancestors(root)) {
    if (const auto pid = flock_holder(identify(folder.get()), above)) return describe(*pid);
    above = true;
  }
  return "another process";
}

}  // namespace syncline::filesystem
