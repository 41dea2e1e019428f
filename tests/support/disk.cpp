// SPDX-License-Identifier: MIT
#include "support/disk.h"

#include "support/attributes.h"
#include "support/descriptor.h"
#include "support/temporary_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <climits>
#include <cstddef>
#include <memory>
#include <optional>
#include <ostream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace syncline::test {
namespace {

constexpr std::int64_t ns_per_s = 1'000'000'000;

std::int64_t nanoseconds(const timespec& time) {
  return time.tv_sec * ns_per_s + time.tv_nsec;
}

Timestamp timestamp(const timespec& time) {
  return {.seconds = time.tv_sec, .nanoseconds = static_cast<std::uint32_t>(time.tv_nsec)};
}

Descriptor open_folder(const std::string& root, std::string_view path) {
  Descriptor here(checked(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC), "open " + root));
  while (!path.empty()) {
    auto length = path.size();
    if (length >= PATH_MAX) length = path.rfind('/', PATH_MAX - 1);
    const std::string slice(path.substr(0, length));
    here = Descriptor(
        checked(::openat(here.get(), slice.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
                "open folder " + printable(slice)));
    path.remove_prefix(std::min(path.size(), length + 1));
  }
  return here;
}

/// An entry as system calls take it: its folder, open, and its name. The root is "." in itself.
struct Place {
  Place(const std::string& root, const std::string& path)
      : parent(open_folder(root, parent_of(path))), name(path.empty() ? "." : name_of(path)) {}

  [[nodiscard]] int at() const { return parent.get(); }
  [[nodiscard]] const char* c_str() const { return name.c_str(); }
  /// For calls that take no open folder.
  [[nodiscard]] std::string path() const {
    return "/proc/self/fd/" + std::to_string(parent.get()) + '/' + name;
  }

  Descriptor parent;
  std::string name;
};

struct stat status(int folder, const std::string& name) {
  struct stat found {};
  checked(::fstatat(folder, name.c_str(), &found, AT_SYMLINK_NOFOLLOW), "stat " + printable(name));
  return found;
}

struct stat status(const std::string& root, const std::string& path) {
  const Place place(root, path);
  return status(place.at(), place.name);
}

Kind kind_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return Kind::folder;
    case S_IFREG:
      return Kind::file;
    case S_IFLNK:
      return Kind::symlink;
    case S_IFIFO:
      return Kind::fifo;
    case S_IFSOCK:
      return Kind::socket;
    case S_IFCHR:
      return Kind::character_device;
    case S_IFBLK:
      return Kind::block_device;
    default:
      throw std::runtime_error("a kind of entry that nobody knows");
  }
}

mode_t type_bits(Kind kind) {
  switch (kind) {
    case Kind::fifo:
      return S_IFIFO;
    case Kind::socket:
      return S_IFSOCK;
    case Kind::character_device:
      return S_IFCHR;
    case Kind::block_device:
      return S_IFBLK;
    default:
      throw std::logic_error("not made by mknod");
  }
}

std::vector<std::string> names_in(const std::string& root, const std::string& path) {
  const Descriptor folder = open_folder(root, path);
  Descriptor readable(checked(::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                              "list " + printable(path)));
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(readable.get()), ::closedir);
  if (stream == nullptr) throw std::runtime_error("fdopendir");
  (void)readable.release();
  std::vector<std::string> names;
  while (const dirent* each = ::readdir(stream.get())) {
    const std::string name = each->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  return names;
}

std::string content_of(const Place& place) {
  const Descriptor opened(checked(::openat(place.at(), place.c_str(), O_RDONLY | O_CLOEXEC),
                                  "read " + printable(place.name)));
  std::string content(static_cast<std::size_t>(status(place.at(), place.name).st_size), '\0');
  std::size_t filled = 0;
  while (filled < content.size()) {
    const auto got =
        checked(::read(opened.get(), content.data() + filled, content.size() - filled), "read");
    if (got == 0) throw std::runtime_error("shorter than its size: " + printable(place.name));
    filled += static_cast<std::size_t>(got);
  }
  return content;
}

std::string target_of(const Place& place) {
  std::array<char, PATH_MAX> target{};
  const auto length =
      checked(::readlinkat(place.at(), place.c_str(), target.data(), target.size()), "readlink");
  return {target.data(), static_cast<std::size_t>(length)};
}

void write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const auto written = checked(::write(fd, content.data(), content.size()), "write");
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// Writes it to an empty file.
void write_around_holes(int fd, std::string_view content) {
  // As long as the longest blocks that file systems are usually made with.
  constexpr std::size_t stretch = 65536;
  checked(::ftruncate(fd, static_cast<off_t>(content.size())), "truncate");
  for (std::size_t at = 0; at < content.size(); at += stretch) {
    const std::string_view part = content.substr(at, stretch);
    if (part.find_first_not_of('\0') == std::string_view::npos) continue;
    checked(::lseek(fd, static_cast<off_t>(at), SEEK_SET), "seek");
    write_all(fd, part);
  }
}

/// Where the next data or hole begins, which may be at the end.
std::optional<std::uint64_t> next(int fd, int what, std::uint64_t from) {
  const off_t found = ::lseek(fd, static_cast<off_t>(from), what);
  if (found < 0 && errno == ENXIO) return std::nullopt;
  return static_cast<std::uint64_t>(checked(found, "seek"));
}

void set_times(const Place& place, const Timestamp& mtime) {
  const std::array<timespec, 2> times{timespec{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                                      {.tv_sec = mtime.seconds, .tv_nsec = mtime.nanoseconds}};
  checked(::utimensat(place.at(), place.c_str(), times.data(), AT_SYMLINK_NOFOLLOW), "set mtime");
}

void make_link(const std::string& root, const Entry& entry) {
  const Place there(root, entry.linked_to);
  const Place place(root, entry.path);
  checked(::linkat(there.at(), there.c_str(), place.at(), place.c_str(), 0),
          "link " + printable(entry.path));
}

void make_bare(const Entry& entry, const Place& place) {
  switch (entry.kind) {
    case Kind::folder:
      // The root may be there, and a parent that comes with the defaults too.
      if (::mkdirat(place.at(), place.c_str(), 0700) != 0 && errno != EEXIST) checked(-1, "mkdir");
      break;
    case Kind::file: {
      const Descriptor made(checked(
          ::openat(place.at(), place.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600),
          "create " + printable(entry.path)));
      write_around_holes(made.get(), entry.content);
      break;
    }
    case Kind::symlink:
      checked(::symlinkat(entry.content.c_str(), place.at(), place.c_str()), "symlink");
      break;
    default:
      checked(::mknodat(place.at(), place.c_str(), type_bits(entry.kind) | 0600U, entry.device),
              "mknod " + printable(entry.path));
  }
}

void set_metadata(const Entry& entry, const Place& place) {
  // The owner first: changing it clears the setuid and setgid bits.
  checked(::fchownat(place.at(), place.c_str(), entry.user, entry.group, AT_SYMLINK_NOFOLLOW),
          "chown");
  // Changing the owner takes capabilities away, and a mode may shut an ordinary user out.
  set_attributes(place.path(), entry.attributes);
  if (entry.kind != Kind::symlink) {
    checked(::fchmodat(place.at(), place.c_str(), entry.mode_bits, 0), "chmod");
  }
  set_times(place, entry.modified);
}

Entry read_entry(const std::string& root, const std::string& path) {
  const Place place(root, path);
  const auto found = status(place.at(), place.name);
  Entry entry;
  entry.kind = kind_of(found.st_mode);
  entry.path = path;
  entry.mode_bits = found.st_mode & 07777U;
  entry.user = found.st_uid;
  entry.group = found.st_gid;
  entry.modified = timestamp(found.st_mtim);
  if (entry.kind == Kind::file) entry.content = content_of(place);
  if (entry.kind == Kind::symlink) entry.content = target_of(place);
  if (entry.kind == Kind::character_device || entry.kind == Kind::block_device) {
    entry.device = found.st_rdev;
  }
  entry.attributes = read_attributes(place.path());
  return entry;
}

/// Calls `visit(path)` for the entry and all below it, parents first.
template <typename Visit>
void walk(const std::string& root, const std::string& start, const Visit& visit) {
  std::vector<std::string> waiting{start};
  while (!waiting.empty()) {
    const std::string path = std::move(waiting.back());
    waiting.pop_back();
    visit(path);
    if (S_ISDIR(status(root, path).st_mode)) {
      for (const std::string& name : names_in(root, path)) waiting.push_back(join(path, name));
    }
  }
}

}  // namespace

void make(const Tree& tree, const std::string& root) {
  if (::mkdir(root.c_str(), 0700) != 0 && errno != EEXIST) checked(-1, "mkdir " + root);
  for (const auto& [path, entry] : tree.entries()) {
    if (!entry.linked_to.empty()) {
      make_link(root, entry);
    } else if (!path.empty()) {
      make_bare(entry, Place(root, path));
    }
  }
  // Children first: making one moves its folder's mtime, and a folder's mode may shut us out.
  const auto& entries = tree.entries();
  std::for_each(entries.rbegin(), entries.rend(), [&root](const auto& each) {
    const auto& [path, entry] = each;
    if (entry.linked_to.empty()) set_metadata(entry, Place(root, path));
  });
}

Tree snapshot(const std::string& root) {
  Tree tree;
  std::map<std::pair<dev_t, ino_t>, std::string> met;  // those with more names than one
  walk(root, "", [&](const std::string& path) {
    const auto found = status(root, path);
    if (found.st_nlink > 1 && !S_ISDIR(found.st_mode)) {
      const auto [first, is_new] = met.try_emplace({found.st_dev, found.st_ino}, path);
      if (!is_new) {
        tree.put(hard_link(path, first->second));
        return;
      }
    }
    tree.put(read_entry(root, path));
  });
  return tree;
}

bool can_make(Entry entry, const std::string& in) {
  const TemporaryFolder trial(in);
  entry.path = "trial";
  try {
    put(entry, trial.path());
    return true;
  } catch (const std::system_error& refused) {
    if (refused.code() != std::errc::not_supported &&
        refused.code() != std::errc::operation_not_permitted) {
      throw;
    }
    return false;
  }
}

void put(const Entry& entry, const std::string& root) {
  if (!entry.linked_to.empty()) {
    make_link(root, entry);
    return;
  }
  const Place place(root, entry.path);
  make_bare(entry, place);
  set_metadata(entry, place);
}

void remove(const std::string& root, const std::string& path) {
  std::vector<std::string> found;
  walk(root, path, [&](const std::string& each) {
    if (S_ISDIR(status(root, each).st_mode)) set_mode(root, each, 0700);
    found.push_back(each);
  });
  std::ranges::reverse(found);
  for (const std::string& each : found) {
    if (each.empty()) {
      checked(::rmdir(root.c_str()), "rmdir " + root);
      continue;
    }
    const Place place(root, each);
    const bool is_folder = S_ISDIR(status(place.at(), place.name).st_mode);
    checked(::unlinkat(place.at(), place.c_str(), is_folder ? AT_REMOVEDIR : 0),
            "remove " + printable(each));
  }
}

void rename(const std::string& root, const std::string& from, const std::string& to) {
  const Place old_place(root, from);
  const Place new_place(root, to);
  checked(::renameat(old_place.at(), old_place.c_str(), new_place.at(), new_place.c_str()),
          "rename " + printable(from));
}

void overwrite_unseen(const std::string& root, const std::string& path, std::string_view content) {
  const Place place(root, path);
  const auto mtime = timestamp(status(place.at(), place.name).st_mtim);
  {
    const Descriptor opened(
        checked(::openat(place.at(), place.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC), "open"));
    write_all(opened.get(), content);
  }
  set_times(place, mtime);
}

void set_mode(const std::string& root, const std::string& path, std::uint32_t bits) {
  const Place place(root, path);
  checked(::fchmodat(place.at(), place.c_str(), bits, 0), "chmod " + printable(path));
}

void set_attribute(const std::string& root, const std::string& path, const std::string& name,
                   const std::string& value) {
  set_attribute(Place(root, path).path(), name, value);
}

void remove_attribute(const std::string& root, const std::string& path, const std::string& name) {
  remove_attribute(Place(root, path).path(), name);
}

void set_mtime(const std::string& root, const std::string& path, std::int64_t time_ns) {
  set_mtime(root, path, timestamp_of(time_ns));
}

void set_mtime(const std::string& root, const std::string& path, const Timestamp& time) {
  set_times(Place(root, path), time);
}

void PrintTo(const Extent& extent, std::ostream* out) {
  *out << extent.bytes << " bytes at " << extent.offset;
}

void put_with_holes(const std::string& root, const std::string& path,
                    const std::vector<Extent>& data, std::uint64_t size) {
  const Place place(root, path);
  const Descriptor made(
      checked(::openat(place.at(), place.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644),
              "create"));
  checked(::ftruncate(made.get(), static_cast<off_t>(size)), "truncate");
  for (const Extent& extent : data) {
    std::mt19937_64 random(extent.offset);
    std::string bytes(extent.bytes, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    checked(::lseek(made.get(), static_cast<off_t>(extent.offset), SEEK_SET), "seek");
    write_all(made.get(), bytes);
  }
}

std::vector<Extent> data_extents(const std::string& root, const std::string& path) {
  const Place place(root, path);
  const Descriptor opened(checked(::openat(place.at(), place.c_str(), O_RDONLY | O_CLOEXEC),
                                  "open " + printable(path)));
  std::vector<Extent> found;
  std::uint64_t end = 0;
  while (const auto begin = next(opened.get(), SEEK_DATA, end)) {
    end = next(opened.get(), SEEK_HOLE, *begin).value();
    found.push_back({.offset = *begin, .bytes = end - *begin});
  }
  return found;
}

std::uint64_t allocated(const std::string& root, const std::string& path) {
  constexpr std::uint64_t unit = 512;  // of st_blocks, whatever the file system's own are
  return static_cast<std::uint64_t>(status(root, path).st_blocks) * unit;
}

void put_sparse(const std::string& root, const std::string& path, std::uint64_t bytes) {
  put_with_holes(root, path, {}, bytes);
}

bool exists(const std::string& root, const std::string& path) {
  struct stat found {};
  const Place place(root, path);
  return ::fstatat(place.at(), place.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0;
}

Stamps stamps(const std::string& root) {
  Stamps found;
  std::int64_t newest = 0;
  walk(root, "", [&](const std::string& path) {
    const auto each = status(root, path);
    found[path] = {.inode = each.st_ino, .ctime_ns = nanoseconds(each.st_ctim)};
    newest = std::max(newest, found[path].ctime_ns);
  });
  const TemporaryFolder beside;
  for (std::int64_t now = 0; now <= newest;) {
    set_mode(beside.path(), "", 0700);
    now = nanoseconds(status(beside.path(), "").st_ctim);
  }
  return found;
}

void let_age(const std::string& root) {
  std::int64_t newest = 0;
  for (const auto& [path, stamp] : stamps(root)) newest = std::max(newest, stamp.ctime_ns);
  while (std::chrono::system_clock::now().time_since_epoch() <
         std::chrono::nanoseconds(newest) + std::chrono::milliseconds(25))
    std::this_thread::yield();
}

testing::AssertionResult untouched(const Stamps& before, const Stamps& after) {
  std::ostringstream out;
  for (const auto& [path, stamp] : before) {
    const auto found = after.find(path);
    if (found == after.end()) {
      out << "  removed: " << printable(path) << '\n';
    } else if (found->second.inode != stamp.inode) {
      out << "  replaced: " << printable(path) << '\n';
    } else if (found->second.ctime_ns != stamp.ctime_ns) {
      out << "  written to: " << printable(path) << '\n';
    }
  }
  for (const auto& [path, stamp] : after) {
    if (!before.contains(path)) out << "  created: " << printable(path) << '\n';
  }
  if (out.str().empty()) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "something was written:\n" << out.str();
}

}  // namespace syncline::test
