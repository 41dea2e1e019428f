// What a caller wants of one pass. Plain values, each with a default; only `source` and
// `destination` must be set. mirror() never changes them. Sizes are in bytes, times in the units of
// <chrono>, user and group ids those of this machine.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/digest.h"
#include "syncline/filter.h"
#include "syncline/identity.h"

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace syncline {

/// Both root folders, as one pass found them. A loop hands them on from Summary::roots to
/// Options::expected_roots; no other use is intended.
struct Roots {
  FileId source;
  FileId destination;
  /// Identifies the folder above the destination, for programs opaque. Empty: that cannot be told
  /// for good, or the destination is a mount point.
  std::string destination_place;
  /// A pass on these two roots has ended well that was free to delete what the source lacks.
  bool met = false;

  friend auto operator<=>(const Roots&, const Roots&) = default;
};

/// Where what was proved is remembered between passes (syncline-index(5)).
namespace index_place {
/// Nowhere. The price: every pass reads both sides of every file. So a pass that changes nothing
/// takes as long as reading everything: 1.4 s instead of 0.3 s for 100,000 small files in memory,
/// hours for 2 TB on a disk. Renamed files are copied again. Rot looks like an edit. A disk that is
/// not mounted looks like an empty folder, unless Options::expected_roots is given. The guard does
/// not know what earlier passes deleted.
struct None {};
/// In a file for this pair of roots, in $STATE_DIRECTORY, else /var/lib/syncline for root, else
/// $XDG_STATE_HOME/syncline, else ~/.local/state/syncline.
struct Usual {};
/// In the file of that path, created where it is missing; its folder must exist.
struct File {
  std::string path;
};
}  // namespace index_place

using IndexPlace = std::variant<index_place::None, index_place::Usual, index_place::File>;

/// What most callers want: index_place::Usual; or None, if neither the environment nor the user
/// database names a folder for it (a pass with Usual would throw then). Reads the environment, so
/// no other thread may change it meanwhile.
IndexPlace usual_index_place();

/// Whether copies may share blocks with what they are copied from (reflinks: ioctl_ficlone(2)).
enum class Reflink : std::uint8_t {
  automatic,  ///< where the file systems can
  always,     ///< a file whose blocks cannot be shared with the source's is not copied
  never,
};

/// Which of the files that wait to be read goes first. This orders only what waits: the walk runs
/// ahead by some thousand files.
enum class Order : std::uint8_t {
  fastest,  ///< as they were found
  by_name,  ///< by the bytes of their paths
  smallest,
  newest,  ///< by mtime
};

/// How much of what the source lacks may be deleted: the guard. If there is more, nothing is
/// deleted at all (Summary::deletions_held). Whatever is chosen, nothing is deleted before the
/// whole walk has succeeded.
namespace deletion {
/// Fewer than 100 entries and less than 1 GiB within 24 hours; beyond that, at most 25 % of the
/// destination's entries and of its bytes within 24 hours. Deletions of earlier passes with Guarded
/// count too. At first contact (no pass on these two roots is known to have ended well, or the
/// source is another folder now): at most 10 %, and nothing if the source is empty.
struct Guarded {};
/// No limit; but with an index, at most 10 % at first contact.
struct Unlimited {};
/// Nothing. A folder that is in the way of something else stays too, and that is reported as a
/// failure.
struct None {};
/// At most so many entries.
struct AtMostEntries {
  std::uint64_t entries = 0;
};
/// At most so many per cent (0 to 100) of the destination's entries, and of its bytes.
struct AtMostPercent {
  double percent = 0;
};
}  // namespace deletion

using DeletionPolicy = std::variant<deletion::Guarded, deletion::Unlimited, deletion::None,
                                    deletion::AtMostEntries, deletion::AtMostPercent>;

/// Entries of the source that are left alone: what the destination has of them stays as it is, and
/// is not deleted. All but the first two are about files only.
struct TransferRules {
  bool existing_only = false;              ///< create nothing that the destination lacks
  bool ignore_existing = false;            ///< leave alone what the destination has, except folders
  bool update = false;                     ///< leave files alone that are newer in the destination
  std::optional<std::uint64_t> max_bytes;  ///< leave larger files alone; none: no limit
  std::optional<std::uint64_t> min_bytes;  ///< leave smaller ones alone
  /// Leave files alone that changed (by mtime or ctime) within that time: they may still be
  /// written to.
  std::optional<std::chrono::nanoseconds> min_age;
};

/// One clause of a change of modes, as in chmod(1). Clauses apply one after the other, each to the
/// result of the one before, and never to symlinks.
struct ModeChange {
  bool to_folders = true;
  bool to_others = true;     ///< files, and whatever else is no folder
  std::uint32_t keep = 0;    ///< these of the 12 permission bits stay as they are
  std::uint32_t add = 0;     ///< these are set
  std::uint32_t search = 0;  ///< and these, on folders and on what somebody could execute before
                             ///< the first clause: 'X'
  /// The rights of user (6), group (3) or others (0), by where their bits begin, are copied to
  /// those classes whose bits are in `copy_to`.
  std::uint32_t copy_to = 0;
  unsigned copy_from = 0;
  enum class Copy : std::uint8_t { none, add, remove } copy = Copy::none;
};

/// Which metadata is kept; by default all. Metadata that is not kept is neither compared nor set:
/// an existing entry keeps its own, even if its content is replaced, and a new entry gets what the
/// system gives it.
struct KeptMetadata {
  bool owner = true;
  bool group = true;
  bool mode = true;  ///< with access control lists. If false, new entries get the source's rights
                     ///< as restricted by the umask or by the folder's default list, without set-id
                     ///< and sticky bits
  bool executability = false;  ///< if `mode` is false: still keep whether files can be executed
  bool times = true;           ///< the mtimes
  bool folder_times = true;    ///< false: not those of folders
  bool link_times = true;      ///< false: not those of symlinks

  // These replace the source's, before anything is compared.
  std::optional<std::uint32_t> owner_instead;  ///< a user id; none: the source's
  std::optional<std::uint32_t> group_instead;  ///< a group id; none: the source's
  std::vector<ModeChange> mode_changes;        ///< to the source's modes

  /// Two mtimes are the same if they are at most so many whole seconds apart. None: if they are the
  /// same to the nanosecond, or as far as the destination's file system can hold them.
  std::optional<std::uint32_t> mtime_window_s;
};

/// Where a file goes that is overwritten or deleted. It is moved, never copied. On a file system
/// with hard links, its name in the destination never is without a file meanwhile.
struct Backup {
  /// A folder that becomes a tree like the destination: an absolute path, or one that begins at the
  /// destination. It may be inside the destination, where no pass deletes it, or elsewhere on the
  /// same file system. It is created if it is missing, but not its parent. Empty: backups are kept
  /// beside what replaces them.
  std::string folder;
  /// What the names of backups end with; may be empty only with a folder. Without a folder, no pass
  /// deletes files whose names end like this, unless one of Options::filters puts them at risk.
  std::string suffix = "~";
};

/// What a pass overwrites, deletes or displaces is kept in a quarantine of that pass, so that it
/// can be taken back (undo()). It is moved or linked, never copied. A pass older than any of the
/// limits here expires, the oldest first; but never the newest one, nor one that is younger than a
/// day.
struct Undo {
  std::chrono::seconds keep_for{std::chrono::hours{30 * 24}};
  std::optional<std::uint64_t> most_passes;  ///< none: no limit
  struct PercentOfDisk {
    double percent = 0;
  };
  /// Of the files that are kept; std::monostate: no limit.
  std::variant<std::monostate, std::uint64_t, PercentOfDisk> most_bytes;
  /// A folder for the quarantine, on the destination's file system and outside of both roots.
  /// Created if it is missing, but not its parent. Empty: `.syncline` at the root of each file
  /// system that is mounted in the destination.
  std::string folder;
};

/// How long a system call may wait for a file system that does not answer, since its daemon stopped
/// or its server is gone.
struct HangLimits {
  std::chrono::milliseconds told_after{10'000};  ///< then there is a Notice (NoticeCode::no_answer)
  /// After a stop request, a call that takes so long is waited for no longer (Observer::gave_up()).
  /// A flush, which takes long on a slow disk, has twelve times as long.
  std::chrono::milliseconds given_up_after{5'000};
};

struct Options {
  // What happens.

  /// Paths as the operating system takes them: bytes, no encoding assumed; relative ones go by the
  /// current folder. The content of `source` becomes the content of `destination`. A symlink in
  /// these two paths is followed if root or the effective user owns it; below them none ever is.
  std::string source;
  std::string destination;

  /// When the pass begins; its name is made of that (pass_name()). None: when mirror() is called.
  std::optional<std::chrono::system_clock::time_point> began;

  /// Report what would be done, but change nothing, and read no content (except with `rehash`, and
  /// `read_to_decide`).
  bool dry_run = false;

  /// With dry_run: read what a pass would read to decide, so that no Verb::check is left, and
  /// remember the proofs.
  bool read_to_decide = false;

  /// With dry_run: report each file that a pass would read (Verb::check), also those that are most
  /// likely the same.
  bool tell_unread = false;

  /// How much of what the source lacks may be deleted.
  DeletionPolicy deletions = deletion::Guarded{};

  /// At first contact too, deletion::Guarded allows 100 entries and 1 GiB, and deletion::Unlimited
  /// is unlimited. For loops, whose user has chosen to mirror from now on.
  bool free_at_first = false;

  /// Delete what the source lacks before anything is copied, to make room for it. Walks twice.
  bool delete_before = false;

  /// Do not enter folders of the source that are mount points or on another file system. Such a
  /// folder is made and gets its metadata; what the destination holds in it is left alone. So the
  /// destination itself may be mounted there.
  bool one_file_system = false;

  /// Which entries take part: the first rule that matches decides; without a match, an entry takes
  /// part. An excluded entry of the destination is not deleted, nor is a folder that holds one.
  std::vector<FilterRule> filters;

  /// Delete excluded entries from the destination too, unless a rule names the destination
  /// (FilterRule::Sides).
  bool delete_excluded = false;

  /// Only these paths, relative to the roots, and the folders above them take part, and nothing is
  /// deleted. A folder is made without its content; if its path ends in '/', with the entries that
  /// are directly in it. None: everything takes part.
  std::optional<std::vector<std::string>> listed;

  /// A folder in `listed` stands for everything below it.
  bool recurse_listed = false;

  /// Entries that are left alone because of their size, their age or what the destination has.
  TransferRules transfer;

  /// If part of the source cannot be seen, nothing is deleted in that folder and below it. False:
  /// nothing is deleted anywhere.
  bool ignore_errors = false;

  /// Which metadata is kept.
  KeptMetadata metadata;

  /// Take files of the same size for the same, without reading them.
  bool size_only = false;

  /// Keep what is overwritten or deleted. None: do not.
  std::optional<Backup> backup;

  /// Keep what is overwritten or deleted so that the pass can be taken back (undo()). `backup` and
  /// `in_place` are passed over then. The guard then allows half of the destination rather than a
  /// quarter, but for first contact. None: do not.
  std::optional<Undo> undo;

  /// Stop at this moment, as if a stop was requested. None: do not.
  std::optional<std::chrono::system_clock::time_point> stop_at;

  /// How long to wait for a file system that does not answer.
  HangLimits hangs;

  /// At most so many bytes of content a second are read, and so many are written, by all workers
  /// together; 0: no limit.
  std::uint64_t bytes_per_second = 0;

  /// Where to remember what was proved. Most callers want usual_index_place().
  IndexPlace index = index_place::None{};

  /// Read both sides of every file, whatever the index says. With dry_run: read and report, change
  /// nothing, but remember the proofs.
  bool rehash = false;

  /// For this pass, take files of the same size and mtime for the same without reading them, unless
  /// the index knows better; and accept roots and mount points that are not the remembered ones.
  bool adopt = false;

  /// Take files of the same size and mtime for the same, whatever their ctime and inode.
  bool trust_mtime = false;

  /// If two files have the same size and mtime but other bytes, and nothing shows which side
  /// changed: leave both alone and report it. False: the source's is taken.
  bool keep_doubtful = false;

  /// Mirror set-id bits and capabilities of files also from what is mounted nosuid, and devices
  /// also from what is mounted nodev. False: these are not kept (Summary::unkept), and such bits of
  /// the destination are removed, since a user who may mount a file system can show in it what he
  /// may not make.
  bool trust_nosuid = false;
  bool trust_nodev = false;

  /// `source` is the mirror of `destination`, and files are copied back this once: no index is
  /// used, and nothing is deleted.
  bool restore = false;

  /// End with Status::some_failed also if only metadata could not be kept.
  bool strict = false;

  /// Wait until another run on the destination ends. False: throw with Status::busy.
  bool wait = false;

  /// Flush the data of a file before it gets its final name, so that not even a power cut tears it.
  /// False: a crash of the machine may leave empty or torn files, as with cp and rsync.
  bool flush = true;

  /// Read back what was written, past the page cache, before it gets its name.
  bool verify = false;

  /// Whether copies share blocks.
  Reflink reflink = Reflink::automatic;

  /// Write changes of files that are larger than 64 KiB into the existing file, to save space or to
  /// keep the inode. False: into a copy that replaces it. A file is torn while it is changed in
  /// place. Files with hard links, and those kept as backups, are replaced all the same.
  bool in_place = false;

  /// If the copy of a file of at least so many bytes is interrupted (a stop, a crash, a power cut),
  /// it is kept, and the next pass resumes it if the source file has not changed since. None: such
  /// copies are removed, also those of earlier passes.
  std::optional<std::uint64_t> keep_partial_from = std::uint64_t{64} << 20U;

  /// Create the destination root if it is missing (its parent must exist). A loop sets this to
  /// false after its first pass, so that no bare mount point is filled. A destination that was
  /// deleted from the very folder in expected_roots is created even then.
  bool create_destination = true;

  /// The roots of the loop's last pass (Summary::roots). If a root is now another folder and empty,
  /// the pass throws before it changes anything, since a disk is most likely not mounted.
  std::optional<Roots> expected_roots;

  /// Report each file that was read and found the same (Proof).
  bool tell_proofs = false;

  /// Report each entry that is as it should be (Verb::keep).
  bool tell_unchanged = false;

  /// Look at ACLs and extended attributes of both sides even if the content alone decides what is
  /// done, so that Difference is complete.
  bool all_differences = false;

  /// Files of the program, such as its log: left alone if they are found in a root.
  std::vector<FileId> own_files;

  // How fast. Zero means: as many as suit this machine.

  /// Workers that hash. Default: the number of cores.
  unsigned threads = 0;

  /// Workers that wait for file systems. Default: twice the number of cores, at least 4. That keeps
  /// the queue of a solid-state disk busy, and costs nothing if the tree is cached.
  unsigned io_threads = 0;

  /// Who computes MD5; the results are the same.
  DigestBackend digest_backend = DigestBackend::automatic;

  /// Which files go first.
  Order order = Order::fastest;
};

/// How many workers a pass with `options` uses on this machine, both at least 1. A pass uses fewer
/// if the process may open only few files.
struct Workers {
  unsigned threads;
  unsigned io_threads;
};
/// Thread-safe.
Workers resolve_workers(const Options& options);

}  // namespace syncline
