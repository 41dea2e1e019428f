// What could not be done with one entry, and why.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/path.h"

#include <cstdint>
#include <string>

namespace syncline {

enum class FailureKind : std::uint8_t {
  error,       ///< an operation failed
  vanished,    ///< the source entry vanished after it was listed and before it was read
  changed,     ///< the source file kept changing while it was read; the old destination file stays
  rot,         ///< the bytes of a source file changed, but not its inode, size, mtime or ctime; not
               ///< mirrored
  unverified,  ///< what was written reads back as something else; the old file stays
  left,        ///< apply(): a step was left, since what it was decided upon holds no longer
  doubt,       ///< other bytes of the same size and mtime: left alone (Options::keep_doubtful)
};

/// Why, in one code. It names the members of Failure that belong to it.
enum class FailureCode : std::uint8_t {
  // An operation failed: Failure::operation and error_number say which, and how.
  system_call,          ///< `cause`, if more is known than the number says
  attribute_too_large,  ///< for the destination's file system, or its disk is full
  leased,               ///< another program holds a lease, and does not give it back
  busy,                 ///< another program is using it
  running,              ///< it is a running program
  no_answer,            ///< the call took `seconds`, and was given up since a stop was requested

  other,  ///< `cause`, in the words of a library

  vanished_in_walk,        ///< while it was looked at
  vanished_unread,         ///< before it was read
  vanished_unlinked,       ///< before other names were linked to it
  other_file,              ///< not linked: it is no longer the file that the walk saw
  changing,                ///< not copied: it changed each time it was read
  rot_destination_good,    ///< not mirrored: rot; the destination holds the remembered bytes, which
                           ///< Options::restore copies back
  rot_destination_other,   ///< likewise; the destination does not hold the remembered bytes
  rot_destination_unread,  ///< likewise; the destination has no such file that can be read
  rot_remembered,          ///< likewise; found by an earlier pass
  doubtful,                ///< other bytes of the same size and mtime; both sides are left alone
  unverified,              ///< what was written reads back as something else
  attributes_unreadable,   ///< the destination's extended attributes

  // A folder of the destination was not replaced by what the source has there.
  holds_excluded,   ///< it holds excluded entries, or backups
  kept_unlisted,    ///< Options::listed deletes nothing
  kept_undeleted,   ///< deletion::None deletes nothing
  kept_for_backup,  ///< Options::backup cannot keep folders
  no_mount_point,   ///< the source's folder was a mount point, or contained one, and no longer
                    ///< does: is its disk mounted? Options::adopt takes it as it is

  // An entry of the destination was not deleted.
  mount_point,             ///< it is a mount point
  appeared_in_source,      ///< the source has it by now
  changed_in_destination,  ///< it is no longer the entry that the walk saw

  changed_since_pass,  ///< undo(): it is no longer what the pass `name` left there
  not_kept,            ///< undo(): what the pass `name` took is in no quarantine any more
  in_the_way,          ///< undo(), bring_back(): something else has its place

  // A step of a plan was left (FailureKind::left).
  source_not_as_planned,       ///< the source is no longer as the plan met it
  destination_not_as_planned,  ///< likewise the destination
  not_as_planned,              ///< likewise something else: a folder above it, say

  listed_missing,       ///< it is in Options::listed, but not in the source
  listed_in_no_folder,  ///< likewise, and the source lacks even its folder
  one_name,             ///< the destination's file system takes it and `name` for one name
  name_refused,         ///< the destination's file system does not allow this name
  name_too_long,        ///< likewise, for its length

  backup_name_too_long,  ///< its backup would be called `name` (Backup::suffix)
  backup_name_taken,     ///< likewise; the source has an entry of that name
  backup_in_source,      ///< its backup would lie in the source

  index_failed,            ///< the index `name`, because of `cause`; what was proved since then is
                           ///< not remembered
  index_failed_set_aside,  ///< likewise; it was renamed, and the next pass begins a new one
};
/// "system_call", ...: stays the same from version to version.
const char* to_string(FailureCode code);

/// Something went wrong with one entry. The pass goes on with the others.
struct Failure {
  FailureKind kind{};
  Path path{};  ///< of the entry
  FailureCode code = FailureCode::system_call;
  std::string operation{};  ///< completes "could not ...": "open for reading", "rename", ...
  int error_number = 0;     ///< errno; 0 where no system call failed
  std::string name{};       ///< another name or path
  std::string cause{};      ///< for people: a part of a sentence, without a full stop
  std::int64_t seconds = 0;
};

}  // namespace syncline
