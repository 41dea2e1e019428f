// SPDX-License-Identifier: MIT
#include "log/log_file.h"

#include "log/log_format.h"
#include "text/escape.h"

#include "syncline/mirror.h"
#include "syncline/named_path.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <spdlog/fmt/fmt.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>

namespace syncline::cli {
namespace {

[[noreturn]] void refuse(std::string_view path, std::string_view why) {
  throw Unusable(Status::files_unusable, fmt::format("the log '{}' {}", escape(path), why));
}

struct SplitPath {
  std::string folder;
  std::string name;
};

/// Trailing slashes count for nothing. The name is empty where the path is all slashes.
SplitPath split(std::string path) {
  while (path.ends_with('/')) path.pop_back();
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

Descriptor open_folder(int at, const char* path) {
  return Descriptor(::openat(at, path, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

Descriptor open_its_folder(const LogPlace& place, const std::string& folder) {
  try {
    return Descriptor(open_named(folder, O_PATH | O_DIRECTORY));
  } catch (const std::system_error& error) {
    refuse(place.path,
           fmt::format("cannot be opened, since its folder cannot: {}", error.code().message()));
  }
}

std::optional<FileId> id_of(const Descriptor& file) {
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0) return std::nullopt;
  return FileId{status.st_dev, status.st_ino};
}

/// Whether `folder` is `root` or below it, found by walking up: no path is trusted to say where it
/// leads.
bool lies_in(const LogPlace& place, Descriptor folder, FileId root) {
  for (std::optional<FileId> here = id_of(folder); here;) {
    if (*here == root) return true;
    folder = open_folder(folder.get(), "..");
    const std::optional<FileId> above = id_of(folder);
    if (above == here) return false;
    here = above;
  }
  refuse(place.path, fmt::format("may lie in SRC or DST, and that cannot be checked: {}",
                                 std::strerror(errno)));
}

void refuse_inside(const LogPlace& place, const Descriptor& folder, const std::string& root,
                   std::string_view what) {
  if (const auto root_id = id_of(open_folder(AT_FDCWD, root.c_str()))) {
    if (!lies_in(place, open_folder(folder.get(), "."), *root_id)) return;
    refuse(place.path,
           fmt::format("lies in the {} and would be taken for part of it; put it elsewhere", what));
  }
  // A root that is not there yet holds nothing, but the log may be about to take its very name.
  const SplitPath missing = split(root);
  const auto its_folder = id_of(open_folder(AT_FDCWD, missing.folder.c_str()));
  if (its_folder == id_of(folder) && missing.name == split(place.path).name) {
    refuse(place.path, fmt::format("has the path of the {}; put it elsewhere", what));
  }
}

void refuse_foreign(const LogPlace& place, const Descriptor& log) {
  struct stat status {};
  if (::fstat(log.get(), &status) != 0) refuse(place.path, std::strerror(errno));
  if (!S_ISREG(status.st_mode)) refuse(place.path, "is not a regular file; '-' is standard output");
  try {
    require_trusted(log.get(), escape(place.path));
  } catch (const Untrusted& error) {
    refuse(place.path, fmt::format("cannot be used: {}", error.what()));
  }
  if (status.st_nlink != 1) refuse(place.path, "has other hard links; use a file of its own");
  if (status.st_size == 0) return;

  std::array<char, log_prefix_bytes> head{};
  const ssize_t length = ::pread(log.get(), head.data(), head.size(), 0);
  if (length < 0) refuse(place.path, fmt::format("cannot be read: {}", std::strerror(errno)));
  if (!begins_as_log({head.data(), static_cast<std::size_t>(length)})) {
    refuse(place.path, "is not a log of syncline; name a new file, or move this one away");
  }
}

std::string_view reason_to_refuse(int error_number) {
  switch (error_number) {
    case ELOOP:
      return "is a symbolic link; name the file that is meant";
    case EISDIR:
      return "is a folder; name a file in it";
    case ENXIO:
    case ENODEV:
      return "is not a regular file; '-' is standard output";
    default:
      return {};
  }
}

}  // namespace

Descriptor open_log(const LogPlace& place) {
  const auto [folder_path, name] = split(place.path);
  const Descriptor folder = open_its_folder(place, folder_path);
  refuse_inside(place, folder, place.source, "source");
  refuse_inside(place, folder, place.destination, "destination");
  if (place.path.ends_with('/')) refuse(place.path, "is a folder; name a file in it");

  // O_RDWR lets the first line be read through the descriptor that is written to; O_NONBLOCK keeps
  // a fifo from blocking.
  constexpr int flags =
      O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  Descriptor log(::openat(folder.get(), name.c_str(), flags, 0644));
  if (!log) {
    const int error_number = errno;
    const std::string_view reason = reason_to_refuse(error_number);
    refuse(place.path, !reason.empty()
                           ? std::string(reason)
                           : fmt::format("cannot be opened: {}", std::strerror(error_number)));
  }
  refuse_foreign(place, log);
  ::fcntl(log.get(), F_SETFL, O_APPEND);
  return log;
}

}  // namespace syncline::cli
