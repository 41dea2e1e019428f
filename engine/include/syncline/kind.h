// What an entry of a folder tree is.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace syncline {

enum class Kind : std::uint8_t {
  folder,
  file,
  symlink,
  fifo,
  socket,
  character_device,
  block_device,
};
inline constexpr std::size_t kinds = 7;  ///< how many there are
/// "folder", "character device", ...: a static string.
const char* to_string(Kind kind);

}  // namespace syncline
