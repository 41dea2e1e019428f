// What an index keeps to itself: random bytes that are made with it and never leave it, so that
// nobody can make what is keyed with them, or try what it would be.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>

namespace syncline::index {

struct Secrets {
  std::array<std::byte, 192> content{};  ///< what tags are keyed with (tag/tagger.h)
  std::array<std::byte, 32> journal{};   ///< what the marks of interrupted copies are
};

}  // namespace syncline::index
