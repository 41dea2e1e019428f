// SPDX-License-Identifier: MIT
#include "filesystem/path_of.h"

#include <unistd.h>

#include <climits>

namespace syncline::filesystem {

std::string path_of(int fd) {
  std::string path(PATH_MAX, '\0');
  const ssize_t length =
      ::readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), path.data(), path.size());
  path.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
  return path;
}

}  // namespace syncline::filesystem
