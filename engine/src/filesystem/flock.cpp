// SPDX-License-Identifier: MIT
#include "filesystem/flock.h"

#include <sys/file.h>

#include <cerrno>

namespace syncline::filesystem {

LockAttempt try_flock(int fd, LockMode mode) {
  while (flock(fd, (mode == LockMode::exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    return errno == EWOULDBLOCK ? LockAttempt::held_by_another : LockAttempt::not_supported;
  }
  return LockAttempt::taken;
}

void release_flock(int fd) {
  static_cast<void>(flock(fd, LOCK_UN));
}

}  // namespace syncline::filesystem
