// What could not be done with one entry.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/path.h"

#include <cstdint>
#include <string>

namespace syncline {

enum class FailureKind : std::uint8_t {
  error,       ///< an operation failed
  vanished,    ///< the source entry went away between listing and reading
  changed,     ///< the source file would not hold still while it was read; the old destination file
               ///< stays
  rot,         ///< the bytes of a source file changed under an unchanged identity; not mirrored
  unverified,  ///< what was written reads back as something else; the old file stays
  doubt,       ///< other bytes of the same size and mtime, left alone as asked
};

enum class FailureCode : std::uint8_t {
  // An operation was refused: Failure::operation and error_number.
  system_call,          ///< `cause`, where more is known than the number tells
  attribute_too_large,  ///< for the destination's file system, or its disk is full
  leased,               ///< another program does not give its lease back
  busy,                 ///< another program uses it and does not let it go
  running,              ///< it is a program that runs
  no_answer,            ///< given up after `seconds`, for a stop was asked for

  other,  ///< `cause`, in the words of a library

  vanished_in_walk,
  vanished_unread,
  vanished_unlinked,       ///< before other names were linked to it
  other_file,              ///< than when it was walked: not linked
  changing,                ///< each time it was read
  rot_destination_good,    ///< Options::restore brings back what the destination still holds
  rot_destination_other,   ///< it does not hold what is remembered either
  rot_destination_unread,  ///< it has no such file that can be read
  rot_remembered,          ///< found by an earlier pass
  doubtful,                ///< other bytes of the same size and mtime; both sides are left alone
  unverified,              ///< what was written reads back as something else
  attributes_unreadable,   ///< extended ones, the destination's

  holds_excluded,      ///< a folder of the destination that something should replace holds what is
                       ///< excluded, or backups
  kept_unlisted,       ///< likewise, and nothing is deleted for Options::listed
  kept_undeleted,      ///< likewise for deletion::None
  kept_for_backup,     ///< likewise for Options::backup, which keeps no folders
  no_mount_point,      ///< it was one, or held one: is its disk mounted? Options::adopt takes it as
                       ///< it is
  mount_point,         ///< of the destination: not deleted
  appeared_in_source,  ///< since it was walked: not deleted
  changed_in_destination,  ///< likewise

  listed_missing,       ///< it is listed (Options::listed), and the source lacks it
  listed_in_no_folder,  ///< likewise, and the folder is missing that it would lie in
  one_name,             ///< as `name` for the destination's file system
  name_refused,         ///< by the destination's file system
  name_too_long,        ///< likewise

  backup_name_too_long,  ///< `name`, which Backup::suffix makes
  backup_name_taken,     ///< likewise; the source has that name
  backup_in_source,      ///< it would lie there

  index_failed,            ///< `name`, for `cause`: what was proved since is not remembered
  index_failed_set_aside,  ///< likewise, and the next pass begins a new one
};
/// "system_call", ...: stays the same from version to version.
const char* to_string(FailureCode code);

/// One entry could not be dealt with. The others were.
struct Failure {
  FailureKind kind{};
  Path path{};
  FailureCode code = FailureCode::system_call;
  std::string operation{};  ///< completes "could not ...": "open for reading", "rename", ...
  int error_number = 0;     ///< errno; 0 where no system call failed
  std::string name{};       ///< of something else than `path`
  std::string cause{};      ///< a clause
  std::int64_t seconds = 0;
};

}  // namespace syncline
