// flock(2) without waiting: the kernel drops such a lock when the process ends, however it ends.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace syncline::filesystem {

enum class LockMode : std::uint8_t { shared, exclusive };
enum class LockAttempt : std::uint8_t { taken, held_by_another, not_supported };

/// Locks the open file `fd`.
LockAttempt try_flock(int fd, LockMode mode);
/// Lets go of it, if it is locked.
void release_flock(int fd);

}  // namespace syncline::filesystem
