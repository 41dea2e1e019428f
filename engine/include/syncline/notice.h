// What is worth knowing of a pass, and harms nothing.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/path.h"

#include <array>
#include <cstdint>
#include <string>

namespace syncline {

enum class NoticeCode : std::uint8_t {
  // Of the entry Notice::path.
  own_file,            ///< of Syncline: left alone
  reserved_name,       ///< at the top of a root: neither mirrored nor deleted
  holds_backups,       ///< what the source has there is not mirrored
  temporary_name,      ///< the name of a temporary: not mirrored
  maybe_temporary,     ///< another run's, where nothing can be locked: left alone
  holds_excluded,      ///< or backups: not deleted
  copy_kept,           ///< numbers: bytes that are kept for the next pass, of so many
  file_unreadable,     ///< the destination's; the source's is taken; `error_number`
  rotten_destination,  ///< likewise
  doubtful,            ///< likewise
  backup_renamed,      ///< an older backup was in the way: it is `name` now
  backup_armed,        ///< it keeps its set-id bits or capabilities, for `cause`

  // Of the pass.
  destination_made_anew,    ///< `name`, which was deleted
  lock_passed_over,         ///< on the destination `name`; `cause` says whose
  waiting_for_destination,  ///< `name`; `cause` says who has it
  waiting_for_index,        ///< likewise
  index_open_to_others,     ///< `name`, who are shut out by the next pass that is no dry run
  index_unusable,           ///< `name`, for `cause`
  index_set_aside,          ///< `name`, for `cause`; as `other`
  index_in_source,          ///< `name`: its files are not mirrored
  weak_source,              ///< stamps of a file system prove nothing there; Options::rehash does
  weak_destination,         ///< likewise
  read_for_ctime,           ///< numbers: files whose ctime alone had moved, of so many
  would_read_for_ctime,     ///< likewise, in a dry run
  little_room,              ///< numbers: bytes to copy, free ones, and those that deletions free
                            ///< (Options::delete_before has these come first)
  no_answer,  ///< from the file system of `name` to the call `other`; numbers: seconds
              ///< until now, and until a stop gives it up
};
/// "own_file", ...: stays the same from version to version.
const char* to_string(NoticeCode code);

struct Notice {
  Path path{};  ///< may be empty
  NoticeCode code{};
  std::string name{};   ///< of something else than `path`
  std::string other{};  ///< likewise
  std::string cause{};  ///< a clause
  std::array<std::uint64_t, 3> numbers{};
  int error_number = 0;  ///< errno
};

}  // namespace syncline
