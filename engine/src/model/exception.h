// What a destination did not take of one entry as it was asked to: an attribute that is too large
// for it, a time that it has no room for, an owner that it refused, a link to its other names, its
// very name. Remembered, so that what cannot be had is neither set nor read again by each pass;
// tried again once either side is another, or somebody else asks.
//
// Values are texts, since they are only compared and shown: numbers, octal modes, "seconds.nanos",
// the MD5 of all attributes of a class.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/mirror.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace syncline {

/// One piece.
struct Untaken {
  Aspect aspect{};
  std::string asked;
  std::string there;  ///< what the destination has instead

  friend bool operator==(const Untaken&, const Untaken&) = default;
};

struct Exception {
  std::vector<Untaken> pieces;  ///< by aspect
  std::uint32_t user = 0;       ///< who asked
  /// Of the destination since then, where a right was lacking: to be given that (chattr(1)) moves
  /// it. Empty: it does not matter.
  std::string ctime;
  /// The mount of the destination that does not allow its name; empty: none is known to. With other
  /// options it may.
  std::string refused_by;

  friend bool operator==(const Exception&, const Exception&) = default;
};

/// Whether `aspect` is one of its pieces; `exception` may be nullptr.
inline bool is_exception(const Exception* exception, Aspect aspect) {
  return exception != nullptr &&
         std::ranges::find(exception->pieces, aspect, &Untaken::aspect) != exception->pieces.end();
}

/// nullptr: there is none.
using ExceptionRef = std::shared_ptr<const Exception>;

}  // namespace syncline
