// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

namespace syncline::filesystem {

/// With what nobody can foretell (getrandom(2)). Waits for the kernel's own seed where the machine
/// has only just started. Throws SystemError.
void fill_with_random(std::span<std::byte> room);

}  // namespace syncline::filesystem
