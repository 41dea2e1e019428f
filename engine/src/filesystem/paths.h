// Paths as text: taken apart and put together, the file system not being asked.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace syncline::filesystem {

struct ParentAndName {
  std::string parent;  ///< "." where the path has none
  std::string name;    ///< without trailing slashes; empty for "/"
};

ParentAndName split_path(std::string path);
std::string join_path(const std::string& folder, const std::string& name);

}  // namespace syncline::filesystem
