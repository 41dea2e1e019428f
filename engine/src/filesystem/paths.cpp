// SPDX-License-Identifier: MIT
#include "filesystem/paths.h"

namespace syncline::filesystem {

ParentAndName split_path(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return {.parent = ".", .name = path};
  return {.parent = slash == 0 ? "/" : path.substr(0, slash), .name = path.substr(slash + 1)};
}

std::string join_path(const std::string& folder, const std::string& name) {
  return folder.ends_with('/') ? folder + name : folder + '/' + name;
}

}  // namespace syncline::filesystem
