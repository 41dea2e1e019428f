// SPDX-License-Identifier: MIT
#include "stages/folder.h"

#include <cstddef>
#include <utility>

namespace syncline::stages {

// A loop, where the last owner of a deep folder would else destroy its ancestors by recursion.
Folder::~Folder() {
  FolderRef above = std::move(parent);
  while (above && above.use_count() == 1) above = std::exchange(above->parent, nullptr);
}

namespace {

const std::string& name_in_paths(const Folder& folder) {
  return folder.shown_as.empty() ? folder.name : folder.shown_as;
}

}  // namespace

std::string path_of(const Folder& folder) {
  return folder.parent ? path_of(*folder.parent, name_in_paths(folder)) : ".";
}

// From its end on, for that is how folders are chained; each event has one, so it is made at once.
std::string path_of(const Folder& folder, const std::string& name) {
  std::size_t length = name.size();
  for (const Folder* at = &folder; at->parent; at = at->parent.get())
    length += name_in_paths(*at).size() + 1;
  std::string path(length, '/');
  std::size_t end = length - name.size();
  path.replace(end, name.size(), name);
  for (const Folder* at = &folder; at->parent; at = at->parent.get()) {
    const std::string& part = name_in_paths(*at);
    end -= part.size() + 1;
    path.replace(end, part.size(), part);
  }
  return path;
}

}  // namespace syncline::stages
