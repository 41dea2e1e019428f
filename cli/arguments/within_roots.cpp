// SPDX-License-Identifier: MIT
#include "arguments/within_roots.h"

#include "arguments/refusal.h"
#include "text/escape.h"

#include <spdlog/fmt/fmt.h>

namespace syncline::cli {

std::string within_roots(const char* what, const std::string& path,
                         const std::vector<std::string>& roots) {
  for (std::string root : roots) {
    while (root.size() > 1 && root.ends_with('/')) root.pop_back();
    if (path == root) return ".";
    if (path.starts_with(root + '/')) return path.substr(root.size() + 1);
  }
  if (path.starts_with('/') || path == ".." || path.starts_with("../"))
    refuse(fmt::format("{} '{}' lies {}", what, escape(path),
                       roots.size() == 1 ? "outside of DST" : "in neither SRC nor DST"));
  return path;
}

}  // namespace syncline::cli
