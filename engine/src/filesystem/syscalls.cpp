// SPDX-License-Identifier: MIT
#include "filesystem/syscalls.h"

#include "filesystem/calls.h"

#include <dirent.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <string>

namespace syncline::filesystem::syscalls {
namespace {

std::atomic<Hook*> installed{nullptr};

bool fails(Call call) {
  Hook* const hook = installed.load(std::memory_order_relaxed);
  if (hook == nullptr) return false;
  const int error_number = hook->before(call);
  if (error_number != 0) errno = error_number;
  return error_number != 0;
}

bool fails_at(Call call, int fd, const char* name) {
  Hook* const hook = installed.load(std::memory_order_relaxed);
  if (hook == nullptr) return false;
  const int error_number = hook->before_at(call, fd, name);
  if (error_number != 0) errno = error_number;
  return error_number != 0;
}

// While it lives this thread counts as waiting.
class UnderWay {
 public:
  UnderWay(Call call, int fd, const char* name) : slot_(Calls::of_this_thread()) {
    if (slot_ != nullptr) slot_->enter(call, fd, name);
  }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;
  ~UnderWay() {
    if (slot_ != nullptr) slot_->leave();
  }

 private:
  CallSlot* const slot_;
};

/// Whom a call is made for: `name` in the folder `fd`, or what that is itself.
struct Place {
  int fd;
  const char* name = nullptr;
};

template <typename Function>
auto repeated(Function function) -> decltype(function()) {
  while (true) {
    const auto result = function();
    if (result != -1 || errno != EINTR) return result;
  }
}

template <typename Function>
auto guarded(Call call, Place place, Function function) -> decltype(function()) {
  const UnderWay here{call, place.fd, place.name};
  if (fails(call)) return -1;
  return repeated(function);
}

template <typename Function>
auto guarded_at(Call call, int fd, const char* name, Function function) -> decltype(function()) {
  const UnderWay here{call, fd, name};
  if (fails_at(call, fd, name) || fails(call)) return -1;
  return repeated(function);
}

using ProcPath = std::array<char, 32>;

ProcPath proc_path(int fd) {
  ProcPath path;
  std::snprintf(path.data(), path.size(), "/proc/self/fd/%d", fd);
  return path;
}

std::string proc_path(int folder, const char* name) {
  return std::string(proc_path(folder).data()) + '/' + name;
}

// What `direct` refuses of an O_PATH descriptor, `by_path` does.
template <typename Direct, typename ByPath>
auto on_any(int fd, Direct direct, ByPath by_path) -> decltype(direct()) {
  const auto result = direct();
  if (result != -1 || errno != EBADF) return result;
  return by_path(proc_path(fd).data());
}

template <typename Time, typename Inode>
void bend(Time& ctime, Inode& inode) {
  Hook* const hook = installed.load(std::memory_order_relaxed);
  if (hook == nullptr) return;
  constexpr std::int64_t ns_per_s = 1'000'000'000;
  const std::int64_t shown = hook->ctime_ns(ctime.tv_sec * ns_per_s + ctime.tv_nsec);
  ctime.tv_sec = shown / ns_per_s;
  ctime.tv_nsec = static_cast<decltype(ctime.tv_nsec)>(shown % ns_per_s);
  inode = hook->inode(inode);
}

}  // namespace

void install(Hook* hook) {
  installed.store(hook, std::memory_order_relaxed);
}

int openat(int folder, const char* name, int flags, mode_t mode) {
  return guarded_at(Call::open, folder, name, [&] { return ::openat(folder, name, flags, mode); });
}

int openat2(int folder, const char* name, const struct open_how& how) {
  return guarded(Call::open, {folder, name}, [&] {
    return static_cast<int>(::syscall(SYS_openat2, folder, name, &how, sizeof how));
  });
}

// Linux frees the descriptor even when close reports EINTR: a second call could close somebody
// else's.
int close(int fd) {
  const UnderWay here{Call::close, fd, nullptr};
  const bool failed = fails(Call::close);
  const int error_number = errno;
  const int result = ::close(fd);
  if (!failed) return result == -1 && errno == EINTR ? 0 : result;
  errno = error_number;
  return -1;
}

int fcntl(int fd, int command, int argument) {
  return guarded(Call::control, {fd}, [&] { return ::fcntl(fd, command, argument); });
}

ssize_t getdents64(int fd, void* buffer, std::size_t bytes) {
  return guarded_at(Call::read_folder, fd, "", [&] { return ::getdents64(fd, buffer, bytes); });
}

int statx(int folder, const char* name, int flags, unsigned mask, struct statx* result) {
  const int outcome = guarded_at(Call::status, folder, name,
                                 [&] { return ::statx(folder, name, flags, mask, result); });
  if (outcome == 0) bend(result->stx_ctime, result->stx_ino);
  return outcome;
}

int fstat(int fd, struct stat* result) {
  const int outcome = guarded(Call::status, {fd}, [&] { return ::fstat(fd, result); });
  if (outcome == 0) bend(result->st_ctim, result->st_ino);
  return outcome;
}

int fstatfs(int fd, struct statfs* result) {
  const int outcome = guarded(Call::file_system, {fd}, [&] { return ::fstatfs(fd, result); });
  Hook* const hook = installed.load(std::memory_order_relaxed);
  if (outcome == 0 && hook != nullptr)
    result->f_type = hook->file_system_type(static_cast<std::uint32_t>(result->f_type));
  return outcome;
}

ssize_t pread(int fd, void* buffer, std::size_t bytes, off_t offset) {
  return guarded_at(Call::read, fd, "", [&] { return ::pread(fd, buffer, bytes, offset); });
}

ssize_t pread_cached(int fd, void* buffer, std::size_t bytes, off_t offset) {
  const iovec piece{.iov_base = buffer, .iov_len = bytes};
  return guarded_at(Call::read, fd, "",
                    [&] { return ::preadv2(fd, &piece, 1, offset, RWF_NOWAIT); });
}

int fadvise(int fd, off_t offset, off_t bytes, int advice) {
  return guarded(Call::advise, {fd}, [&] {
    errno = ::posix_fadvise(fd, offset, bytes, advice);
    return errno == 0 ? 0 : -1;
  });
}

ssize_t pwrite(int fd, const void* buffer, std::size_t bytes, off_t offset) {
  return guarded(Call::write, {fd}, [&] { return ::pwrite(fd, buffer, bytes, offset); });
}

ssize_t copy_file_range(int from, off_t* from_offset, int to, off_t* to_offset, std::size_t bytes) {
  return guarded_at(Call::copy_range, from, "",
                    [&] { return ::copy_file_range(from, from_offset, to, to_offset, bytes, 0); });
}

int fallocate(int fd, int mode, off_t offset, off_t bytes) {
  return guarded(Call::allocate, {fd}, [&] { return ::fallocate(fd, mode, offset, bytes); });
}

int sync_file_range(int fd, off_t offset, off_t bytes, unsigned flags) {
  return guarded(Call::flush, {fd}, [&] { return ::sync_file_range(fd, offset, bytes, flags); });
}

int fsync(int fd) {
  return guarded(Call::flush, {fd}, [&] { return ::fsync(fd); });
}

int syncfs(int fd) {
  return guarded(Call::flush_filesystem, {fd}, [&] { return ::syncfs(fd); });
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  const Call call = (flags & RENAME_EXCHANGE) != 0 ? Call::exchange : Call::rename;
  return guarded_at(call, to_folder, to,
                    [&] { return ::renameat2(from_folder, from, to_folder, to, flags); });
}

int unlinkat(int folder, const char* name, int flags) {
  return guarded_at(Call::unlink, folder, name, [&] { return ::unlinkat(folder, name, flags); });
}

int mkdirat(int folder, const char* name, mode_t mode) {
  return guarded(Call::make_folder, {folder, name}, [&] { return ::mkdirat(folder, name, mode); });
}

int symlinkat(const char* target, int folder, const char* name) {
  return guarded(Call::make_symlink, {folder, name},
                 [&] { return ::symlinkat(target, folder, name); });
}

int mknodat(int folder, const char* name, mode_t mode, dev_t device) {
  return guarded(Call::make_node, {folder, name},
                 [&] { return ::mknodat(folder, name, mode, device); });
}

ssize_t readlinkat(int folder, const char* name, char* buffer, std::size_t bytes) {
  return guarded_at(Call::read_link, folder, name,
                    [&] { return ::readlinkat(folder, name, buffer, bytes); });
}

int fchmod(int fd, mode_t mode) {
  return guarded(Call::change_mode, {fd}, [&] { return ::fchmod(fd, mode); });
}

int chmod_opath(int fd, mode_t mode) {
  constexpr long fchmodat2 = 452;  // since Linux 6.6, the same on every architecture
  return guarded(Call::change_mode, {fd}, [&] {
    const auto result = static_cast<int>(::syscall(fchmodat2, fd, "", mode, AT_EMPTY_PATH));
    if (result == 0 || errno != ENOSYS) return result;
    return ::chmod(proc_path(fd).data(), mode);
  });
}

int fchownat(int folder, const char* name, uid_t uid, gid_t gid, int flags) {
  return guarded(Call::change_owner, {folder, name},
                 [&] { return ::fchownat(folder, name, uid, gid, flags); });
}

int utimensat(int folder, const char* name, const struct timespec times[2], int flags) {
  return guarded(Call::change_times, {folder, name},
                 [&] { return ::utimensat(folder, name, times, flags); });
}

int futimens(int fd, const struct timespec times[2]) {
  return guarded(Call::change_times, {fd}, [&] { return ::futimens(fd, times); });
}

int linkat(int folder, const char* name, int to_folder, const char* to) {
  return guarded(Call::link, {to_folder, to},
                 [&] { return ::linkat(folder, name, to_folder, to, 0); });
}

int link_open(int fd, int to_folder, const char* to) {
  return guarded(Call::link, {to_folder, to}, [&] {
    const int result = ::linkat(fd, "", to_folder, to, AT_EMPTY_PATH);
    // Before Linux 6.10 that is for who may read everything (CAP_DAC_READ_SEARCH).
    if (result == 0 || errno != ENOENT) return result;
    return ::linkat(AT_FDCWD, proc_path(fd).data(), to_folder, to, AT_SYMLINK_FOLLOW);
  });
}

ssize_t flistxattr(int fd, char* names, std::size_t bytes) {
  return guarded_at(Call::list_attributes, fd, "", [&] {
    return on_any(
        fd, [&] { return ::flistxattr(fd, names, bytes); },
        [&](const char* path) { return ::listxattr(path, names, bytes); });
  });
}

ssize_t fgetxattr(int fd, const char* attribute, void* value, std::size_t bytes) {
  return guarded_at(Call::get_attribute, fd, "", [&] {
    return on_any(
        fd, [&] { return ::fgetxattr(fd, attribute, value, bytes); },
        [&](const char* path) { return ::getxattr(path, attribute, value, bytes); });
  });
}

int fsetxattr(int fd, const char* attribute, const void* value, std::size_t bytes) {
  return guarded(Call::set_attribute, {fd}, [&] {
    return on_any(
        fd, [&] { return ::fsetxattr(fd, attribute, value, bytes, 0); },
        [&](const char* path) { return ::setxattr(path, attribute, value, bytes, 0); });
  });
}

int fremovexattr(int fd, const char* attribute) {
  return guarded(Call::remove_attribute, {fd}, [&] {
    return on_any(
        fd, [&] { return ::fremovexattr(fd, attribute); },
        [&](const char* path) { return ::removexattr(path, attribute); });
  });
}

ssize_t listxattrat(int folder, const char* name, char* names, std::size_t bytes) {
  return guarded_at(Call::list_attributes, folder, name,
                    [&] { return ::llistxattr(proc_path(folder, name).c_str(), names, bytes); });
}

ssize_t getxattrat(int folder, const char* name, const char* attribute, void* value,
                   std::size_t bytes) {
  return guarded_at(Call::get_attribute, folder, name, [&] {
    return ::lgetxattr(proc_path(folder, name).c_str(), attribute, value, bytes);
  });
}

off_t lseek(int fd, off_t offset, int whence) {
  return guarded(Call::seek, {fd}, [&] { return ::lseek(fd, offset, whence); });
}

int ftruncate(int fd, off_t bytes) {
  return guarded(Call::truncate, {fd}, [&] { return ::ftruncate(fd, bytes); });
}

int clone(int from, int to) {
  return guarded(Call::clone, {to}, [&] { return ::ioctl(to, FICLONE, from); });
}

}  // namespace syncline::filesystem::syscalls
