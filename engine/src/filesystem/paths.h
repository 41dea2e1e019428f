// Paths as text: taken apart and put together, the file system not being asked.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace syncline::filesystem {

struct ParentAndName {
  std::string parent;  ///< "." where the path has none
  std::string name;    ///< without trailing slashes; empty for "/"
};

ParentAndName split_path(std::string path);
std::string join_path(const std::string& folder, const std::string& name);

/// Of a path below a root; "." is the root.
std::string_view folder_of(std::string_view path);

/// What stands between the slashes, in order.
std::vector<std::string> names_in(std::string_view path);

}  // namespace syncline::filesystem
