// Whom an entry leaves to whom.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"

#include <cstdint>

namespace syncline {

/// Others than root and `user` may write to it, or let themselves: of a folder, make, rename and
/// remove what is in it. The mask of an access control list shows in the group's bits (acl(5)).
inline bool others_may_write(const Entry& entry, std::uint32_t user) {
  constexpr std::uint32_t write_bits_of_others = 022;
  const bool is_of_others = entry.uid != 0 && entry.uid != user;
  return is_of_others || (entry.mode & write_bits_of_others) != 0;
}

}  // namespace syncline
