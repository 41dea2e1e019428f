// A store with latency: a folder, passed through FUSE, where each call takes so much longer.
// Nothing but waiting, so that it shows how well a program keeps many calls under way, as a network
// file system or a disk that rotates would, on any machine and always alike.
//
//   bench_slow_store FOLDER MICROSECONDS MOUNTPOINT     in the foreground, until it is unmounted
//
// FUSE's kernel side believes names and attributes for a second, as libfuse has it by default.
// Extended attributes there are none.
//
// SPDX-License-Identifier: MIT
#define FUSE_USE_VERSION 312

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <fuse.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace {

struct Store {
  int root = -1;
  std::chrono::microseconds delay{};
};

const Store& store() {
  return *static_cast<const Store*>(::fuse_get_context()->private_data);
}

/// The folder, once the time has passed that every call takes.
int root_after_delay() {
  std::this_thread::sleep_for(store().delay);
  return store().root;
}

/// "/a/b" as FUSE names it, seen from the folder.
const char* below(const char* path) {
  return path[1] == '\0' ? "." : path + 1;
}

template <typename Result>
int done_or_error(Result result) {
  return result < 0 ? -errno : static_cast<int>(result);
}

int descriptor(const fuse_file_info* info) {
  return static_cast<int>(info->fh);
}

int get_attributes(const char* path, struct stat* found, fuse_file_info* /*info*/) {
  return done_or_error(::fstatat(root_after_delay(), below(path), found, AT_SYMLINK_NOFOLLOW));
}

int read_link(const char* path, char* target, std::size_t room) {
  const auto length = ::readlinkat(root_after_delay(), below(path), target, room - 1);
  if (length < 0) return -errno;
  target[length] = '\0';
  return 0;
}

int make_folder(const char* path, mode_t mode) {
  return done_or_error(::mkdirat(root_after_delay(), below(path), mode));
}

int remove_file(const char* path) {
  return done_or_error(::unlinkat(root_after_delay(), below(path), 0));
}

int remove_folder(const char* path) {
  return done_or_error(::unlinkat(root_after_delay(), below(path), AT_REMOVEDIR));
}

int make_symlink(const char* target, const char* path) {
  return done_or_error(::symlinkat(target, root_after_delay(), below(path)));
}

int rename_entry(const char* from, const char* to, unsigned flags) {
  const int root = root_after_delay();
  return done_or_error(::renameat2(root, below(from), root, below(to), flags));
}

int make_link(const char* from, const char* to) {
  const int root = root_after_delay();
  return done_or_error(::linkat(root, below(from), root, below(to), 0));
}

int change_mode(const char* path, mode_t mode, fuse_file_info* /*info*/) {
  return done_or_error(::fchmodat(root_after_delay(), below(path), mode, 0));
}

int change_owner(const char* path, uid_t user, gid_t group, fuse_file_info* /*info*/) {
  return done_or_error(
      ::fchownat(root_after_delay(), below(path), user, group, AT_SYMLINK_NOFOLLOW));
}

int change_size(const char* path, off_t size, fuse_file_info* /*info*/) {
  const int fd = ::openat(root_after_delay(), below(path), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return -errno;
  const int result = done_or_error(::ftruncate(fd, size));
  ::close(fd);
  return result;
}

int change_times(const char* path, const timespec* times, fuse_file_info* /*info*/) {
  return done_or_error(::utimensat(root_after_delay(), below(path), times, AT_SYMLINK_NOFOLLOW));
}

int open_as(const char* path, int flags, mode_t mode, fuse_file_info* info) {
  const int fd = ::openat(root_after_delay(), below(path), flags | O_CLOEXEC, mode);
  if (fd < 0) return -errno;
  info->fh = static_cast<std::uint64_t>(fd);
  return 0;
}

int open_file(const char* path, fuse_file_info* info) {
  return open_as(path, info->flags, 0, info);
}

int create_file(const char* path, mode_t mode, fuse_file_info* info) {
  return open_as(path, info->flags | O_CREAT, mode, info);
}

int read_file(const char* /*path*/, char* into, std::size_t count, off_t at, fuse_file_info* info) {
  root_after_delay();
  return done_or_error(::pread(descriptor(info), into, count, at));
}

int write_file(const char* /*path*/, const char* from, std::size_t count, off_t at,
               fuse_file_info* info) {
  root_after_delay();
  return done_or_error(::pwrite(descriptor(info), from, count, at));
}

int flush_file(const char* /*path*/, int /*data_only*/, fuse_file_info* info) {
  root_after_delay();
  return done_or_error(::fsync(descriptor(info)));
}

int close_file(const char* /*path*/, fuse_file_info* info) {
  return done_or_error(::close(descriptor(info)));
}

int list_folder(const char* path, void* names, fuse_fill_dir_t fill, off_t /*at*/,
                fuse_file_info* /*info*/, fuse_readdir_flags /*flags*/) {
  const int fd = ::openat(root_after_delay(), below(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return -errno;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::fdopendir(fd), ::closedir);
  while (const dirent* entry = ::readdir(folder.get())) {
    struct stat kind {};
    kind.st_ino = entry->d_ino;
    kind.st_mode = static_cast<mode_t>(DTTOIF(entry->d_type));
    fill(names, entry->d_name, &kind, 0, fuse_fill_dir_flags{});
  }
  return 0;
}

int tell_room(const char* /*path*/, struct statvfs* found) {
  return done_or_error(::fstatvfs(root_after_delay(), found));
}

void* begin(fuse_conn_info* /*connection*/, fuse_config* config) {
  config->use_ino = 1;
  return ::fuse_get_context()->private_data;
}

fuse_operations operations() {
  fuse_operations calls{};
  calls.getattr = get_attributes;
  calls.readlink = read_link;
  calls.mkdir = make_folder;
  calls.unlink = remove_file;
  calls.rmdir = remove_folder;
  calls.symlink = make_symlink;
  calls.rename = rename_entry;
  calls.link = make_link;
  calls.chmod = change_mode;
  calls.chown = change_owner;
  calls.truncate = change_size;
  calls.utimens = change_times;
  calls.open = open_file;
  calls.create = create_file;
  calls.read = read_file;
  calls.write = write_file;
  calls.fsync = flush_file;
  calls.release = close_file;
  calls.readdir = list_folder;
  calls.statfs = tell_room;
  calls.init = begin;
  return calls;
}

}  // namespace

int main(int argc, char** argv) {
  Store folder;
  std::uint64_t microseconds = 0;
  const std::string_view delay = argc == 4 ? argv[2] : "";
  const auto [end, error] =
      std::from_chars(delay.data(), delay.data() + delay.size(), microseconds);
  if (argc != 4 || error != std::errc() || end != delay.data() + delay.size()) {
    std::cerr << "Usage: bench_slow_store FOLDER MICROSECONDS MOUNTPOINT\n";
    return 2;
  }
  folder.delay = std::chrono::microseconds(microseconds);
  folder.root = ::open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder.root < 0) {
    std::cerr << "bench_slow_store: " << argv[1] << ": " << std::strerror(errno)
              << '\n';  // NOLINT(concurrency-mt-unsafe)
    return 1;
  }
  ::umask(0);  // modes were settled by who asked
  const fuse_operations calls = operations();
  std::array<std::string, 5> words{"bench_slow_store", argv[3], "-f", "-o",
                                   "default_permissions,max_threads=64,max_idle_threads=64"};
  std::array<char*, 5> arguments{};
  std::ranges::transform(words, arguments.begin(), [](std::string& word) { return word.data(); });
  return ::fuse_main(static_cast<int>(arguments.size()), arguments.data(), &calls, &folder);
}
