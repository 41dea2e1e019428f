// What was moved in the source is moved in the destination, rather than copied and deleted.
//
// A rename keeps the inode. So a folder or file of the source that the index does not know where it
// is, but by its inode in another place, which the source has it in no more (that is looked up, not
// assumed), is brought in the destination from that other place, before anything else is done with
// it: by one rename that replaces nothing or, where something else has its name, by an exchange, so
// that what must give way may itself be brought on from there. From then on it is an entry like any
// other: a folder is walked and a file, whose ctime a rename moves, is read once, so that whatever
// was wrong about the guess ends in an ordinary update. The row moves with what it speaks of, in
// one step of its own, a folder's with all that is in it.
//
// What has another inode may still be what was there: a file that came back from a backup, or that
// a tool wrote anew. So a large file that is new and in whose place nothing is, is brought likewise
// from where the destination has its content, if the source has that file no more: by the size and
// the fingerprint of the first 8 MiB, and then, both being read, by every byte. A small one is
// copied, which costs no more than to find it. Where the destination needs its file there, the copy
// begins as a clone of that one (FileTask::twin).
//
// Nothing needs a move: what cannot be had (a file in a folder's place, another file system, no
// permission) is copied.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/lookup.h"
#include "pass/pass.h"
#include "walk/claimed_files.h"
#include "walk/moved_rows.h"
#include "walk/remembered_places.h"

#include "syncline/event.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace syncline::engine {

/// A file of the destination that stands in its new place.
struct BroughtFile {
  Remembered known;
  Entry destination;
  std::optional<Action> action;  ///< none: it had been brought already
};

/// What the destination has elsewhere of a file that is new.
struct SameBeginning {
  std::optional<BroughtFile> brought;
  std::vector<std::string> twin;  ///< else the way to a file of its size that begins like it
};

/// Thread-safe. What fails here is left for copying to fail at, and to tell of.
class Moves {
 public:
  /// Of `pass`, whose walk begins at `root`, by what `known` remembers.
  Moves(Pass& pass, index::Index& known, FolderRef root);

  /// Goes up with each rename: what was looked at in the destination before may be elsewhere since.
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// While this is held nothing is moved.
  [[nodiscard]] std::unique_lock<std::mutex> pause() { return std::unique_lock{mutex_}; }

  /// What is in the place of a file that the index does not know there may still be wanted
  /// elsewhere. So it waits for the end of the walk, unless too many do already.
  [[nodiscard]] bool may_hold() { return ++held_ <= most_held; }
  /// `folder` is where its row says.
  void meet(const Folder& folder);
  /// Fills in what the destination has of `folder`, whose row, if any, speaks of another folder of
  /// the source; `born_ns`: its birth there. Afterwards its row is its own, and remembered.
  std::optional<Action> bring(Folder& folder, std::int64_t born_ns);
  /// `file` of the destination stays where it is, whoever else it may be of use to. If the count
  /// has gone up since it was looked at, that may have come too late: look again during a pause.
  void claim(FileId file) { claimed_.claim(file); }
  std::optional<BroughtFile> bring(Folder& folder, const std::string& name, const Entry& source);

  // Of files whose inode did not tell; not for dry runs, which do not read.

  /// Whether the destination has elsewhere what may be of use for such a file.
  bool may_have(Folder& folder, const std::string& name, const Entry& source);
  /// What it has of those that begin with that chunk. `may_move`: all else was brought,
  /// so that what is where the source lacks it is nobody else's.
  SameBeginning bring_alike(Folder& folder, const std::string& name, const Entry& source,
                            const Fingerprint& first_chunk, bool may_move);

 private:
  using Parts = RememberedPlaces::Parts;

  template <typename Bring>
  auto guarded(Bring bring) -> decltype(bring());
  template <typename Move>
  bool moving(Move move);

  /// What the destination has of that name, others having been brought or displaced since it was
  /// met.
  std::optional<Entry> look_by_now(Folder& folder, const std::string& name);
  bool try_to_bring(Folder& folder, std::int64_t born_ns, std::optional<Action>& action);
  void note_walked(index::RowKey folder);
  [[nodiscard]] bool is_walked(index::RowKey folder) const;
  bool bring_from(const index::FolderPlace& place, Folder& folder, std::int64_t born_ns,
                  std::optional<Action>& action);
  std::optional<BroughtFile> bring_from(const index::FilePlace& place, Folder& folder,
                                        const std::string& name, const Entry& source);

  /// Of the destination, still as it is remembered.
  struct Alike {
    Parts path;
    Entry found;
    bool leaves = false;  ///< the source lacks it there
    bool clones = false;  ///< it can share its blocks with a new file
  };
  std::optional<Alike> alike_at(const index::FilePlace& place, Folder& folder);

  /// Whether `found`, which is `name` in `at`, would change hands by becoming `source`.
  [[nodiscard]] bool is_allowed(Folder& folder, const std::string& name,
                                const Preconditions& given) const;
  bool would_change_hands(Folder& folder, const std::string& name, const Entry& source,
                          const filesystem::OpenFolder& at, const std::string& found_as,
                          Entry found);

  std::optional<BroughtFile> take(const index::FilePlace& place, const Parts& path,
                                  const Entry& found, Folder& folder, const std::string& name,
                                  const std::optional<Entry>& in_the_way);

  [[nodiscard]] bool may_leave(const Parts& path, const std::string& name,
                               const Entry& entry) const;
  [[nodiscard]] bool is_same_device(std::uint64_t remembered, std::uint64_t now) const;

  void prepare();
  void forget_removal(FileId moved);

  Pass& pass_;
  index::Index& index_;
  const FolderRef root_;
  const bool brings_folders_;
  const bool lacks_extraneous_;  ///< what the source lacks would have been deleted before
  const bool
      takes_from_others_;  ///< what has the old name in the source now will be mirrored there
  static constexpr std::size_t most_alike = 64;  ///< more of one size are most likely no twins
  std::once_flag prepared_;
  std::atomic<std::uint64_t> count_{0};
  static constexpr std::uint64_t most_held = 16'384;  ///< 200 bytes each, and their folders
  std::atomic<std::uint64_t> held_{0};

  // The count goes up before a claim is asked for, and is asked for after a claim is made: so that
  // either sees the other.
  ClaimedFiles claimed_;

  std::mutex mutex_;  // for all that follows, and while names change
  index::Lookup lookup_;
  MovedRows rows_;
  RememberedPlaces places_;
  std::vector<bool> walked_;             ///< by row: what the pass is at work in is not moved
  std::uint64_t remembered_device_ = 0;  ///< of the source's root
};

}  // namespace syncline::engine
