// The engine's face: one call makes one folder tree the exact mirror of another.
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

/// How a pass ended, as a program's exit status; rsync's numbers where the meaning is the same.
enum class Status : std::uint8_t {
  done = 0,
  usage = 1,
  root_unusable = 3,  ///< a root is missing, unusable, nested, the same, or not the one remembered
  files_unusable = 11,  ///< the log or the index
  stopped = 20,
  some_failed = 23,
  source_moved = 24,    ///< a source entry changed or vanished while it was read
  deletions_held = 25,  ///< the guard held all deletions back
  unverified = 40,      ///< rot, or doubt about which side is right
  busy = 41,            ///< another run holds this destination
  differs = 42,         ///< no pass ends so: for callers who ask for it (found_differences())
  given_up = 44,        ///< the pass could not go on, having begun to delete
};

/// A pass could not start, or not go on, and nothing was deleted. what() is for whoever has no
/// words for why(). Once it has come so far that it deletes, it ends with a Summary instead
/// (Summary::given_up).
class Unusable : public std::runtime_error {
 public:
  Unusable(Status status, Refusal why)
      : std::runtime_error(why.in_codes()), status_(status), why_(std::move(why)) {}
  /// `sentence`: for a person.
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

/// Files whose content was read to be proved, by what made that necessary.
struct ReadReasons {
  Tally unknown;            ///< the index does not know them
  Tally source_moved;       ///< only the source's identity moved
  Tally destination_moved;  ///< only the destination's
  Tally both_moved;
  Tally unsure;  ///< remembered as unproven: stamps too fresh, or data that was not flushed
  Tally asked;   ///< every file is read
};

/// Parts of an entry, or kinds of it, that a user may lack the right to make, or a file system the
/// means to hold.
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

/// "owner", "access control lists", ...: for people. Lasts for ever, as what all to_string() here
/// return that is no std::string.
const char* to_string(Aspect aspect);

/// That one of these could not be kept.
struct Unkept {
  Aspect aspect{};
  std::uint64_t entries = 0;
  std::string example;  ///< path of the first one that was met

  /// More than metadata is missing.
  [[nodiscard]] bool is_content() const {
    return aspect == Aspect::symlink || aspect == Aspect::special_file;
  }
};

/// What one pass found and did; in a dry run, what it would have done. Counts are of this pass
/// alone, bytes are bytes of content.
struct Summary {
  std::string name;  ///< of the pass: pass_name()
  Roots roots;
  bool dry_run = false;
  bool stopped = false;  ///< the stop token was triggered; what was begun is whole, the rest is for
                         ///< the next pass
  bool time_is_up = false;  ///< that was because Options::stop_at had come
  /// Why the pass could not go on to its end; none: it did. What was done is whole, and counted
  /// here; the rest is for the next pass.
  std::optional<Refusal> given_up;

  Tally source;       ///< entries met below the source root, and the bytes of its files
  Tally destination;  ///< likewise for the destination, as it was when walked
  std::array<std::uint64_t, kinds> source_kinds{};  ///< `source` entries by Kind

  Tally created;  ///< new entries, and the file bytes written for them
  Tally updated;  ///< entries with new content (replaced ones included), and the file bytes written
                  ///< for them
  Tally moved;    ///< files that followed the source's to other places, by themselves or with a
                  ///< folder; nothing was copied for that
  std::uint64_t moved_folders = 0;  ///< with all that was in them
  std::uint64_t metadata_set = 0;   ///< entries of which nothing but metadata changed
  Tally removed;                    ///< entries deleted, and the bytes of the files among them
  std::uint64_t cleaned = 0;        ///< temporaries of interrupted runs
  Tally proved;      ///< files whose content was read in this pass, and found the same
  Tally standing;    ///< files proved by an earlier pass, neither side having moved since: not read
  Tally unproven;    ///< files taken for the same by size and mtime, without a proof
  Tally to_compare;  ///< dry run only: files of the same size that would be read
  Tally again;  ///< files that the next pass has to read again, since their stamps prove nothing
                ///< yet
  Tally left_alone;  ///< entries of the source that Options::transfer left alone
  ReadReasons read_because;
  std::uint64_t ctime_moved = 0;  ///< of those read: the source's ctime had moved, and nothing else
  std::uint64_t silent = 0;       ///< files with other bytes, whose size and mtime did not show it
  std::uint64_t doubtful = 0;     ///< of those, such that nothing could tell which side had changed
  std::uint64_t repaired = 0;     ///< destination files whose bytes had changed under an unchanged
                                  ///< identity

  std::uint64_t bytes_read = 0;  ///< on both sides
  /// Into files, be they new or changed: less than these hold, where they share blocks or have
  /// holes.
  std::uint64_t bytes_written = 0;
  std::uint64_t bytes_hashed = 0;

  std::vector<Unkept> unkept;  ///< what this user and these file systems cannot hold
  bool strict = false;         ///< Options::strict

  std::uint64_t failures = 0;           ///< FailureKind::error
  std::uint64_t source_moved = 0;       ///< FailureKind::vanished and FailureKind::changed
  std::uint64_t suspect = 0;            ///< FailureKind::rot, doubt and unverified
  std::vector<Failure> first_failures;  ///< the first ten of all

  Tally deletions_wanted;  ///< what the source lacks, whether it was removed or not
  /// Why the guard, or a folder that could not be listed, held them back; none where nothing did.
  std::optional<HeldDeletions> deletions_held;
  bool deletions_held_by_guard = false;

  std::string index;              ///< path of the index; empty: none was used
  std::uint64_t index_bytes = 0;  ///< on the disk, once the pass was over
  /// When the oldest proof that this pass relied on was made; none where it relied on none.
  std::optional<std::chrono::system_clock::time_point> oldest_proof;

  std::chrono::nanoseconds elapsed{};  ///< from the call of mirror() to its end

  /// Whether the destination was, or in a dry run would be, touched at all.
  [[nodiscard]] bool changed_anything() const;
  /// Likewise; in a dry run files count too that had to be read to tell whether they differ.
  [[nodiscard]] bool found_differences() const;
  /// How the pass ended; the first that applies in the order 44, 20, 40, 25, 23, 24, 0.
  [[nodiscard]] Status status() const;
};

/// Raises this process's soft limit of open files to the hard one, and makes room for them, which
/// takes some 10 ms in a process that has several threads already. For a program's beginning: a
/// pass makes do with the limit that it finds. Never fails: where the limit cannot be raised it
/// stays.
void prepare_process();

/// Runs one pass, blocking until it is over. Of the process nothing is changed by that: nothing is
/// printed, and signals, umask, current folder, limits and locale are left alone. Everything it
/// opens is closed again and every worker is idle when it returns. A stop request ends the pass
/// cleanly, as a rule within a second; where a file system gives no answer, see
/// Observer::gave_up().
///
/// `options` are not changed, nor kept after the call. `observer` and `progress` belong to the
/// caller and have to outlive it. A `stop` made of nothing is never asked for. `progress` can be
/// asked meanwhile how far the pass has come; nullptr: nobody wants to know.
///
/// Throws Unusable when the roots cannot be worked with, or the pass cannot go on before it deletes
/// anything. What goes wrong with single entries is never thrown: it reaches `observer` and the
/// summary. Passes on different destinations may run at the same time in one process, each with an
/// observer of its own; a second one on the same destination throws with Status::busy, or waits
/// (Options::wait).
Summary mirror(const Options& options, Observer& observer, std::stop_token stop,
               ProgressProbe* progress = nullptr);

/// "0.1.0".
const char* version();

}  // namespace syncline
