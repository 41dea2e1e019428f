// SPDX-License-Identifier: MIT
#include "filesystem/scratch_memory.h"

#include "filesystem/scratch_file.h"
#include "filesystem/system_error.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>
#include <string>

namespace syncline::filesystem {

ScratchMemory::ScratchMemory(std::size_t bytes) {
  const File file = make_scratch_file();
  // A page that finds no room when it is written out would end the process.
  if (const int error = ::posix_fallocate(file.descriptor(), 0, static_cast<off_t>(bytes))) {
    errno = error;
    throw_errno("reserve room in", std::string{"the folder for temporary files"});
  }
  void* const begin =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor(), 0);
  if (begin == MAP_FAILED) throw_errno("map", std::string{"a temporary file"});
  bytes_ = {static_cast<std::byte*>(begin), bytes};
}

ScratchMemory::~ScratchMemory() {
  ::munmap(bytes_.data(), bytes_.size());
}

}  // namespace syncline::filesystem
