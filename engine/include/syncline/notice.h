// Warnings and other facts about a pass that are no failures.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/path.h"

#include <array>
#include <cstdint>
#include <string>

namespace syncline {

/// What it is, in one code. It names the members of Notice that belong to it.
enum class NoticeCode : std::uint8_t {
  // Of the entry Notice::path.
  own_file,            ///< it is a file of Syncline (the index, Options::own_files): left alone
  reserved_name,       ///< at the top of a root: neither mirrored nor deleted
  holds_backups,       ///< the backups are there, so what the source has there is not mirrored
  temporary_name,      ///< it is named like a temporary file of Syncline: not mirrored
  maybe_temporary,     ///< another run may be writing it, and nothing can be locked: left alone
  holds_excluded,      ///< it holds excluded entries, or backups: not deleted
  copy_kept,           ///< its copy was interrupted, and is kept; numbers: bytes copied, of so many
  file_unreadable,     ///< the destination's file cannot be read (`error_number`), and is replaced
  rotten_destination,  ///< the destination's bytes changed, but not its inode, size, mtime or
                       ///< ctime;
                       ///< replaced
  doubtful,            ///< other bytes of the same size and mtime, and nothing shows which side
                       ///< changed; replaced
  backup_renamed,      ///< an older backup was in the way, and was renamed to `name`
  backup_armed,        ///< its backup keeps set-id bits or capabilities, because of `cause`
  kept_with_gap,       ///< its file system has no hard links: what has its place goes to the
                       ///< quarantine before the new one comes, so for a moment it is missing

  // Of the pass.
  expired,  ///< the pass `name` can be taken back no more; numbers: entries and bytes that it kept
  destination_made_anew,    ///< the destination `name` had been deleted, and was created again
  lock_passed_over,         ///< a lock on the destination `name` was ignored; `cause` says whose
  waiting_for_destination,  ///< another run is using `name`; `cause` says which
  waiting_for_index,        ///< likewise the index `name`
  index_open_to_others,     ///< other users can read the index `name`; the next pass that is no dry
                            ///< run prevents that
  index_unusable,           ///< the index `name` cannot be used, because of `cause`
  index_set_aside,          ///< likewise; it was renamed to `other`, and a new one is begun
  index_in_source,          ///< the index `name` is in the source: its files are not mirrored
  weak_source,           ///< a file system of the source has no reliable ctime or inode numbers: a
                         ///< change that keeps size and mtime is seen only with Options::rehash
  weak_destination,      ///< likewise of the destination
  read_for_ctime,        ///< numbers: files read because only their ctime had changed, of so many
  would_read_for_ctime,  ///< likewise, in a dry run
  little_room,           ///< numbers: bytes to copy, bytes free, bytes that deletions will free
                         ///< (with Options::delete_before, before the copying)
  no_answer,  ///< the file system of `name` does not answer to the call `other`; numbers: seconds
              ///< so
              ///< far, and seconds after which a stop gives it up
};
/// "own_file", ...: stays the same from version to version.
const char* to_string(NoticeCode code);

struct Notice {
  Path path{};  ///< empty: of the pass
  NoticeCode code{};
  std::string name{};   ///< another name or path
  std::string other{};  ///< likewise
  std::string cause{};  ///< for people: a part of a sentence, without a full stop
  std::array<std::uint64_t, 3> numbers{};
  int error_number = 0;  ///< errno
};

}  // namespace syncline
