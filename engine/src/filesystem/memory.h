// Memory in huge pages, where the kernel has them to give.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>

namespace syncline::filesystem {

struct FreeMemory {
  void operator()(std::byte* memory) const { std::free(memory); }
};
using Memory = std::unique_ptr<std::byte, FreeMemory>;

/// Of the processors that Linux calls x86-64, and of most others.
inline constexpr std::size_t huge_page_bytes = 2U << 20U;

/// `bytes`: a multiple of huge_page_bytes. Content undefined. Asks the kernel for huge pages
/// (madvise(2), MADV_HUGEPAGE), which it need not give. Throws std::bad_alloc.
Memory take_memory(std::size_t bytes);

}  // namespace syncline::filesystem
