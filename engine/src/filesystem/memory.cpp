// SPDX-License-Identifier: MIT
#include "filesystem/memory.h"

#include <sys/mman.h>

#include <new>

namespace syncline::filesystem {

Memory take_memory(std::size_t bytes) {
  Memory memory{static_cast<std::byte*>(std::aligned_alloc(huge_page_bytes, bytes))};
  if (!memory) throw std::bad_alloc{};
  static_cast<void>(::madvise(memory.get(), bytes, MADV_HUGEPAGE));  // small pages do as well
  return memory;
}

}  // namespace syncline::filesystem
