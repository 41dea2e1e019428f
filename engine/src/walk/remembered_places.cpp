// SPDX-License-Identifier: MIT
#include "walk/remembered_places.h"

#include "filesystem/directory.h"
#include "filesystem/system_error.h"

#include <cerrno>
#include <cstddef>

namespace syncline::engine {
namespace {

// More than a path can have; only the rows of a damaged index go round in circles.
constexpr std::size_t most_parts = 4096;

}  // namespace

std::optional<RememberedPlaces::Parts> RememberedPlaces::path_to(index::RowKey folder) {
  Parts path;
  while (folder != index::root_row) {
    const auto place = lookup_.folder(folder);
    if (!place || path.size() == most_parts) return std::nullopt;
    path.push_back(place->name);
    folder = place->parent;
  }
  return Parts{path.rbegin(), path.rend()};
}

std::optional<Entry> RememberedPlaces::look_in_source(const Parts& path, const std::string& name) {
  return source_.look_at({*root_, path}, name);
}

Handles::View RememberedPlaces::open(index::RowKey folder, const Parts& path) {
  if (last_.handle && last_.folder == folder) return last_.handle;
  Handles::View at = handles_.view(*root_);
  try {
    for (const std::string& part : path) at = at->open_below(part);
  } catch (const filesystem::SystemError& error) {
    const int why = error.error_number();
    if (why != ENOENT && why != ENOTDIR && why != ELOOP) throw;
    return nullptr;
  }
  last_ = {.folder = folder, .handle = at};
  return at;
}

std::optional<Entry> RememberedPlaces::look(index::RowKey folder, const Parts& path,
                                            const std::string& name) {
  const auto opened = open(folder, path);
  return opened ? opened->look(name) : std::nullopt;
}

std::string join(const RememberedPlaces::Parts& path, const std::string& name) {
  std::string joined;
  for (const std::string& part : path) joined.append(part).append(1, '/');
  return joined + name;
}

}  // namespace syncline::engine
