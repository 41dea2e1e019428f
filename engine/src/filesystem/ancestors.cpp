// SPDX-License-Identifier: MIT
#include "filesystem/ancestors.h"

#include "filesystem/mount_of.h"
#include "filesystem/path_of.h"
#include "filesystem/status.h"
#include "filesystem/syscalls.h"

#include <unistd.h>

#include <optional>

namespace syncline::filesystem {
namespace {

bool is_path_within(const std::string& inner, const std::string& outer) {
  if (outer.empty()) return true;
  return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '/');
}

std::string without_trailing_slash(std::string path) {
  if (path.ends_with('/')) path.pop_back();
  return path;
}

// Where a folder lies inside its file system: equal for two paths that a bind mount makes out of
// one.
struct Location {
  std::string device;  // "major:minor" of the mount
  std::string path;    // absolute within that file system; ends without a slash
};

// nullopt where /proc cannot tell.
std::optional<Location> locate(const Directory& folder) {
  const std::string path = path_of(folder.descriptor());
  const auto mount = mount_of(folder.descriptor());
  if (!mount) return std::nullopt;
  const std::string point = without_trailing_slash(mount->point);
  if (!is_path_within(path, point)) return std::nullopt;
  return Location{.device = mount->device,
                  .path = without_trailing_slash(without_trailing_slash(mount->root) +
                                                 path.substr(point.size()))};
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

std::vector<Descriptor> self_and_ancestors_to_pass(const Directory& folder) {
  return climb(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

bool lies_within(const Directory& inner, const Directory& outer) {
  const FileId id = outer.look().identity.id;
  // What is above need not be readable for that.
  for (const auto& above : self_and_ancestors_to_pass(inner))
    if (identify(above.get()) == id) return true;
  const auto inner_place = locate(inner);
  const auto outer_place = locate(outer);
  return inner_place && outer_place && is_within(*inner_place, *outer_place);
}

std::string canonical_path(const Directory& folder) {
  return path_of(folder.descriptor());
}

}  // namespace syncline::filesystem
