// undo(): what a pass took from a destination is brought back, as long as the pass kept it
// (Options::undo).
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"
#include "syncline/kind.h"
#include "syncline/mirror.h"
#include "syncline/timestamp.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace syncline {

/// The destination, and where its quarantine is. All that follows locks it, as a pass does: throws
/// Unusable with Status::busy while another run is using it, or waits if `wait` is set.
struct UndoPlace {
  std::string destination{};
  std::string folder{};  ///< Undo::folder of the passes; empty: `.syncline` in the destination
  bool wait = false;
};

struct UndoOptions {
  UndoPlace place{};

  /// The name of a pass (pass_name()): it and those after it are taken back. An undo has such a
  /// name, too: that is done again which it took back. None: the last pass that is in effect, which
  /// is no undo. Mutually exclusive with `to`.
  std::optional<std::string> pass{};
  /// Passes that began after this are taken back.
  std::optional<std::chrono::system_clock::time_point> to{};

  bool dry_run = false;  ///< tell what would be done, and change nothing

  /// Metadata of passes before it says that nothing was flushed, as Options::flush.
  bool flush = true;
};

/// Takes passes back, the last operation first. An entry is touched only if it still is what the
/// pass left there; else it is left alone, which is a Failure (FailureCode::changed_since_pass).
/// What is overwritten or removed goes to the quarantine, so that an undo can be undone. From then
/// on passes onto the destination throw with Status::held_after_undo, until release().
///
/// The actions have the verbs of a pass, and ReasonCode::taken_back. Summary counts those, its
/// `name` is that of the undo, and `status()` is 0, 20 or 23. Throws Unusable: with
/// Status::root_unusable if there is no such pass (RefusalCode::no_such_pass), or none that can be
/// taken back (RefusalCode::nothing_to_undo). Thread-safe.
Summary undo(const UndoOptions& options, Observer& observer, std::stop_token stop);

/// Lets passes onto the destination go on after an undo. False: they were not held. Throws
/// Unusable.
bool release(const UndoPlace& place);

/// A pass that can be taken back, or was.
struct KeptPass {
  std::string name;  ///< pass_name()
  bool is_undo = false;
  bool is_undone = false;     ///< by a later undo
  bool is_complete = false;   ///< false: it was interrupted; what it did is known all the same
  std::string source;         ///< path of the source's root; of an undo the pass that it took back
  std::uint64_t created = 0;  ///< entries
  std::uint64_t replaced = 0;
  std::uint64_t moved = 0;
  std::uint64_t removed = 0;
  std::uint64_t metadata_set = 0;
  std::uint64_t bytes_kept = 0;  ///< of the files that are in its quarantine
  /// It may expire then, by its age. None: it stays (it is the last one).
  std::optional<std::chrono::system_clock::time_point> until;
};

/// What can be taken back, the newest first.
struct KeptPasses {
  std::vector<KeptPass> passes;
  /// Passes onto the destination are held, since this undo.
  std::optional<std::string> held_since;
};
/// Throws Unusable.
KeptPasses list_passes(const UndoPlace& place);

/// What one entry was before a pass changed it.
struct KeptVersion {
  std::string pass;        ///< the name of the pass that changed it: it was so until then
  bool was_there = false;  ///< false: nothing had that name; what follows says nothing then
  Kind kind = Kind::file;
  std::uint64_t size = 0;
  Timestamp mtime{};
};
/// `path`: below the destination. The newest first. Throws Unusable.
std::vector<KeptVersion> list_versions(const UndoPlace& place, const std::string& path);

struct BringBack {
  UndoPlace place{};
  std::string path{};  ///< below the destination; "" or ".": all
  /// As it was then; none: as it was before the last pass in effect that changed it or something
  /// in it.
  std::optional<std::chrono::system_clock::time_point> to{};
  /// A folder that is there: the entry gets its own path below it, "a/b/c", with the folders on the
  /// way. Nothing there is deleted.
  std::string into{};
  bool overwrite = false;  ///< false: what is there stays, and is told (Failure)
  bool dry_run = false;
};
/// Gives an entry, or a folder with all in it, as it was, to another folder; the destination stays
/// as it is. Throws Unusable.
Summary bring_back(const BringBack& options, Observer& observer, std::stop_token stop);

}  // namespace syncline
