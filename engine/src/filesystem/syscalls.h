// The seam to the kernel: every call that can fail and that a promise hangs on goes through here,
// so that a test can make the n-th call of a kind fail, or the process stop right there, and what
// does not come back can be told (filesystem/calls.h). Without a hook it costs a few relaxed loads
// and stores.
//
// Functions have the manual pages' signatures and results (-1 and errno), restarted on EINTR where
// that is safe.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/call.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/vfs.h>

#include <cstddef>
#include <cstdint>

namespace syncline::filesystem::syscalls {

/// A hook sees each call before it is made.
class Hook {
 public:
  Hook() = default;
  Hook(const Hook&) = delete;
  Hook& operator=(const Hook&) = delete;
  virtual ~Hook() = default;

  /// An errno to fail with instead of making the call, or 0. Called from many threads at once.
  virtual int before(Call call) = 0;

  /// Likewise of calls that read or open something, or unlink it: what `name` is in the folder
  /// `fd`, or, where `name` is empty, what `fd` is itself. Of a rename it is the new name.
  virtual int before_at(Call /*call*/, int /*fd*/, const char* /*name*/) { return 0; }

  /// What a look shows in place of the true inode number.
  virtual std::uint64_t inode(std::uint64_t true_inode) { return true_inode; }
  /// What a look shows in place of the true ctime: a coarser clock's, for one.
  virtual std::int64_t ctime_ns(std::int64_t true_ns) { return true_ns; }
  /// The type of a file system (statfs(2)) in place of the true one.
  virtual std::uint32_t file_system_type(std::uint32_t true_type) { return true_type; }
};

/// Installs `hook` (or none: nullptr) for the whole process. Not while a pass runs.
void install(Hook* hook);

int openat(int folder, const char* name, int flags, mode_t mode = 0);
/// openat2(2).
int openat2(int folder, const char* name, const struct open_how& how);
int close(int fd);
int fcntl(int fd, int command, int argument);
ssize_t getdents64(int fd, void* buffer, std::size_t bytes);
int statx(int folder, const char* name, int flags, unsigned mask, struct statx* result);
int fstat(int fd, struct stat* result);
int fstatfs(int fd, struct statfs* result);
ssize_t pread(int fd, void* buffer, std::size_t bytes, off_t offset);
/// preadv2(2) with RWF_NOWAIT: EAGAIN instead of waiting.
ssize_t pread_cached(int fd, void* buffer, std::size_t bytes, off_t offset);
/// posix_fadvise(2), but -1 and errno as everything else here.
int fadvise(int fd, off_t offset, off_t bytes, int advice);
ssize_t pwrite(int fd, const void* buffer, std::size_t bytes, off_t offset);
ssize_t copy_file_range(int from, off_t* from_offset, int to, off_t* to_offset, std::size_t bytes);
int fallocate(int fd, int mode, off_t offset, off_t bytes);
int sync_file_range(int fd, off_t offset, off_t bytes, unsigned flags);
int fsync(int fd);
int syncfs(int fd);
int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags);
int unlinkat(int folder, const char* name, int flags);
int mkdirat(int folder, const char* name, mode_t mode);
int symlinkat(const char* target, int folder, const char* name);
int mknodat(int folder, const char* name, mode_t mode, dev_t device);
ssize_t readlinkat(int folder, const char* name, char* buffer, std::size_t bytes);
int fchmod(int fd, mode_t mode);
/// chmod of what an O_PATH descriptor stands for; fchmodat2(2) where the kernel has it, else
/// through /proc/self/fd.
int chmod_opath(int fd, mode_t mode);
int fchownat(int folder, const char* name, uid_t uid, gid_t gid, int flags);
int utimensat(int folder, const char* name, const struct timespec times[2], int flags);
int futimens(int fd, const struct timespec times[2]);

/// The link(2) of `name`, which may be a symlink, not following it.
int linkat(int folder, const char* name, int to_folder, const char* to);
/// That of an open file that may have no name yet: by its descriptor, and where the kernel refuses
/// that, through /proc/self/fd.
int link_open(int fd, int to_folder, const char* to);

// Extended attributes (xattr(7)). An O_PATH descriptor will do: what the calls refuse then goes
// through /proc/self/fd.

ssize_t flistxattr(int fd, char* names, std::size_t bytes);
ssize_t fgetxattr(int fd, const char* attribute, void* value, std::size_t bytes);
int fsetxattr(int fd, const char* attribute, const void* value, std::size_t bytes);
int fremovexattr(int fd, const char* attribute);
/// Of what has that name, a symlink not being followed.
ssize_t listxattrat(int folder, const char* name, char* names, std::size_t bytes);
ssize_t getxattrat(int folder, const char* name, const char* attribute, void* value,
                   std::size_t bytes);

/// lseek(2) with SEEK_DATA or SEEK_HOLE, which ask and move nothing that pread(2) minds.
off_t lseek(int fd, off_t offset, int whence);
int ftruncate(int fd, off_t bytes);
/// ioctl_ficlone(2): `to` gets all bytes of `from`, sharing the blocks.
int clone(int from, int to);

}  // namespace syncline::filesystem::syscalls
