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
#include <optional>
#include <ranges>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace syncline::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t buffer_bytes = 256U << 10U;
/// As much of a folder as one worker takes, so that a large one keeps all of them busy.
constexpr std::size_t batch_names = 1'024;
/// A file that is work enough for one worker.
constexpr std::uint64_t big_file_bytes = 1U << 20U;

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

/// Some names in a folder below the root, or all that it holds.
struct Task {
  std::string folder;
  std::optional<std::vector<std::string>> names;
};

/// What waits for a worker; each worker may find more.
class Tasks {
 public:
  using Visit = std::function<void(const Task& task, Tasks& found)>;

  void add(Task task) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(task));
    ++unfinished_;
    unfinished_.notify_all();
  }

  /// Begins with all that the root holds.
  void visit_all(unsigned threads, const Visit& visit) {
    add({".", std::nullopt});
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
      if (const auto task = take()) {
        visit(*task, *this);
        --unfinished_;
        unfinished_.notify_all();
      } else {
        unfinished_.wait(unfinished);
      }
    }
  }

  std::optional<Task> take() {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) return std::nullopt;
    Task task = std::move(waiting_.back());
    waiting_.pop_back();
    return task;
  }

  std::mutex mutex_;
  std::vector<Task> waiting_;
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

/// The names that `task` is about, less what it leaves to others: of a large folder all but the
/// first batch.
std::vector<std::string> names_of(const Task& task, int folder, Tasks& tasks) {
  if (task.names) return *task.names;
  std::vector<std::string> names = names_in(folder);
  while (names.size() > batch_names) {
    const auto first = names.end() - static_cast<std::ptrdiff_t>(batch_names);
    tasks.add({task.folder, std::vector<std::string>(first, names.end())});
    names.erase(first, names.end());
  }
  return names;
}

void read_file(int folder, const std::string& name) {
  thread_local std::vector<char> buffer(buffer_bytes);
  const Opened file(folder, name.c_str(), O_RDONLY | O_NOFOLLOW);
  while (checked(::read(file.fd(), buffer.data(), buffer.size()), "read") > 0) {
  }
}

/// Leaves a big one among others to whoever has nothing to do.
bool is_left_to_others(const Task& task, const std::string& name, const struct statx& entry,
                       Tasks& tasks) {
  const bool is_alone = task.names && task.names->size() == 1;
  if (is_alone || S_ISDIR(entry.stx_mode) || entry.stx_size < big_file_bytes) return false;
  tasks.add({task.folder, std::vector{name}});
  return true;
}

/// `visit` is called for each entry that is no folder.
template <typename Visit>
std::uint64_t walk(const fs::path& root, unsigned threads, const Visit& visit) {
  std::atomic<std::uint64_t> entries = 0;
  Tasks all;
  all.visit_all(threads, [&](const Task& task, Tasks& tasks) {
    const Opened folder(AT_FDCWD, (root / task.folder).c_str(), O_RDONLY | O_DIRECTORY);
    const std::vector<std::string> names = names_of(task, folder.fd(), tasks);
    entries += names.size();
    for (const std::string& name : names) {
      const auto entry = status(folder.fd(), name);
      if (S_ISDIR(entry.stx_mode))
        tasks.add({join(task.folder, name), std::nullopt});
      else
        visit(task, folder.fd(), name, entry, tasks);
    }
  });
  return entries;
}

}  // namespace

std::uint64_t walk_bare(const fs::path& root, unsigned threads) {
  return walk(root, threads,
              [](const Task&, int, const std::string&, const struct statx&, Tasks&) {});
}

void walk_both(const fs::path& source, const fs::path& destination, unsigned threads) {
  walk_bare(source, threads);
  walk_bare(destination, threads);
}

void read_both(const fs::path& source, const fs::path& destination, unsigned threads) {
  for (const fs::path& root : {source, destination}) {
    walk(root, threads,
         [](const Task& task, int folder, const std::string& name, const struct statx& entry,
            Tasks& tasks) {
           if (!is_left_to_others(task, name, entry, tasks)) read_file(folder, name);
         });
  }
}

void copy_bare(const fs::path& source, const fs::path& destination, unsigned threads) {
  fs::create_directory(destination);
  std::mutex mutex;
  std::vector<std::string> filled;
  Tasks all;
  all.visit_all(threads, [&](const Task& task, Tasks& tasks) {
    const Opened from(AT_FDCWD, (source / task.folder).c_str(), O_RDONLY | O_DIRECTORY);
    const Opened to(AT_FDCWD, (destination / task.folder).c_str(), O_RDONLY | O_DIRECTORY);
    for (const std::string& name : names_of(task, from.fd(), tasks)) {
      const auto entry = status(from.fd(), name);
      if (S_ISDIR(entry.stx_mode)) {
        if (::mkdirat(to.fd(), name.c_str(), 0700) != 0 && errno != EEXIST) checked(-1, "mkdir");
        tasks.add({join(task.folder, name), std::nullopt});
      } else if (!is_left_to_others(task, name, entry, tasks)) {
        copy_file(from.fd(), to.fd(), name, entry);
      }
    }
    if (task.names) return;
    const std::lock_guard lock(mutex);
    filled.push_back(task.folder);
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
      for (std::size_t i = next++; i < files_.size(); i = next++) {
        read_file(files_[i].folder, files_[i].name);
      }
    });
  }
}

}  // namespace syncline::bench
