// SPDX-License-Identifier: MIT
#include "filesystem/descriptor.h"

#include "filesystem/syscalls.h"
#include "filesystem/system_error.h"

namespace syncline::filesystem {

void Descriptor::reset() {
  if (fd_ >= 0) static_cast<void>(syscalls::close(fd_));
  fd_ = -1;
}

void Descriptor::close() {
  if (syscalls::close(std::exchange(fd_, -1)) != 0) throw_errno("close");
}

}  // namespace syncline::filesystem
