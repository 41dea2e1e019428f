// What a file or folder is, whatever its name.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>

namespace syncline {

/// Identifies a file or folder, whatever its name: device and inode number, as stat(2) has them.
struct FileId {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  // NOLINTNEXTLINE(modernize-use-nullptr): it takes the comparison with zero for a pointer
  friend auto operator<=>(const FileId&, const FileId&) = default;
};

}  // namespace syncline
