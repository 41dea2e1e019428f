// Files on their way: what the walk decided, and what reading, hashing and writing add to it. Small
// files travel in groups that share one buffer. Larger ones travel as streams, one for each chunk,
// in stripes: a segment of each of many streams, whichever files they belong to.
//
// One MD5 stream takes a core 0.77 GB/s, 32 side by side take 8 (AVX-512); that is why chunks are
// read a little of each rather than one after the other. A stripe's memory does not depend on how
// long a chunk is.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/buffers.h"
#include "content/data_chunks.h"
#include "content/journal.h"
#include "filesystem/atomic_file.h"
#include "filesystem/file.h"
#include "filesystem/file_to_read.h"
#include "filesystem/storage.h"
#include "index/rows.h"
#include "judge/standing.h"
#include "md5/kernel.h"
#include "md5/md5.h"
#include "model/fingerprint.h"
#include "pass/folder.h"
#include "pass/metadata_result.h"
#include "pass/pass.h"
#include "pass/patience.h"
#include "pass/unnamed.h"
#include "pass/verbs.h"
#include "tag/tagger.h"

#include "syncline/event.h"

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace syncline::engine {

/// A file whose content must be proved or copied. What is small lies together: it is moved from
/// stage to stage.
struct FileTask {
  FolderRef folder;
  std::string name;
  Entry source;
  std::optional<Entry>
      destination;  ///< where the bytes there decide; absent when they do not matter
  Reason reason;
  std::optional<Remembered> known;  ///< what the index has, and what that was worth when walked
  ExceptionRef exception{};         ///< what the index has of its metadata
  /// Other names of its inode are linked to it.
  std::optional<index::LinkGroup> leads{};
  /// The way from the root to a file of the destination that begins alike, if any is of use.
  std::vector<std::string> twin{};
  Patience patience{};              ///< with who holds it
  std::uint64_t counted_bytes = 0;  ///< its part of Books::work
  std::uint64_t to_secure = 0;      ///< its part of Books::to_secure
  std::int64_t began_ns = 0;        ///< when its reading began, by the clock that stamps
  /// Why what the destination has could not be read (errno), which is why it is replaced; 0: it was
  /// not tried, or could.
  int unreadable = 0;
  int attempt = 1;
  /// So many names of what the destination has are of the group that it leads.
  std::uint32_t own_names = 1;
  Difference difference{};         ///< what was known of it when walked
  Preconditions given{};           ///< likewise what it was decided upon
  Verbs may = Verbs::all();        ///< what may be done with it, once it was read
  bool was_moved = false;          ///< what the destination has of it was, by this pass
  std::optional<Kind> replaced{};  ///< the kind of what is in its place, where it is another
  Verb verb = Verb::create;        ///< what writing it will be
  Reads reads = Reads::both;
  Standing standing = Standing::unknown;
  bool stands_apart = false;  ///< of others it cannot be a link
  bool takes_name = false;    ///< what it replaces has other names, which stay
  bool displaces = false;     ///< a folder is in its place, and waits for the guard
  /// The source's bytes are not those that its identity stands for; is the destination any better?
  bool is_rotten = false;
  bool in_place = false;  ///< the file that is there is changed, rather than replaced
  /// What is there would change hands: it is replaced, whatever it holds, and compared with
  /// nothing.
  bool is_afresh = false;
  /// What it replaces, for its metadata's sake alone: that has the same bytes, as was proved.
  std::optional<Identity> repeats{};
  bool failed_there = false;        ///< what could not be read, or not now, was the destination's
  bool is_shared = false;           ///< what is read of the source serves other replicas, too
  bool loses_capabilities = false;  ///< the source has some, which are not kept
  /// No write that was under way when its reading began could still have gone on.
  bool source_is_quiet = true;
  bool destination_is_quiet = true;

  /// What is opened to be hashed.
  [[nodiscard]] const Entry& hashed() const {
    return reads == Reads::destination ? *destination : source;
  }

  /// What the destination has matters no more: it is replaced.
  void copy_only() {
    destination.reset();
    reads = Reads::both;
  }
};

/// How far a file got.
enum class Progress : std::uint8_t {
  waiting,  ///< not read yet
  loaded,   ///< its bytes are in hand, or for chunks in the temporary, and must be published; where
            ///< one side alone was read, its fingerprint tells
  equal,    ///< read on both sides: the same bytes
  held,     ///< somebody else has it, which may pass; LoadedFile::failure says how
  changed,  ///< the source would not hold still
  failed,
  dropped,  ///< the pass is ending
};

inline Pass& pass_of(const FileTask& task) {
  return *task.folder->pass;
}

/// One and the same file of the source, for two replicas that are walked together.
bool is_one_file(const FileTask& a, const FileTask& b);
/// What was read of the source for `a` will do for `b`.
bool serves(const FileTask& a, const FileTask& b);

struct LoadedFile {
  explicit LoadedFile(FileTask&& file) : task(std::move(file)) {}

  FileTask task;
  std::span<const std::byte> content;  ///< its data() is nullptr as long as nothing was read
  std::optional<std::vector<filesystem::Extent>> data;  ///< of a file with holes, what is none
  Fingerprint fingerprint;
  Progress progress = Progress::waiting;
  Failure failure;                 ///< when failed or held
  std::uint64_t hashed_bytes = 0;  ///< its part of Books::done
};

struct FileGroup {
  std::vector<LoadedFile> files;
  Buffer buffer;
};

/// Streams that a stripe has room for: what fills the lanes of the widest kernel.
inline constexpr std::size_t stripe_streams = md5::max_lanes;
/// Where the bytes of a copy come from.
enum class Fill : std::uint8_t {
  written,  ///< all are written, or taken from the old file inside the kernel
  cloned,   ///< all are there, shared with the source
  patched,  ///< those of the old file are there: what differs is written
  kept,     ///< likewise those of an interrupted copy that may be anybody's
};

/// Its place among the files that wait, the least first: what Options::order goes by.
struct Rank {
  std::int64_t number = 0;
  std::int64_t fraction = 0;  ///< of the number
  std::string path;

  // NOLINTNEXTLINE(modernize-use-nullptr): it takes the comparison with zero for a pointer
  friend auto operator<=>(const Rank&, const Rank&) = default;
};
Rank rank_of(const Pass& pass, const FileTask& task);

/// A file that is read as streams, one for each chunk, by any workers.
struct ChunkedFile {
  explicit ChunkedFile(FileTask&& task) : file{std::move(task)} {}

  LoadedFile file;
  Rank rank{};  ///< set before it is put into a queue

  // Set when it is opened, before the first chunk is claimed.

  filesystem::Access access = filesystem::Access::in_order;
  std::optional<filesystem::FileToRead> hashed;  ///< what is read: FileTask::hashed()
  std::optional<filesystem::File> old;           ///< what the destination has, where it is compared
  bool has_holes = false;                        ///< what is read may have
  bool old_has_holes = false;                    ///< what it is compared with may
  /// The copy gets nothing from the old file, though that may hold the same.
  bool is_afresh = false;
  std::atomic<bool> differs{false};  ///< a difference was met, or there is nothing to compare
  DataChunks data;
  std::vector<Fingerprint> chunks;  ///< of data, by their places among these
  std::atomic<std::uint64_t> hashed_bytes{0};
  /// Likewise, the leading bytes that the old file holds already: to be taken from there.
  std::vector<std::uint64_t> equal_bytes;
  std::vector<std::uint32_t> to_read;        ///< the chunks that are not there already
  std::vector<ChunkMark> marks;              ///< of a copy that was taken up, what it holds of each
  std::atomic<std::uint64_t> kept_bytes{0};  ///< of these, what turned out to be good

  // For the queue that hands out its chunks, under the queue's lock.

  /// The number of its reading, whose files' chunks are claimed together; 0: it is alone. Constant
  /// once it is offered.
  std::uint64_t reading = 0;
  UnderWay::Place under_way;      ///< from its opening on
  std::uint32_t claimed = 0;      ///< of those to be read
  std::uint32_t outstanding = 0;  ///< chunks that were claimed and not released yet

  std::mutex mutex;  ///< for what follows, and for the file's progress, until all chunks are done
  std::unique_ptr<filesystem::AtomicFile> copy;  ///< made at the first difference
  std::unique_ptr<Journal> journal;          ///< of the copy, where that outlives an interruption
  std::optional<filesystem::File> in_place;  ///< or the old file, to be changed
  Fill fill = Fill::written;                 ///< constant once either is there
  /// The rest of it is not wanted any more; the file's progress says why.
  std::atomic<bool> ended_early{false};

  [[nodiscard]] std::uint64_t chunk_size(std::uint32_t index) const;
  [[nodiscard]] bool is_beside(const ChunkedFile& other) const {
    return reading != 0 && reading == other.reading;
  }
  /// nullptr as long as there is none.
  [[nodiscard]] Journal* journal_in_use();
};

using ChunkedFileRef = std::shared_ptr<ChunkedFile>;

/// What replicas make of one file of the source, which is read once for all of them.
using Reading = std::vector<ChunkedFileRef>;
/// Replicas that a file is read for at a time; those beyond read it once more.
inline constexpr std::size_t most_read_for = 8;

/// One chunk being read. What is kept of it is believed, or else read back from the copy before the
/// rest is read.
struct ChunkStream {
  ChunkedFileRef file;
  std::uint32_t index = 0;
  std::size_t place = 0;               ///< among the chunks with data
  std::uint64_t done = 0;              ///< bytes that were read and hashed
  std::uint64_t to_check = 0;          ///< of the copy, so many are read back first
  std::uint64_t asked_for = 0;         ///< bytes that the kernel was asked to read ahead
  std::span<const std::byte> content;  ///< the segment in hand
  md5::Stream md5;
  tag::ChunkTag tag{};

  [[nodiscard]] std::uint64_t offset() const { return index * chunk_bytes + done; }
  [[nodiscard]] std::uint64_t left() const { return file->chunk_size(index) - done; }
  [[nodiscard]] bool is_checking() const { return to_check > 0; }
  /// Without a break, from one of the two.
  [[nodiscard]] std::uint64_t left_to_read() const {
    return is_checking() ? to_check - done : left();
  }
  /// For the journal; nullopt where there is nothing new that it could hold.
  [[nodiscard]] std::optional<ChunkMark> mark() const;
  [[nodiscard]] bool ended() const { return left() == 0 || file->ended_early; }
  [[nodiscard]] Pass& pass() const { return pass_of(file->file.task); }
};

/// The chunk, from its first byte: nothing that the copy may hold of it is of use.
void begin_anew(ChunkStream& stream);

/// Those of one reading lie together.
struct Stripe {
  std::vector<ChunkStream> streams;
  Buffer buffer;
};

/// Whether a file of so many bytes travels in a group: all of it is in memory at a time.
bool travels_in_group(std::uint64_t bytes);
bool travels_in_group(const Pass& pass, const FileTask& task);

/// What can be kept of a file's metadata.
Means means_of(const Pass& pass, const FileTask& task);

/// Counts them into what is to be done, before they are handed on for the first time.
void announce(Pass& pass, std::vector<FileTask>& tasks);

/// `task` will be copied: what its copy costs once it is written, to be flushed and read back, is
/// part of what is to be done. Counted once.
void announce_securing(Pass& pass, FileTask& task);

/// Small files packed together, large ones alone. Those of one file lie together.
struct Packed {
  std::vector<FileGroup> groups;
  std::vector<Reading> chunked;
};
/// What is of one file and lies together is read once.
Packed pack(std::vector<FileTask> tasks);

/// The new content of a file, written.
struct Copy {
  std::string temporary;  ///< empty: it was changed in place, has its name, or has none
  std::optional<UnnamedCopy> unnamed{};
  /// Still, and neither its metadata nor its size: so a stop can leave it for the next run.
  bool has_journal = false;
  FileId id;
  std::optional<Identity> named;  ///< what it was right after a copy without one was given its name
  MetadataResult metadata{};
};

/// A copy that waits to be flushed and given its name, closed where it has a temporary's; or one
/// that has its name.
struct Finished {
  Finished(FileTask&& file, Copy&& its_copy, const Fingerprint& of_it,
           const std::vector<Fingerprint>& its_chunks)
      : task(std::move(file)), copy(std::move(its_copy)), fingerprint(of_it), chunks(its_chunks) {}

  FileTask task;
  Copy copy;
  Fingerprint fingerprint;
  std::vector<Fingerprint> chunks;  ///< of a file of more than one
  std::uint64_t secured = 0;        ///< its part of Books::secured
  bool is_verified = false;         ///< it was read back
};

/// What somebody else has at the moment: to be asked for again.
template <typename What>
struct Held {
  What what;
  Patience::Clock::time_point when;
};

/// What became of some files.
struct Outcomes {
  std::vector<Finished> finished;             ///< to be published
  std::vector<FileTask> again;                ///< to be read once more
  std::vector<Held<FileTask>> held;           ///< likewise, later
  std::vector<Held<Finished>> held_finished;  ///< to be published later
  std::vector<FolderRef>
      over;  ///< for each file that is done with, whatever the result, its folder
  std::vector<Event> events;
  std::vector<index::Edit> edits;
};

/// `file` could not be read for that: it is asked for again, replaced or given up, as it may be.
void note_failure(LoadedFile& file, Failure failure);

/// The rest of `file` is not wanted, for the first such reason.
void end_early(ChunkedFile& file, Progress why);
void fail_chunked(ChunkedFile& file, Failure failure);

/// What the destination has of `file` cannot be read, for that errno.
void note_unreadable(ChunkedFile& file, int why);

}  // namespace syncline::engine
