// What a caller may do about a refusal (Refusal::allowance).
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace syncline {

enum class Allowance : std::uint8_t {
  nothing,            ///< nothing, or what the refusal's code says
  wait,               ///< set Options::wait
  adopt,              ///< set Options::adopt, if the folder is the right one
  restore_or_adopt,   ///< set Options::restore, to copy files back; or Options::adopt, to mirror in
                      ///< this direction from now on
  restore_other_way,  ///< exchange source and destination, and set Options::restore
  one_file,           ///< mirror the file's folder, with filter rules that leave only this file
  move_or_other_index,  ///< move the file away that is there, or name another one
                        ///< (index_place::File)
  other_index,          ///< name another file (index_place::File)
  other_or_no_index,    ///< likewise, or use none (index_place::None)
};
/// "wait", ...: stays the same from version to version.
const char* to_string(Allowance allowance);

}  // namespace syncline
