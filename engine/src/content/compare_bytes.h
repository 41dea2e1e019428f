// Reading, counted and throttled, and what is read compared with a file.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/file.h"
#include "pass/pass.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace syncline::engine {

// Between two slices a stop request is heeded. 1 MiB takes a slow disk some 10 ms.
inline constexpr std::size_t slice_bytes = 1U << 20U;

/// So many bytes of content were read. May wait: see Throttle.
void have_read(Pass& pass, std::size_t bytes);

/// Whether `file` has `bytes` at `offset`. Throws SystemError.
bool holds(Pass& pass, const filesystem::File& file, std::span<const std::byte> bytes,
           std::uint64_t offset);

}  // namespace syncline::engine
