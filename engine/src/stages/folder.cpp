// SPDX-License-Identifier: MIT
#include "stages/folder.h"

#include <utility>
#include <vector>

namespace syncline::stages {

// A loop, where the last owner of a deep folder would else destroy its ancestors by recursion.
Folder::~Folder() {
  FolderRef above = std::move(parent);
  while (above && above.use_count() == 1) above = std::exchange(above->parent, nullptr);
}

bool has_default_acl(const Folder& folder) {
  return folder.destination && has(folder.destination->attributes, default_acl);
}

std::string path_of(const Folder& folder) {
  if (!folder.parent) return ".";
  std::vector<const Folder*> chain;
  for (const Folder* at = &folder; at->parent; at = at->parent.get()) chain.push_back(at);
  std::string path;
  for (auto at = chain.rbegin(); at != chain.rend(); ++at) {
    if (!path.empty()) path += '/';
    path += (*at)->shown_as.empty() ? (*at)->name : (*at)->shown_as;
  }
  return path;
}

std::string path_of(const Folder& folder, const std::string& name) {
  if (!folder.parent) return name;
  return path_of(folder) + '/' + name;
}

}  // namespace syncline::stages
