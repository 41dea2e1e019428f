// flock(2) without waiting, and who holds one: the kernel drops such a lock when the process ends,
// however it ends.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/options.h"

#include <cstdint>
#include <optional>
#include <string>

namespace syncline::filesystem {

enum class LockAttempt : std::uint8_t { taken, held_by_another, not_supported };

/// Locks the open file `fd`, exclusively or shared.
LockAttempt try_flock(int fd, bool exclusive);

/// "process 1234, running since 2026-01-02 03:04:05" for whoever holds a lock on that file, from
/// /proc/locks (proc_locks(5)); nullopt where that cannot be told. `exclusive_only`: shared locks
/// do not count.
std::optional<std::string> flock_holder(FileId id, bool exclusive_only);

}  // namespace syncline::filesystem
