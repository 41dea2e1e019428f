// What a caller may ask for instead, where a pass was refused.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace syncline {

enum class Allowance : std::uint8_t {
  nothing,              ///< or what the refusal says itself
  wait,                 ///< Options::wait
  adopt,                ///< Options::adopt: it is what it should be, and begun anew with
  restore_or_adopt,     ///< Options::restore, or from now on the other way round: Options::adopt
  restore_other_way,    ///< Options::restore, both roots changing places
  one_file,             ///< its folder, with rules that leave only it
  move_or_other_index,  ///< the file that is there moved away, or the following
  other_index,          ///< index_place::File with another file
  other_or_no_index,    ///< likewise, or index_place::None
};
/// "wait", ...: stays the same from version to version.
const char* to_string(Allowance allowance);

}  // namespace syncline
