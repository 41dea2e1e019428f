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

/// What the index remembers of a file: the stamps under which both sides were known to hold the
/// same bytes.
struct Memory {
  /// Of one side.
  struct Stamps {
    std::uint64_t inode = 0;
    Timestamp mtime{};
    Timestamp ctime{};
    bool is_proof = false;  ///< false: too fresh when they were taken, or never read
  };
  std::uint64_t size = 0;  ///< bytes, of both sides
  Stamps source;
  Stamps destination;
  std::optional<Digest> digest;  ///< none: taken for the same, never read
  bool is_rotten = false;        ///< the source was found with other bytes under that identity
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

/// What a pass would do with an entry, where events do not tell it, or not all of it.
enum class AnswerCode : std::uint8_t {
  folder_unusable,         ///< a folder above it could not be looked into
  not_walked,              ///< a name in its path is no folder that would be walked
  source_unreadable,       ///< it would fail for that; Answer::error_number
  would_read_both,         ///< what is found the same stays, else it is copied; Answer::why
  would_read_source,       ///< likewise; the destination's digest is known
  would_read_destination,  ///< likewise; the source's digest is known
  would_copy,              ///< the destination's file cannot be read; Answer::error_number
  reserved,                ///< its name is reserved for Syncline
  of_file_system,          ///< lost+found
  excluded,                ///< by rules, which protect it from deletion too
  folder_excluded,         ///< likewise a folder above it; Answer::folder
  takes_no_part,           ///< a rule says so, or it is on another file system
  on_neither_side,
  unwanted,     ///< for its size, its age or what the destination has
  index_file,   ///< of Syncline's own
  not_kept,     ///< the destination did not take it, and nothing has moved since
  kept,         ///< nothing is deleted there, or it is a backup
  same,         ///< of what has no content
  same_size,    ///< taken for the same by that
  same_mtime,   ///< likewise by size and mtime
  proved,       ///< neither side moved since
  may_stay,     ///< a folder that is to be removed, unless it holds anything excluded
  folder_same,  ///< itself: what is in it is another matter
};
/// "would_read_both", ...: stays the same from version to version.
const char* to_string(AnswerCode code);

struct Answer {
  AnswerCode code{};
  Reason why{};             ///< a file would be read
  int error_number = 0;     ///< errno
  std::string folder = {};  ///< a name
};

/// The answer.
struct Explanation {
  std::string path;                      ///< relative to the roots; "." is the root itself
  std::optional<EntryView> source;       ///< none: not there, or not to be seen
  std::optional<EntryView> destination;  ///< likewise
  std::string index;                     ///< its path; empty: none is in use
  std::optional<Memory> memory;          ///< none: the index does not know the file
  /// What a dry run would tell of it.
  std::vector<Event> events;
  /// Where that is nothing, or not all.
  std::optional<Answer> answer;
};

/// Looks at `path`, which is relative to the roots, and at each folder above it; reads no content,
/// changes nothing and keeps nobody from the roots. What depends on other entries it takes as if
/// they were the same: which of several hard links is copied, and whether the guard lets deletions
/// happen. Several may be asked at a time.
///
/// Throws Unusable as mirror() does: with Status::usage where `path` leads out of the roots, with
/// Status::busy while a pass has the same index (Options::wait: it waits for its end).
Explanation explain(const Options& options, const std::string& path);

}  // namespace syncline
