// SPDX-License-Identifier: MIT
#include "stages/folder.h"

#include <vector>

namespace syncline::stages {

std::string path_of(const Folder& folder) {
  if (!folder.parent) return ".";
  std::vector<const Folder*> chain;
  for (const Folder* at = &folder; at->parent; at = at->parent.get()) chain.push_back(at);
  std::string path;
  for (auto at = chain.rbegin(); at != chain.rend(); ++at) {
    if (!path.empty()) path += '/';
    path += (*at)->name;
  }
  return path;
}

std::string path_of(const Folder& folder, const std::string& name) {
  if (!folder.parent) return name;
  return path_of(folder) + '/' + name;
}

}  // namespace syncline::stages
