// SPDX-License-Identifier: MIT
#include "filesystem/ancestors.h"

#include "filesystem/status.h"
#include "filesystem/syscalls.h"

#include <unistd.h>

#include <climits>
#include <fstream>
#include <sstream>

namespace syncline::filesystem {
namespace {

// mountinfo writes space, tab, newline and backslash as three octal digits.
std::string unescape(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      result += static_cast<char>(std::stoi(text.substr(i + 1, 3), nullptr, 8));
      i += 3;
    } else {
      result += text[i];
    }
  }
  return result;
}

bool is_path_within(const std::string& inner, const std::string& outer) {
  if (outer.empty()) return true;
  return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '/');
}

std::string without_trailing_slash(std::string path) {
  if (path.ends_with('/')) path.pop_back();
  return path;
}

std::string path_of(int fd) {
  std::string path(PATH_MAX, '\0');
  const ssize_t length =
      readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), path.data(), path.size());
  path.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
  return path;
}

// The mount that an open descriptor lies on: "mnt_id:" in /proc/self/fdinfo.
std::string mount_id_of(int fd) {
  std::ifstream info{"/proc/self/fdinfo/" + std::to_string(fd)};
  for (std::string word; info >> word;)
    if (word == "mnt_id:" && info >> word) return word;
  return {};
}

// Where a folder lies inside its file system: equal for two paths that a bind mount makes out of
// one. From /proc/self/mountinfo (proc(5)).
struct Location {
  std::string device;  // "major:minor" of the mount
  std::string path;    // absolute within that file system; ends without a slash
};

// nullopt where /proc cannot tell.
std::optional<Location> locate(const Directory& folder) {
  const std::string path = path_of(folder.descriptor());
  const std::string mount_id = mount_id_of(folder.descriptor());
  std::ifstream mounts{"/proc/self/mountinfo"};
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream fields{line};
    std::string id;
    std::string parent;
    std::string device;
    std::string root;
    std::string mount_point;
    if (!(fields >> id >> parent >> device >> root >> mount_point) || id != mount_id) continue;
    mount_point = without_trailing_slash(unescape(mount_point));
    if (!is_path_within(path, mount_point)) return std::nullopt;
    return Location{.device = device,
                    .path = without_trailing_slash(without_trailing_slash(unescape(root)) +
                                                   path.substr(mount_point.size()))};
  }
  return std::nullopt;
}

std::vector<Descriptor> climb(const Directory& folder, int flags) {
  std::vector<Descriptor> chain;
  Descriptor next{syscalls::openat(folder.descriptor(), ".", flags)};
  while (next.is_open()) {
    const bool at_top = !chain.empty() && identify(next.get()) == identify(chain.back().get());
    if (at_top) break;
    chain.push_back(std::move(next));
    next = Descriptor{syscalls::openat(chain.back().get(), "..", flags)};
  }
  return chain;
}

bool is_within(const Location& inner, const Location& outer) {
  return inner.device == outer.device && is_path_within(inner.path, outer.path);
}

}  // namespace

FileId identify(int fd) {
  return look_at(fd).identity.id;
}

std::vector<Descriptor> self_and_ancestors(const Directory& folder) {
  return climb(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool lies_within(const Directory& inner, const Directory& outer) {
  const FileId id = outer.look().identity.id;
  // What is above need not be readable for that.
  for (const auto& above : climb(inner, O_PATH | O_DIRECTORY | O_CLOEXEC))
    if (identify(above.get()) == id) return true;
  const auto inner_place = locate(inner);
  const auto outer_place = locate(outer);
  return inner_place && outer_place && is_within(*inner_place, *outer_place);
}

std::string canonical_path(const Directory& folder) {
  return path_of(folder.descriptor());
}

}  // namespace syncline::filesystem
