// What the index holds, as values, and the changes that a pass makes to it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/exception.h"
#include "model/proof.h"

#include "syncline/mirror.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace syncline::index {

/// Of a folder in the index; 0 for none.
using RowKey = std::int64_t;
inline constexpr RowKey no_row = 0;
inline constexpr RowKey root_row = 1;

/// The two roots, by their paths and by what they are.
struct Pair {
  std::string source;            ///< canonical path
  std::string destination;       ///< likewise
  std::string source_root;       ///< filesystem::lasting_id
  std::string destination_root;  ///< likewise
  /// filesystem::volume_of the source, where that is known: tells what its source_root cannot.
  std::string source_volume{};

  [[nodiscard]] bool has_source_of(const Pair& other) const {
    const bool is_told = !source_volume.empty() && !other.source_volume.empty();
    return source_root == other.source_root && (!is_told || source_volume == other.source_volume);
  }
  [[nodiscard]] bool is(const Pair& other) const {
    return source == other.source && destination == other.destination && has_source_of(other) &&
           destination_root == other.destination_root;
  }
};

struct FolderRow {
  RowKey key = no_row;
  FileId source;
  bool is_mount_point = false;
  std::int64_t born_ns = 0;  ///< its birth in the source, since inode numbers are used again; 0:
                             ///< the file system tells none
};

namespace edit {
struct PutFile {
  RowKey folder = no_row;
  std::string name;
  Remembered what;
  std::vector<Fingerprint> chunks;  ///< of a file of more than one
};
/// All that is remembered of it was found once more.
struct ProveFile {
  RowKey folder = no_row;
  std::string name;
  std::int64_t proved_s = 0;
};
/// The same content under other stamps.
struct MoveDestination {
  RowKey folder = no_row;
  std::string name;
  Identity destination;
};
/// Another name of the same inodes.
struct CopyFile {
  RowKey from_folder = no_row;
  std::string from_name;
  RowKey folder = no_row;
  std::string name;
};
/// Likewise of what is an exception of it.
struct CopyException {
  RowKey from_folder = no_row;
  std::string from_name;
  RowKey folder = no_row;
  std::string name;
};
/// The destination's file was renamed, and its row goes with it, in place of any that is there.
struct MoveFile {
  RowKey from_folder = no_row;
  std::string from_name;
  RowKey folder = no_row;
  std::string name;
  Identity destination;    ///< what it is since then
  bool is_proved = false;  ///< what is remembered of its content holds for that
};
/// The source has other bytes than that, under the remembered identity.
struct MarkRotten {
  RowKey folder = no_row;
  std::string name;
};
/// It is no link to its other names, since it could not be one.
struct MarkApart {
  RowKey folder = no_row;
  std::string name;
};
struct PutFolder {
  RowKey parent = no_row;
  std::string name;
  FolderRow row;
};
/// In place of what there is; none: there is no exception any more. An empty name stands for the
/// folder itself.
struct PutException {
  RowKey folder = no_row;
  std::string name;
  ExceptionRef what;
};
struct ForgetFile {
  RowKey folder = no_row;
  std::string name;
};

// What the source has no more there is forgotten when a whole pass has ended, if it still is
// remembered there: it may have been moved.

struct FileIsGone {
  RowKey folder = no_row;
  std::string name;
  std::uint64_t source_inode = 0;
};
/// With all that is below it.
struct FolderIsGone {
  RowKey key = no_row;
  RowKey parent = no_row;
  std::string name;
};
}  // namespace edit

using Edit = std::variant<edit::PutFile, edit::ProveFile, edit::MoveDestination, edit::CopyFile,
                          edit::MoveFile, edit::MarkRotten, edit::MarkApart, edit::PutFolder,
                          edit::PutException, edit::CopyException, edit::ForgetFile,
                          edit::FileIsGone, edit::FolderIsGone>;

/// What earlier passes tell the guard.
struct History {
  bool is_lost = false;  ///< what follows is not all: an earlier index came to harm
  bool met = false;      ///< one of them, from this very source, made the roots known to each other
  Tally removed;         ///< by passes within the last 24 hours that nobody had told to
  std::uint64_t held_passes = 0;  ///< in a row, up to the last one
  std::optional<Tally> source;    ///< what the last one met that was not stopped
  std::string last_pass{};        ///< the name of the last one; empty: it has none
};

}  // namespace syncline::index
