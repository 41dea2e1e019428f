// Magic numbers of file systems (statfs(2)) that <linux/magic.h> of Debian 12 lacks. For this
// folder's own use.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <linux/magic.h>

#include <cstdint>

namespace syncline::filesystem::magic {

inline constexpr std::uint32_t beegfs = 0x19830326;
inline constexpr std::uint32_t cifs = 0xff534d42;
inline constexpr std::uint32_t gpfs = 0x47504653;
inline constexpr std::uint32_t hfs = 0x4244;
inline constexpr std::uint32_t lustre = 0x0bd00bd0;
inline constexpr std::uint32_t ntfs3 = 0x7366746e;
inline constexpr std::uint32_t xfs = 0x58465342;

}  // namespace syncline::filesystem::magic
