// What a caller asks of one pass. Plain values, each with its default: mirror() looks whether they
// make sense, and never changes them. Times are of <chrono>, sizes bytes, ids those of this
// machine.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/digest.h"
#include "syncline/filter.h"

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace syncline {

/// What a file or folder is, whatever it is called: the device and inode numbers of stat(2).
struct FileId {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  // NOLINTNEXTLINE(modernize-use-nullptr): it takes the comparison with zero for a pointer
  friend auto operator<=>(const FileId&, const FileId&) = default;
};

/// Both root folders, as one pass found them.
struct Roots {
  FileId source;
  FileId destination;
  /// What the folder is that the destination lies in, as far as that can be told for good; empty:
  /// not so, or the destination is a mount point.
  std::string destination_place;
  /// A pass on them has ended well that was free to delete whatever the source lacks.
  bool met = false;

  friend auto operator<=>(const Roots&, const Roots&) = default;
};

/// Where what was proved is remembered between passes (syncline-index(5)).
namespace index_place {
/// Nowhere. The price: every pass reads both sides of every file to its end, so that one that
/// changes nothing takes as long as reading all of it, where an index has it look at each entry and
/// read nothing (of 100,000 small files in memory 1.4 s instead of 0.3 s; of 2 TB on a disk hours).
/// What was moved is copied again, rot is not told from an edit, a disk that is not mounted not
/// from an empty folder but by whoever gives Options::expected_roots, and the guard has no memory.
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

/// What most callers want: index_place::Usual, or None where neither the environment nor the user
/// database names a folder for it, which would make a pass with Usual fail. Reads the environment,
/// so not while another thread changes that.
IndexPlace usual_index_place();

/// Whether copies may share blocks with what they are copied from (reflinks: ioctl_ficlone(2)).
enum class Reflink : std::uint8_t {
  automatic,  ///< where the file systems can
  always,     ///< a file whose blocks cannot be shared with the source's is not copied
  never,
};

/// Which of the files that wait to be read goes first. All of a tree never wait at once: the walk
/// runs ahead by some thousand files.
enum class Order : std::uint8_t {
  fastest,  ///< as they were found
  by_name,  ///< by the bytes of their paths
  smallest,
  newest,  ///< by mtime
};

/// How deletions are treated. Whatever is chosen, none happens before the whole walk has succeeded.
namespace deletion {
/// Fewer than 100 entries and less than 1 GiB are free. Beyond that, by entries and by bytes of
/// what the destination holds, at most 25 % within 24 hours, what earlier passes removed unasked
/// counted in; or none happens at all. Where no pass on the two roots is known to have ended well
/// (or the source is another folder than then), nothing is free and 10 % the limit.
struct Guarded {};
/// As many as it takes; but where an index would know the two roots and does not, at most 10 % as
/// above.
struct Unlimited {};
/// None; a folder that is in the way of something else stays too, and that is reported as a
/// failure.
struct None {};
/// At most so many entries, or none happens at all.
struct AtMostEntries {
  std::uint64_t entries = 0;
};
/// At most so many per cent (0 to 100) of the destination's entries and of its bytes, or none
/// happens at all.
struct AtMostPercent {
  double percent = 0;
};
}  // namespace deletion

using DeletionPolicy = std::variant<deletion::Guarded, deletion::Unlimited, deletion::None,
                                    deletion::AtMostEntries, deletion::AtMostPercent>;

/// Entries of the source that are left alone: the destination's stay as they are, and are not
/// deleted. All but the first two speak of files only.
struct TransferRules {
  bool existing_only = false;              ///< make nothing that the destination lacks
  bool ignore_existing = false;            ///< touch nothing but folders that it has
  bool update = false;                     ///< leave files alone that are newer in the destination
  std::optional<std::uint64_t> max_bytes;  ///< leave larger files alone; none: no limit
  std::optional<std::uint64_t> min_bytes;  ///< leave smaller ones alone
  /// Leave files alone that changed (by mtime or ctime) within that time: they may still be
  /// written to.
  std::optional<std::chrono::nanoseconds> min_age;
};

/// One clause of a change of modes, as chmod(1) understands them. Clauses apply in turn, each to
/// what the one before it left, and never to symlinks.
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

/// What of the metadata is kept. What is not is left as it is on an entry that exists, also if its
/// content is replaced; a new entry gets what the system gives it. By default all is.
struct KeptMetadata {
  bool owner = true;
  bool group = true;
  bool mode = true;  ///< and access control lists. Off, new entries are created with the source's
                     ///< rights, of which the umask or the folder's default list takes its part,
                     ///< and without set-id and sticky bits
  bool executability = false;  ///< matters where modes are not kept: whether files can be executed
  bool times = true;
  bool folder_times = true;  ///< matters where times are kept
  bool link_times = true;    ///< likewise: of symlinks

  /// Taken in place of what the source has, before anything is compared.
  std::optional<std::uint32_t> owner_instead;  ///< a user id
  std::optional<std::uint32_t> group_instead;  ///< a group id
  std::vector<ModeChange> mode_changes;

  /// Set: two mtimes are the same that are at most so many whole seconds apart. None: that are the
  /// same to the nanosecond, or as far as the destination's file system can hold them.
  std::optional<std::uint32_t> mtime_window_s;
};

/// Where a file that is overwritten or deleted goes. It is moved, never copied; on a file system
/// with hard links the destination is never without either it or what takes its place.
struct Backup {
  /// A folder for a tree of its own, by an absolute path or one that begins at the destination:
  /// inside of it, where no pass deletes it, or elsewhere on its file system. Created where it is
  /// missing (its parent must exist). Empty: backups lie beside what takes their place.
  std::string folder;
  /// Ends their names; empty only with a folder. Beside their originals no pass deletes what ends
  /// so, unless one of Options::filters puts it at risk.
  std::string suffix = "~";
};

/// How long a call to a file system may take: one whose daemon stopped, or whose server is gone,
/// answers none.
struct HangLimits {
  std::chrono::milliseconds told_after{10'000};  ///< then a Notice says so
  /// So long after a stop was asked for, a call that takes as long is not waited for any more
  /// (Observer::gave_up()). A flush, which a slow disk takes long for, has twelve times as long.
  std::chrono::milliseconds given_up_after{5'000};
};

struct Options {
  // What happens.

  /// Paths as the operating system takes them: bytes, no encoding assumed; relative ones go by the
  /// current folder. The content of `source` becomes the content of `destination`. A symlink in
  /// these two paths is followed if root or the effective user owns it; below them none ever is.
  std::string source;
  std::string destination;

  /// When the pass begins, by which it is called (pass_name()). None: when mirror() is called.
  std::optional<std::chrono::system_clock::time_point> began;

  /// Tell what would be done, read no content (but with `rehash`), change nothing.
  bool dry_run = false;

  /// How much of what the source lacks may be deleted.
  DeletionPolicy deletions = deletion::Guarded{};

  /// Roots that no pass is known to have ended well on have the free allowance too, and
  /// deletion::Unlimited is unlimited there.
  bool free_at_first = false;

  /// Walk twice: delete what the source lacks before anything is copied, to make room for it.
  bool delete_before = false;

  /// Do not walk into what is mounted in the source, or is another file system there: such a folder
  /// is made and gets its metadata, and what the destination holds in it is left alone. The
  /// destination may then be mounted there itself.
  bool one_file_system = false;

  /// Which entries take part; in order, the first one that matches decides. What is excluded in
  /// the destination is never deleted, nor is a folder there that holds such.
  std::vector<FilterRule> filters;

  /// Rules that name no side say nothing of the destination: what they exclude is deleted there.
  bool delete_excluded = false;

  /// Only these paths below the roots, and the folders on the way there, take part; nothing is
  /// deleted. A folder is made without what it holds; one that ends in '/' with the entries in it.
  std::optional<std::vector<std::string>> listed;

  /// A folder that is `listed` stands for all that is below it.
  bool recurse_listed = false;

  /// Entries that are left alone for their size, their age or what the destination has.
  TransferRules transfer;

  /// What could not be seen holds deletions back only in that folder and below it, rather than
  /// everywhere.
  bool ignore_errors = false;

  /// Which metadata is kept.
  KeptMetadata metadata;

  /// Take files of the same size for the same, unproven.
  bool size_only = false;

  /// What is overwritten or deleted is kept there. None: it is not.
  std::optional<Backup> backup;

  /// Stop then as if asked to, what was begun being whole.
  std::optional<std::chrono::system_clock::time_point> stop_at;

  /// How long is waited for a file system that gives no answer.
  HangLimits hangs;

  /// Content read, and content written, is at most so many bytes a second each, over all workers;
  /// 0: as many as it takes.
  std::uint64_t bytes_per_second = 0;

  /// Where what was proved is remembered; usual_index_place() is what most callers want.
  IndexPlace index = index_place::None{};

  /// Read both sides of every file, whatever the index says. With dry_run: read, tell, and keep the
  /// proofs.
  bool rehash = false;

  /// Take files of the same size and mtime for the same this once, unproven, where the index does
  /// not know better; and take roots and mount points that are not the remembered ones for right.
  bool adopt = false;

  /// Take files of the same size and mtime for the same, whatever their ctime and inode.
  bool trust_mtime = false;

  /// Where two files have the same size and mtime and other bytes, and nothing tells which side
  /// changed: leave both alone and report it.
  bool keep_doubtful = false;

  /// Set-id bits and capabilities of files are mirrored also from what is mounted nosuid, and
  /// devices from what is mounted nodev. Off, they are not kept (Summary::unkept), and what the
  /// destination has of such bits goes: whoever may mount a file system of his own can show in it
  /// what he may not make.
  bool trust_nosuid = false;
  bool trust_nodev = false;

  /// `source` is the mirror of `destination`, and the mirroring goes the other way this once: no
  /// index is used, nothing is deleted.
  bool restore = false;

  /// End with Status::some_failed also where nothing but metadata could not be kept.
  bool strict = false;

  /// Wait for another run on the destination to end, rather than give up.
  bool wait = false;

  /// Flush file data before it appears under its final name, so that not even a power cut tears a
  /// file. Off, a crash of the machine may leave an empty or torn file, as with cp and rsync.
  bool flush = true;

  /// Read back what was written, past the page cache, before it gets its name.
  bool verify = false;

  /// Whether copies share blocks.
  Reflink reflink = Reflink::automatic;

  /// Write changes of files that are larger than 64 KiB into the existing file, rather than into a
  /// copy that takes its place: for want of room, or for the sake of the inode. Such a file is torn
  /// while that goes on. Those that have other names, or are to be kept among backups, are replaced
  /// all the same.
  bool in_place = false;

  /// The copy of a file of so many bytes or more that a stop, a crash or a power cut interrupts
  /// stays where it is, and the next pass goes on with it if the source file has not moved since.
  /// None: such copies are removed, those of earlier passes too.
  std::optional<std::uint64_t> keep_partial_from = std::uint64_t{64} << 20U;

  /// Create the destination root where it is missing (its parent must exist). A loop turns this off
  /// once the destination was seen, lest a bare mount point be filled; it is created all the same
  /// where it was deleted from the very folder that expected_roots tells of.
  bool create_destination = true;

  /// The roots that an earlier pass of the same loop worked on. A source that is now another and
  /// empty folder, or a destination that is, makes the pass fail before it touches anything: the
  /// disk is most likely not mounted.
  std::optional<Roots> expected_roots;

  /// Tell of each file that was read and found the same (Proof).
  bool tell_proofs = false;

  /// Tell of each entry that is as it should be (Verb::keep).
  bool tell_unchanged = false;

  /// Look at the attributes of both sides also where the content alone decides (Difference).
  bool all_differences = false;

  /// Files of ours, the log for one, which the walk must leave alone if it meets them.
  std::vector<FileId> own_files;

  // How fast. Zero means: as many as suit this machine.

  /// Workers that hash. Default: the number of cores.
  unsigned threads = 0;

  /// Workers that wait for the file systems. Default: twice the number of cores, at least 4: enough
  /// to keep a solid-state disk's queue busy while costing a cached tree nothing.
  unsigned io_threads = 0;

  /// Who computes MD5; what comes of it is the same.
  DigestBackend digest_backend = DigestBackend::automatic;

  /// Which files go first.
  Order order = Order::fastest;
};

/// The workers that `options` comes to on this machine, both at least 1. A pass makes do with fewer
/// where the process may open few files.
struct Workers {
  unsigned threads;
  unsigned io_threads;
};
Workers resolve_workers(const Options& options);

}  // namespace syncline
