// Who holds a flock(2), and whether that is anybody whom a run has to wait for.
//
// Whoever may read a folder may lock it, and keep it locked for ever. So a lock counts only if root
// or this user holds it. The kernel names the process that took a lock (proc_locks(5)), which may
// have ended since and left the lock to others, be it by fork(2) or over a socket; and its number
// may be another process's by now. So the process has to be seen to hold it (the "lock:" lines of
// proc_pid_fdinfo(5)) as far as this user may look, and all others of root's and this user's are
// asked too. Strangers are not, but for a few where one has to be named: what they have open could
// be made to take for ever. Who holds it is who started that process, its real user: the effective
// one is root's where somebody ran a set-user-ID program with the lock in its hands. Where such a
// program has become root altogether, it is who logged in, if the lock is on a standard stream.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/flock.h"

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::filesystem {

struct LockHolder {
  enum class Sight : std::uint8_t {
    seen,
    hidden,  ///< its process is there, but not for us to see
    gone,    ///< its process holds it no more, and none that does is seen
  };
  Sight sight = Sight::hidden;
  int pid = 0;
  uid_t user = 0;  ///< that started it; only of one that is seen
  bool is_exclusive = false;
};

/// A line of /proc/locks about a flock that is held, not about one that is waited for. Device and
/// inode number are those that the file system itself has.
struct FlockLine {
  int pid = 0;
  bool is_exclusive = false;
  unsigned major_number = 0;
  unsigned minor_number = 0;
  std::uint64_t inode = 0;
};
std::optional<FlockLine> parse_flock(std::string_view line);

enum class Whose : std::uint8_t { ours, strangers, unknown };

/// Whose the lock is that all of `holders` share. What a run of Syncline's holds ends with it, so
/// one whose process is gone is nobody's that counts; what cannot be seen may be anybody's.
Whose whose(const std::vector<LockHolder>& holders, uid_t us);

/// Of the open file `fd`; one alone where that is root or this user. None where that cannot be
/// told, be it because they are let go meanwhile, or in another pid namespace. Never fails.
/// The process `but_for` does not count.
std::vector<LockHolder> lock_holders(int fd, int but_for = 0);

/// Those of them who keep us from a lock in that mode: shared ones agree with each other.
std::vector<LockHolder> in_the_way(int fd, LockMode mode);

/// "process 1234, running since 2026-01-02 03:04:05 +0000", and of another user's more: who that
/// is, and what the process calls itself.
std::string describe(const LockHolder& holder, uid_t us);

}  // namespace syncline::filesystem
