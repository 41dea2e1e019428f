// SPDX-License-Identifier: MIT
#include "deferred/open_place.h"

#include "filesystem/directory.h"
#include "filesystem/paths.h"

#include <memory>
#include <utility>
#include <vector>

namespace syncline::engine {

Place open_beneath(const Handles::Handle& root, std::string_view path) {
  std::vector<std::string> names = filesystem::names_in(path);
  Place place{.folder = root, .name = std::move(names.back())};
  names.pop_back();
  for (const std::string& name : names)
    place.folder = std::make_shared<const filesystem::Directory>(place.folder->open_folder(name));
  return place;
}

}  // namespace syncline::engine
