// What the index's word about a file is still worth, now that both sides were looked at. Pure: no
// disk, no clock.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"
#include "model/proof.h"

#include "syncline/reason.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace syncline::engine {

/// Which side's bytes have to be read to prove a file.
enum class Reads : std::uint8_t {
  both,         ///< each byte compared with the other side's, or copied
  source,       ///< hashed, and the digest compared with the known one
  destination,  ///< likewise
};

enum class Standing : std::uint8_t {
  proved,             ///< neither side moved since both were proved the same
  accepted,           ///< taken for the same by size and mtime, as was asked for
  same_size,          ///< likewise by size alone
  unknown,            ///< nothing is known
  source_moved,       ///< what is known of the destination still holds
  destination_moved,  ///< what is known of the source still holds
  both_moved,
  source_unsure,  ///< the source's stamps were too fresh to prove anything
  destination_unsure,
  both_unsure,  ///< or remembered without ever having been read
  rotten,       ///< the source was found rotten, and its size and mtime did not move since
  asked,        ///< everything is to be read
};
inline constexpr std::size_t standings = 12;

/// How much the caller wants to know, and what stamps are worth on either side.
struct Trust {
  bool rehash = false;
  bool adopt = false;
  bool mtime = false;
  bool size = false;
  IdentityRule source = IdentityRule::everything;
  IdentityRule destination = IdentityRule::everything;
  std::optional<std::uint32_t> mtime_window_s;
};

/// Of two files of the same size; `known` may be nullptr.
Standing standing_of(const Remembered* known, const Entry& source, const Entry& destination,
                     const Trust& trust);

/// Why such a file has to be read.
Reason why_read(Standing standing, const std::optional<Remembered>& known, const Identity& source,
                const Identity& destination);

/// Nothing has to be read.
constexpr bool is_same(Standing standing) {
  return standing == Standing::proved || standing == Standing::accepted ||
         standing == Standing::same_size;
}

constexpr Reads reads_for(Standing standing) {
  switch (standing) {
    case Standing::source_moved:
    case Standing::source_unsure:
      return Reads::source;
    case Standing::destination_moved:
    case Standing::destination_unsure:
      return Reads::destination;
    default:
      return Reads::both;
  }
}

}  // namespace syncline::engine
