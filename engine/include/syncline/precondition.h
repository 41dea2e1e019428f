// What an action was decided upon: done later, it is right only where this still holds.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/identity.h"
#include "syncline/kind.h"
#include "syncline/timestamp.h"

#include <cstdint>
#include <optional>

namespace syncline {

/// An entry as it was looked at. A plain value.
struct Precondition {
  Kind kind{};
  FileId id{};
  std::uint64_t size = 0;  ///< bytes; of a folder nothing but its kind and id has to hold
  Timestamp mtime{};       ///< likewise
  /// None: of a folder; and where the pass itself moves it, by a rename.
  std::optional<Timestamp> ctime{};
  std::uint32_t links = 1;  ///< its names; of a folder 1

  friend bool operator==(const Precondition&, const Precondition&) = default;
};

/// Of one action. Where a dry run says what it would make, folders that are not there yet have made
/// up numbers: inodes from 2^63 on, and a root neither device nor inode.
struct Preconditions {
  /// Of the source's folder, as it is wanted in the destination.
  struct Rights {
    std::uint32_t mode = 0;  ///< the 12 permission bits
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;

    friend bool operator==(const Rights&, const Rights&) = default;
  };

  std::optional<Precondition> source{};       ///< none: the source has nothing of that name
  std::optional<Precondition> destination{};  ///< likewise; of a move, what is moved
  std::optional<Precondition> exchanged{};    ///< of a move that is an exchange: with this
  FileId folder{};                            ///< of the destination, which the entry is in
  FileId from_folder{};                       ///< of a move: which it was in
  std::optional<FileId> makes{};              ///< the folder that the action makes
  std::optional<Rights> rights{};             ///< of an action on a folder that the source has

  friend bool operator==(const Preconditions&, const Preconditions&) = default;
};

}  // namespace syncline
