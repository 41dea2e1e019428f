// Identities of another machine's kernel, which may bear the same numbers as ours and mean nothing
// by it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/options.h"

#include <cstdint>

namespace syncline {

/// `id` as another kernel has it: it equals others of that kernel as before, and never one of ours.
/// Linux makes device numbers of 12 and 20 bits (include/linux/kdev_t.h in the kernel), so that the
/// upper ones of 64 are free; the highest is the sign of an integer where they are kept in order.
constexpr FileId of_another_kernel(FileId id) {
  constexpr std::uint64_t mark = std::uint64_t{1} << 62U;
  return {.device = id.device | mark, .inode = id.inode};
}

}  // namespace syncline
