// SPDX-License-Identifier: MIT
#include "filesystem/random.h"

#include "filesystem/system_error.h"

#include <sys/random.h>

#include <cerrno>

namespace syncline::filesystem {

void fill_with_random(std::span<std::byte> room) {
  while (!room.empty()) {
    const ssize_t count = ::getrandom(room.data(), room.size(), 0);
    if (count < 0 && errno != EINTR) throw_errno("ask the kernel for random bytes");
    if (count > 0) room = room.subspan(static_cast<std::size_t>(count));
  }
}

}  // namespace syncline::filesystem
