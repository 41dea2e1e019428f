// SPDX-License-Identifier: MIT
#include "arguments/there.h"

#include <sys/stat.h>

namespace syncline::cli {

bool exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

bool is_folder(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace syncline::cli
