// SPDX-License-Identifier: MIT
#include "bare.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <mutex>
#include <ranges>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace syncline::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t buffer_bytes = 256U << 10U;

template <typename Result>
Result checked(Result result, const std::string& what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

class Opened {
 public:
  Opened(int folder, const char* name, int flags, mode_t mode = 0)
      : fd_(checked(::openat(folder, name, flags | O_CLOEXEC, mode), name)) {}
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() { ::close(fd_); }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

/// Folders below a root, waiting for a worker; each worker may find more.
class Folders {
 public:
  using Visit = std::function<void(const std::string& folder, Folders& found)>;

  void add(std::string folder) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(folder));
    ++unfinished_;
    unfinished_.notify_all();
  }

  void visit_all(unsigned threads, const Visit& visit) {
    add(".");
    std::vector<std::jthread> workers;
    for (unsigned each = 0; each < threads; ++each) {
      workers.emplace_back([this, &visit] { work(visit); });
    }
  }

 private:
  void work(const Visit& visit) {
    for (;;) {
      const auto unfinished = unfinished_.load();
      if (unfinished == 0) return;
      std::string folder;
      {
        const std::lock_guard lock(mutex_);
        if (!waiting_.empty()) {
          folder = std::move(waiting_.back());
          waiting_.pop_back();
        }
      }
      if (folder.empty()) {
        unfinished_.wait(unfinished);
        continue;
      }
      visit(folder, *this);
      --unfinished_;
      unfinished_.notify_all();
    }
  }

  std::mutex mutex_;
  std::vector<std::string> waiting_;
  std::atomic<std::uint64_t> unfinished_ = 0;
};

std::vector<std::string> names_in(int folder) {
  DIR* stream = ::fdopendir(checked(::dup(folder), "dup"));
  if (stream == nullptr) throw std::system_error(errno, std::generic_category(), "fdopendir");
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(stream)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  ::closedir(stream);
  return names;
}

std::string join(std::string folder, const std::string& name) {
  return folder.append("/").append(name);
}

struct statx status(int folder, const std::string& name) {
  struct statx found {};
  checked(::statx(folder, name.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &found), name);
  return found;
}

void give_metadata(int fd, const struct statx& wanted) {
  const auto time = [](const statx_timestamp& from) {
    return timespec{.tv_sec = from.tv_sec, .tv_nsec = from.tv_nsec};
  };
  const std::array times{time(wanted.stx_atime), time(wanted.stx_mtime)};
  checked(::fchown(fd, wanted.stx_uid, wanted.stx_gid), "fchown");
  checked(::fchmod(fd, wanted.stx_mode & 07777U), "fchmod");
  checked(::futimens(fd, times.data()), "futimens");
}

void copy_file(int from, int to, const std::string& name, const struct statx& wanted) {
  thread_local std::vector<char> buffer(buffer_bytes);
  const std::string temporary = ".bare-" + name;
  const Opened source(from, name.c_str(), O_RDONLY | O_NOFOLLOW);
  const Opened copy(to, temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
  for (std::uint64_t left = wanted.stx_size; left > 0;) {
    const auto got = checked(::read(source.fd(), buffer.data(), buffer.size()), "read");
    checked(::write(copy.fd(), buffer.data(), static_cast<std::size_t>(got)), "write");
    left -= static_cast<std::uint64_t>(got);
  }
  give_metadata(copy.fd(), wanted);
  checked(::renameat(to, temporary.c_str(), to, name.c_str()), "rename");
}

}  // namespace

void walk_both(const fs::path& source, const fs::path& destination, unsigned threads) {
  Folders folders;
  folders.visit_all(threads, [&](const std::string& folder, Folders& found) {
    for (const fs::path& root : {source, destination}) {
      const Opened opened(AT_FDCWD, (root / folder).c_str(), O_RDONLY | O_DIRECTORY);
      for (const std::string& name : names_in(opened.fd())) {
        if (S_ISDIR(status(opened.fd(), name).stx_mode) && root == source) {
          found.add(join(folder, name));
        }
      }
    }
  });
}

void copy_bare(const fs::path& source, const fs::path& destination, unsigned threads) {
  fs::create_directory(destination);
  std::mutex mutex;
  std::vector<std::string> filled;
  Folders folders;
  folders.visit_all(threads, [&](const std::string& folder, Folders& found) {
    const Opened from(AT_FDCWD, (source / folder).c_str(), O_RDONLY | O_DIRECTORY);
    const Opened to(AT_FDCWD, (destination / folder).c_str(), O_RDONLY | O_DIRECTORY);
    for (const std::string& name : names_in(from.fd())) {
      const auto entry = status(from.fd(), name);
      if (S_ISDIR(entry.stx_mode)) {
        checked(::mkdirat(to.fd(), name.c_str(), 0700), "mkdir");
        found.add(join(folder, name));
      } else {
        copy_file(from.fd(), to.fd(), name, entry);
      }
    }
    const std::lock_guard lock(mutex);
    filled.push_back(folder);
  });
  // A folder keeps its time only once everything in it is there.
  for (const std::string& folder : filled) {
    const Opened to(AT_FDCWD, (destination / folder).c_str(), O_RDONLY | O_DIRECTORY);
    give_metadata(to.fd(), status(AT_FDCWD, source / folder));
  }
}

FileReader::FileReader(const fs::path& root) {
  find(root);
}

FileReader::~FileReader() {
  for (const int folder : folders_) ::close(folder);
}

void FileReader::find(const fs::path& path) {
  const int folder = checked(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), path);
  folders_.push_back(folder);
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.is_directory())
      find(entry.path());
    else
      files_.push_back({folder, entry.path().filename()});
  }
}

void FileReader::read_all(unsigned threads) const {
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> workers;
  for (unsigned each = 0; each < threads; ++each) {
    workers.emplace_back([&] {
      std::vector<char> buffer(buffer_bytes);
      for (std::size_t i = next++; i < files_.size(); i = next++) {
        const Opened file(files_[i].folder, files_[i].name.c_str(), O_RDONLY | O_NOFOLLOW);
        while (checked(::read(file.fd(), buffer.data(), buffer.size()), "read") > 0) {
        }
      }
    });
  }
}

}  // namespace syncline::bench
