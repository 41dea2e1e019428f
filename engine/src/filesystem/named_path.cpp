// SPDX-License-Identifier: MIT
#include "filesystem/named_path.h"

#include "filesystem/paths.h"
#include "filesystem/syscalls.h"
#include "filesystem/system_error.h"

#include "syncline/named_path.h"

#include <linux/magic.h>
#include <linux/openat2.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <iterator>
#include <utility>
#include <vector>

namespace syncline::filesystem {
namespace {

// As the kernel has it: path_resolution(7).
constexpr int most_links = 40;

class ForeignLink : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "symlink"; }
  [[nodiscard]] std::string message(int /*condition*/) const override {
    return "a symlink there belongs to another user, and only your own and root's are followed: "
           "name what it leads to";
  }
};

const std::error_category& foreign_link() {
  static const ForeignLink category;
  return category;
}

bool is_trusted(const struct stat& link) {
  return link.st_uid == 0 || link.st_uid == ::geteuid();
}

// What /proc has for links leads to what is open, be it a pipe without a name; only the kernel puts
// any there.
bool is_of_kernel(int link) {
  struct statfs system {};
  return syscalls::fstatfs(link, &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

std::string target_of(int link) {
  std::string target(PATH_MAX, '\0');
  const ssize_t length = syscalls::readlinkat(link, "", target.data(), target.size());
  target.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
  return target;
}

class Walk {
 public:
  Walk(const std::string& path, int flags, mode_t mode) : path_(path), flags_(flags), mode_(mode) {
    push(path);
  }

  Descriptor end() {
    while (!left_.empty()) {
      const std::string name = std::move(left_.back());
      left_.pop_back();
      if (name == "..")
        at_ = open(name, O_PATH | O_DIRECTORY);
      else if (auto opened = step(name); opened.is_open())
        return opened;
    }
    return open(".", flags_ & ~(O_CREAT | O_EXCL | O_NOFOLLOW));
  }

 private:
  // From where `path` begins, before what is left.
  void push(const std::string& path) {
    const bool is_absolute = path.starts_with('/');
    if (is_absolute || !at_.is_open()) {
      at_ = Descriptor{syscalls::openat(AT_FDCWD, is_absolute ? "/" : ".", O_PATH | O_CLOEXEC)};
      if (!at_.is_open()) throw_errno("open", path_);
      shown_.assign(is_absolute ? 1 : 0, '/');
    }
    if (left_.empty()) is_folder_ = is_folder_ || path.ends_with('/');
    std::vector<std::string> names = names_in(path);
    std::erase(names, ".");
    left_.insert(left_.end(), std::make_move_iterator(names.rbegin()),
                 std::make_move_iterator(names.rend()));
  }

  // Closed where it goes on from there.
  Descriptor step(const std::string& name) {
    const bool is_last = left_.empty();
    const int as_folder = is_folder_ ? O_DIRECTORY : 0;
    Descriptor next{syscalls::openat(at_.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)};
    const bool is_to_be_made =
        !next.is_open() && errno == ENOENT && is_last && (flags_ & O_CREAT) != 0;
    struct stat found {};
    if (!next.is_open() && !is_to_be_made) throw_errno("open", path_);
    if (next.is_open() && syscalls::fstat(next.get(), &found) != 0) throw_errno("open", path_);
    if (S_ISLNK(found.st_mode)) return follow(name, std::move(next), found);
    if (is_last) return open(name, flags_ | O_NOFOLLOW | as_folder);
    shown_ = shown_.empty() ? name : join_path(shown_, name);
    at_ = std::move(next);
    return {};
  }

  Descriptor follow(const std::string& name, Descriptor link, const struct stat& found) {
    const bool is_last = left_.empty();
    if ((is_last && (flags_ & O_NOFOLLOW) != 0 && !is_folder_) || ++links_ > most_links)
      throw SystemError("open", path_, ELOOP);
    if (!is_trusted(found)) {
      const std::string shown = shown_.empty() ? name : join_path(shown_, name);
      throw SystemError("open, by way of '" + shown + '\'', path_,
                        std::error_code{ELOOP, foreign_link()});
    }
    if (is_of_kernel(link.get())) {
      if (is_last) return open(name, flags_);
      at_ = open(name, O_PATH | O_DIRECTORY);
      shown_ = shown_.empty() ? name : join_path(shown_, name);
      return {};
    }
    const std::string target = target_of(link.get());
    if (target.empty()) throw SystemError("open", path_, ENOENT);
    push(target);
    return {};
  }

  Descriptor open(const std::string& name, int flags) {
    Descriptor opened{syscalls::openat(at_.get(), name.c_str(), flags | O_CLOEXEC, mode_)};
    if (!opened.is_open()) throw_errno("open", path_);
    return opened;
  }

  const std::string& path_;
  const int flags_;
  const mode_t mode_;
  std::vector<std::string> left_;  ///< the next one last
  Descriptor at_;
  std::string shown_;       ///< the path of `at_`
  bool is_folder_ = false;  ///< what the path ends at must be one
  int links_ = 0;
};

}  // namespace

Descriptor open_named(const std::string& path, int flags, mode_t mode) {
  // One call where there is no link, which is the rule.
  const open_how how{.flags = static_cast<unsigned>(flags | O_CLOEXEC),
                     .mode = (flags & O_CREAT) != 0 ? mode : 0,
                     .resolve = RESOLVE_NO_SYMLINKS};
  Descriptor opened{syscalls::openat2(AT_FDCWD, path.c_str(), how)};
  if (opened.is_open()) return opened;
  // Linux before 5.6 lacks the call, and some sandboxes refuse it.
  if (errno != ELOOP && errno != ENOSYS && errno != EPERM) throw_errno("open", path);
  return Walk{path, flags, mode}.end();
}

}  // namespace syncline::filesystem

namespace syncline {

int open_named(const std::string& path, int flags, unsigned mode) {
  return filesystem::open_named(path, flags, mode).release();
}

}  // namespace syncline
