// One thing that was done to a replica, so that it can be taken back: what it was done to, what was
// there before, and what it left.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/entry.h"

#include <cstdint>
#include <optional>
#include <string>

namespace syncline::kept {

/// Numbers are kept on disk: they never change their meaning.
enum class Deed : std::uint8_t {
  made = 1,            ///< something that is no folder came to a free name
  took = 2,            ///< what is no folder went to the quarantine
  replaced = 3,        ///< both: at no moment was there neither
  made_folder = 4,     ///< where `before` was, if anything was
  removed_folder = 5,  ///< an empty one
  moved = 6,           ///< to a free name
  exchanged = 7,       ///< two entries changed places
  set_metadata = 8,
};

/// Of a replica: the path of a folder below its root, empty for the root itself, and a name in
/// that; empty for the folder itself.
struct Spot {
  std::string folder;
  std::string name;

  friend bool operator==(const Spot&, const Spot&) = default;
};

/// What an operation left, as far as that was known when it was written down.
struct Left {
  Kind kind = Kind::file;
  std::uint64_t inode = 0;           ///< 0: it was not known
  std::uint64_t size = 0;            ///< of files
  std::optional<Timestamp> mtime{};  ///< none: it was not known, or does not matter
};

/// Something in the quarantine of a pass.
struct Item {
  std::string place;         ///< path of the root of its file system, below the replica's
  std::uint64_t number = 0;  ///< among those of the pass; 0: none
};

/// The item of another pass, by its id, that an undo brought back.
struct BroughtBack {
  std::int64_t pass = 0;
  std::uint64_t number = 0;  ///< 0: none
};

struct Operation {
  Deed deed{};
  Spot at{};
  Spot to{};    ///< moved, exchanged
  Item item{};  ///< took, replaced
  /// What was at `at`: with all metadata for removed_folder and set_metadata, else its kind and
  /// identity.
  std::optional<Entry> before{};
  /// What is there now; at `to`, what was at `at`, for moved and exchanged.
  std::optional<Left> after{};
  BroughtBack from{};  ///< made, replaced
};

}  // namespace syncline::kept
