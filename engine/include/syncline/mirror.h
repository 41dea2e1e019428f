// mirror(): one call makes one folder tree the exact mirror of another.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"
#include "syncline/held_deletions.h"
#include "syncline/options.h"
#include "syncline/refusal.h"
#include "syncline/tally.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace syncline {

class ProgressProbe;

/// How a pass ended, as a program's exit status. Where rsync has a number of the same meaning, it
/// is that one.
enum class Status : std::uint8_t {
  done = 0,
  usage = 1,
  root_unusable = 3,    ///< a root is missing, unusable, nested in the other, the same, or not the
                        ///< one remembered; or the pass could not go on
  files_unusable = 11,  ///< the index cannot be used; for callers, also another file
  stopped = 20,         ///< by the stop token, or because Options::stop_at had come
  some_failed = 23,     ///< some entries failed
  source_moved = 24,    ///< a source entry changed or vanished while it was read
  deletions_held = 25,  ///< the guard held all deletions back
  unverified = 40,      ///< rot, doubt about which side is right, or a copy that reads back as
                        ///< something else
  busy = 41,            ///< another run is using this destination or this index
  differs = 42,         ///< apply() left steps; else never of a pass: for callers who want a status
                        ///< for found_differences()
  held_after_undo = 43,  ///< nothing was done: the destination was taken back (undo.h), and passes
                         ///< wait until that is released
  given_up = 44,         ///< the pass could not go on when it had begun to delete
};

/// The pass could not start, or could not go on, and nothing was deleted. Once a pass has deleted
/// something, it ends with a Summary instead (Summary::given_up). what() is made of codes, for
/// programs that have no sentences for why().
class Unusable : public std::runtime_error {
 public:
  Unusable(Status status, Refusal why)
      : std::runtime_error(why.in_codes()), status_(status), why_(std::move(why)) {}
  /// `sentence`: for people; what() is that.
  Unusable(Status status, const std::string& sentence)
      : std::runtime_error(sentence),
        status_(status),
        why_{.code = RefusalCode::other, .cause = sentence} {}

  [[nodiscard]] Status status() const { return status_; }
  [[nodiscard]] const Refusal& why() const { return why_; }

 private:
  Status status_;
  Refusal why_;
};

/// Files that were read to compare their content, by why that was necessary. A side has changed if
/// its inode number, size, mtime or ctime is not the remembered one.
struct ReadReasons {
  Tally unknown;            ///< the index does not know them
  Tally source_moved;       ///< only the source changed
  Tally destination_moved;  ///< only the destination changed
  Tally both_moved;         ///< both changed
  Tally unsure;             ///< not proved the last time: changed too recently, or not flushed
  Tally asked;              ///< Options::rehash
};

/// Parts of an entry, or kinds of entries, that this user may not be allowed to make, or that a
/// file system may be unable to hold.
enum class Aspect : std::uint8_t {
  owner,
  group,
  mode,
  mtime,
  attributes,    ///< extended ones
  acl,           ///< POSIX access control lists
  capabilities,  ///< of executables
  hard_link,
  symlink,
  special_file,  ///< fifos, sockets, devices
};
inline constexpr std::size_t aspects = 10;

/// "owner", "access control lists", ...: for people. A static string, like all that to_string()
/// returns as const char*.
const char* to_string(Aspect aspect);

/// An aspect that could not be kept.
struct Unkept {
  Aspect aspect{};
  std::uint64_t entries = 0;  ///< of so many entries
  std::string example;        ///< path of the first of them

  /// The entries themselves are missing, not only some of their metadata.
  [[nodiscard]] bool is_content() const {
    return aspect == Aspect::symlink || aspect == Aspect::special_file;
  }
};

/// What one pass found and did; in a dry run, what it would have done. Counts are of this pass
/// alone, bytes are bytes of file content.
struct Summary {
  std::string name;  ///< of the pass: pass_name()
  Roots roots;
  bool dry_run = false;
  bool stopped = false;     ///< it was asked to stop; every file is whole, the next pass does the
                            ///< rest
  bool time_is_up = false;  ///< `stopped`, because Options::stop_at had come
  /// Why the pass could not go on to its end; none: it did. Every file is whole, what was done is
  /// counted here, and the next pass does the rest.
  std::optional<Refusal> given_up;

  Tally source;       ///< entries found below the source root, and the bytes of its files
  Tally destination;  ///< likewise for the destination, as it was when it was walked
  std::array<std::uint64_t, kinds> source_kinds{};  ///< `source` entries by Kind

  Tally created;  ///< new entries, and the file bytes written for them
  Tally updated;  ///< entries with new content (replaced ones included), and the file bytes written
                  ///< for them
  Tally moved;    ///< files that were renamed because the source's were, by themselves or with a
                  ///< folder; nothing was copied for that
  std::uint64_t moved_folders = 0;  ///< folders that were renamed, with all that was in them
  std::uint64_t metadata_set = 0;   ///< entries of which only metadata changed
  Tally removed;                    ///< entries deleted, and the bytes of the files among them
  std::uint64_t cleaned = 0;        ///< temporary files of interrupted runs that were removed
  Tally proved;                     ///< files that were read in this pass, and found the same
  Tally standing;    ///< files that were not read: proved by an earlier pass, and unchanged since
  Tally unproven;    ///< files that were not read, but taken for the same as the options say
  Tally to_compare;  ///< dry run only: files of the same size that a pass would read
  Tally again;       ///< files that the next pass reads again, since they changed too recently
  Tally left_alone;  ///< entries of the source that Options::transfer left alone
  ReadReasons read_because;
  std::uint64_t ctime_moved = 0;  ///< of those read: only the source's ctime had changed
  std::uint64_t silent = 0;  ///< files with other bytes, though their size and mtime were the same
  std::uint64_t doubtful = 0;  ///< of those, files where nothing showed which side had changed
  std::uint64_t repaired = 0;  ///< destination files whose bytes had changed, but not their inode,
                               ///< size, mtime or ctime

  std::uint64_t bytes_read = 0;  ///< on both sides
  /// Into new and changed files: less than they hold, if they share blocks or have holes.
  std::uint64_t bytes_written = 0;
  std::uint64_t bytes_hashed = 0;

  std::vector<Unkept> unkept;  ///< what this user and these file systems cannot keep
  bool strict = false;         ///< Options::strict

  std::uint64_t failures = 0;           ///< FailureKind::error
  std::uint64_t source_moved = 0;       ///< FailureKind::vanished and FailureKind::changed
  std::uint64_t suspect = 0;            ///< FailureKind::rot, doubt and unverified
  std::uint64_t left = 0;               ///< FailureKind::left: steps of a plan
  std::vector<Failure> first_failures;  ///< the first ten, of all kinds

  Tally deletions_wanted;  ///< what the source lacks, whether it was deleted or not
  /// Why deletions were held back: by the guard, or since not everything could be seen. None: they
  /// were not held back.
  std::optional<HeldDeletions> deletions_held;
  bool deletions_held_by_guard = false;

  std::string index;              ///< path of the index; empty: none was used
  std::uint64_t index_bytes = 0;  ///< its size on the disk, after the pass
  /// When the oldest proof that this pass relied on was made. None: it relied on none.
  std::optional<std::chrono::system_clock::time_point> oldest_proof;

  std::chrono::nanoseconds elapsed{};  ///< from the call of mirror() to its end

  /// Whether the destination was changed, or in a dry run would be.
  [[nodiscard]] bool changed_anything() const;
  /// Likewise; in a dry run, true also if files would have to be read to know whether they differ.
  [[nodiscard]] bool found_differences() const;
  /// How the pass ended; the first that applies in the order 44, 20, 40, 25, 23, 24, 42, 0.
  [[nodiscard]] Status status() const;
};

/// Raises this process's soft limit of open files to the hard one, and lets the kernel make room
/// for them, which takes some 10 ms in a process that has several threads already. Call it once, at
/// the beginning of a program. Optional: a pass makes do with the limit that it finds. Never fails:
/// a limit that cannot be raised stays.
void prepare_process();

/// Runs one pass, and returns when it is over. Changes nothing of the process: prints nothing, and
/// leaves signals, umask, current folder, limits and locale alone. When it returns, everything that
/// it opened is closed and all its workers are idle. A stop request ends the pass cleanly, usually
/// within a second; if a file system does not answer, see Observer::gave_up().
///
/// `options` are not changed, nor kept after the call. `observer` and `progress` belong to the
/// caller and must outlive the call. A default-constructed `stop` never stops the pass. `progress`
/// tells other threads meanwhile how far the pass is; nullptr: nobody wants to know.
///
/// Throws Unusable if the pass cannot begin, or if it cannot go on and has deleted nothing yet.
/// What fails with single entries is never thrown: it reaches `observer` and the summary.
/// Thread-safe: passes on different destinations may run at the same time in one process, each with
/// its own observer. A second pass on the same destination throws with Status::busy, or waits
/// (Options::wait).
Summary mirror(const Options& options, Observer& observer, std::stop_token stop,
               ProgressProbe* progress = nullptr);

/// The library's version, such as "0.1.0".
const char* version();

}  // namespace syncline
