// What a pass would do with one entry, and why: asked without a pass.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/mirror.h"
#include "syncline/timestamp.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace syncline {

/// What the index remembers of a file: inode, size, mtime and ctime that both sides had when their
/// bytes were found the same.
struct Memory {
  /// Of one side.
  struct Stamps {
    std::uint64_t inode = 0;
    Timestamp mtime{};
    Timestamp ctime{};
    bool is_proof = false;  ///< false: the file had just changed, or was never read. So these prove
                            ///< nothing, and the file is read again
  };
  std::uint64_t size = 0;  ///< bytes, of both sides
  Stamps source;
  Stamps destination;
  std::optional<Digest> digest;  ///< none: never read, but taken for the same by size and mtime
  bool is_rotten = false;        ///< later the source had other bytes, but the same stamps
  std::int64_t proved_s = 0;     ///< when, in seconds since the epoch
};

/// One side of an entry as it is now.
struct EntryView {
  Kind kind{};
  Properties properties;
  std::uint64_t inode = 0;
  Timestamp ctime{};
  std::uint32_t links = 1;  ///< how many names the inode has
  std::string target;       ///< of a symlink
};

/// What a pass would do with an entry, where Explanation::events do not say it, or not all of it.
enum class AnswerCode : std::uint8_t {
  folder_unusable,         ///< unknown: a folder above it could not be read
  not_walked,              ///< nothing: a pass does not enter all the folders above it
  source_unreadable,       ///< fail: the source's file cannot be read; Answer::error_number
  would_read_both,         ///< read both files, copy if they differ; Answer::why
  would_read_source,       ///< likewise the source's; the destination's digest is known
  would_read_destination,  ///< likewise the destination's; the source's digest is known
  would_copy,              ///< copy: the destination's file cannot be read; Answer::error_number
  reserved,                ///< nothing: its name is reserved for Syncline
  of_file_system,          ///< nothing: it belongs to the file system (lost+found)
  excluded,                ///< nothing: filter rules exclude it, and protect it from deletion
  folder_excluded,         ///< nothing: filter rules exclude a folder above it; Answer::folder
  takes_no_part,           ///< nothing: a rule leaves it out, or it is on another file system
  on_neither_side,
  unwanted,     ///< nothing, because of Options::transfer
  index_file,   ///< nothing: it is a file of Syncline's index
  not_kept,     ///< nothing: the destination did not take it, and nothing has changed since
  kept,         ///< nothing: nothing is deleted there, or it is a backup
  same,         ///< nothing: the same; of an entry without content
  same_size,    ///< nothing: taken for the same by size
  same_mtime,   ///< nothing: taken for the same by size and mtime
  proved,       ///< nothing: proved the same, and neither side has changed since
  may_stay,     ///< keep the folder if it holds excluded entries, else remove it
  folder_same,  ///< nothing with the folder itself; this says nothing of what is in it
};
/// "would_read_both", ...: stays the same from version to version.
const char* to_string(AnswerCode code);

/// The members beside `code` are set where the code names them.
struct Answer {
  AnswerCode code{};
  Reason why{};             ///< why a file would be read
  int error_number = 0;     ///< errno
  std::string folder = {};  ///< a name
};

/// What explain() found.
struct Explanation {
  std::string path;                      ///< relative to the roots; "." is the root itself
  std::optional<EntryView> source;       ///< none: not there, or it cannot be looked at
  std::optional<EntryView> destination;  ///< likewise
  std::string index;                     ///< path of the index; empty: none is in use
  std::optional<Memory> memory;          ///< none: the index does not know the file
  /// The events of this entry that a dry run would report.
  std::vector<Event> events;
  /// What a pass would do, where `events` do not say it, or not all of it.
  std::optional<Answer> answer;
};

/// Looks at `path`, which is relative to the roots, and at each folder above it. Reads no content,
/// changes nothing and locks neither root. Two things depend on other entries and are not part of
/// the answer: which of several hard links is copied, and whether the guard allows deletions.
/// Thread-safe; blocks until the answer is there.
///
/// Throws Unusable as mirror() does: with Status::usage if `path` leads out of the roots, with
/// Status::busy while a pass is using the same index (with Options::wait it waits for its end).
Explanation explain(const Options& options, const std::string& path);

}  // namespace syncline
