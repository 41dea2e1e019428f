// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

namespace syncline::filesystem {

/// Memory that the kernel may write out to a file without a name (filesystem/scratch_file.h), for
/// what grows with a tree and is asked for here and there. Zeros at first. As with memory that was
/// swapped out, a disk that cannot be read ends the process.
class ScratchMemory {
 public:
  /// `bytes` > 0. Throws SystemError: among others, no room on the disk.
  explicit ScratchMemory(std::size_t bytes);
  ScratchMemory(const ScratchMemory&) = delete;
  ScratchMemory& operator=(const ScratchMemory&) = delete;
  ~ScratchMemory();

  [[nodiscard]] std::span<std::byte> bytes() const { return bytes_; }

 private:
  std::span<std::byte> bytes_;
};

}  // namespace syncline::filesystem
