// SPDX-License-Identifier: MIT
#include "filesystem/system_error.h"

#include <cerrno>

namespace syncline::filesystem {

void throw_errno(std::string_view operation, std::string_view name) {
  throw SystemError(operation, name, errno);
}

}  // namespace syncline::filesystem
