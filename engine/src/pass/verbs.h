// A set of verbs.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"

#include <cstdint>

namespace syncline::engine {

/// A plain value.
class Verbs {
 public:
  static constexpr Verbs all() {
    Verbs verbs;
    verbs.bits_ = ~0U;
    return verbs;
  }

  [[nodiscard]] constexpr bool has(Verb verb) const { return (bits_ & bit_of(verb)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  constexpr void add(Verb verb) { bits_ |= bit_of(verb); }

 private:
  static constexpr std::uint32_t bit_of(Verb verb) {
    return std::uint32_t{1} << static_cast<unsigned>(verb);
  }

  std::uint32_t bits_ = 0;
};

}  // namespace syncline::engine
