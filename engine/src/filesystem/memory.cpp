// SPDX-License-Identifier: MIT
#include "filesystem/memory.h"

#include <sys/mman.h>

#include <malloc.h>

#include <cstdint>
#include <new>

namespace syncline::filesystem {

void Unmap::operator()(std::byte* memory) const {
  ::munmap(memory, bytes);
}

Memory take_memory(std::size_t bytes) {
  // A mapping begins at any page; huge ones lie at their own multiples.
  const std::size_t room = bytes + huge_page_bytes;
  void* const mapped =
      ::mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc{};
  auto* const begin = static_cast<std::byte*>(mapped);
  const std::size_t before =
      (huge_page_bytes - reinterpret_cast<std::uintptr_t>(begin) % huge_page_bytes) %
      huge_page_bytes;
  if (before > 0) ::munmap(begin, before);
  ::munmap(begin + before + bytes, huge_page_bytes - before);
  Memory memory{begin + before, Unmap{bytes}};
  static_cast<void>(::madvise(memory.get(), bytes, MADV_HUGEPAGE));  // small pages do as well
  return memory;
}

void give_back_memory() {
  ::malloc_trim(0);
}

}  // namespace syncline::filesystem
