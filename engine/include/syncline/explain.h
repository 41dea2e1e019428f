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

/// The answer.
struct Explanation {
  std::string path;                      ///< relative to the roots; "." is the root itself
  std::optional<EntryView> source;       ///< none: not there, or not to be seen
  std::optional<EntryView> destination;  ///< likewise
  std::string index;                     ///< its path; empty: none is in use
  std::optional<Memory> memory;          ///< none: the index does not know the file
  /// What a dry run would tell of it.
  std::vector<Event> events;
  /// Where that is nothing, or not all: one clause for a person, "the same: ...".
  std::string verdict;
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
