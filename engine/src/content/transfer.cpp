// SPDX-License-Identifier: MIT
#include "content/transfer.h"

#include "pass/error_meaning.h"
#include "replica/exceptions.h"

#include <algorithm>
#include <cerrno>

namespace syncline::engine {
namespace {

// More in a group would gain nothing, a group being 1 % of the cost of its files, and would starve
// the other workers in folders of empty files.
constexpr std::size_t most_files = 128;

// Larger files go as streams: few of them fit into a group, which would leave most lanes empty.
constexpr std::uint64_t most_grouped_bytes = 64U << 10U;

std::size_t size_of(const FileTask& task) {
  return static_cast<std::size_t>(task.source.identity.size);
}

}  // namespace

bool travels_in_group(std::uint64_t bytes) {
  return bytes <= most_grouped_bytes;
}

// What shares its blocks is not written, however small it is.
bool travels_in_group(const Pass& pass, const FileTask& task) {
  const std::uint64_t size = task.source.identity.size;
  return travels_in_group(size) && (size == 0 || pass.terms.options.reflink != Reflink::always);
}

Journal* ChunkedFile::journal_in_use() {
  const std::scoped_lock lock{mutex};
  return journal.get();
}

// The leading bytes that the old file gives come into the copy last of all.
std::optional<ChunkMark> ChunkStream::mark() const {
  if (content.empty() || is_checking() || file->ended_early || file->equal_bytes[place] > 0)
    return std::nullopt;
  if (left() == 0)
    return ChunkMark{.bytes = static_cast<std::uint32_t>(done),
                     .md5 = file->chunks[place].digest.md5,
                     .tag = *file->chunks[place].tag};
  const auto state = md5.state();
  if (!state || !tag.so_far()) return std::nullopt;
  return ChunkMark{.bytes = static_cast<std::uint32_t>(done), .md5 = *state, .tag = *tag.so_far()};
}

void begin_anew(ChunkStream& stream) {
  Pass& pass = stream.pass();
  pass.books.done.add({.entries = 0, .bytes = 0 - stream.done});
  stream.file->hashed_bytes -= stream.done;
  stream.to_check = 0;
  stream.done = 0;
  stream.asked_for = 0;
  stream.md5 = md5::Stream{pass.terms.options.digest_backend};
  stream.tag = {};
}

bool is_one_file(const FileTask& a, const FileTask& b) {
  return a.folder->from == b.folder->from && a.name == b.name;
}

bool serves(const FileTask& a, const FileTask& b) {
  return a.reads != Reads::destination && b.reads != Reads::destination && is_one_file(a, b);
}

std::uint64_t ChunkedFile::chunk_size(std::uint32_t index) const {
  return std::min(chunk_bytes, file.task.source.identity.size - index * chunk_bytes);
}

Means means_of(const Pass& pass, const FileTask& task) {
  Means means = pass.terms.means(*task.folder);
  if (!task.exception || !task.destination) return means;
  return excusing(means, task.exception.get(), task.source, *task.destination);
}

void announce_securing(Pass& pass, FileTask& task) {
  const Options& options = pass.terms.options;
  const std::uint64_t times = (options.flush ? 1 : 0) + (options.verify ? 1 : 0);
  if (options.dry_run || task.to_secure > 0) return;
  task.to_secure = times * task.source.identity.size;
  pass.books.to_secure += task.to_secure;
}

void announce(Pass& pass, std::vector<FileTask>& tasks) {
  Tally all;
  for (FileTask& task : tasks) {
    task.counted_bytes = task.source.identity.size;
    ++all.entries;
    all.bytes += task.counted_bytes;
    if (!task.destination) announce_securing(pass, task);
  }
  if (all.entries > 0) pass.books.work.add(all);
}

Rank rank_of(const Pass& pass, const FileTask& task) {
  switch (pass.terms.options.order) {
    case Order::by_name:
      return {.path = path_of(*task.folder, task.name)};
    case Order::smallest:
      return {.number = static_cast<std::int64_t>(task.source.identity.size), .path = {}};
    case Order::newest:
      // The complement turns the order round for every number, where the negation of one overflows.
      return {.number = ~task.source.identity.mtime.seconds,
              .fraction = -std::int64_t{task.source.identity.mtime.nanoseconds},
              .path = {}};
    case Order::fastest:
      break;
  }
  return {};
}

namespace {

void add(std::vector<Reading>& chunked, FileTask&& task) {
  Rank rank = rank_of(pass_of(task), task);
  const bool is_of_last = !chunked.empty() && chunked.back().size() < most_read_for &&
                          is_one_file(chunked.back().front()->file.task, task);
  if (!is_of_last) chunked.emplace_back();
  chunked.back().push_back(std::make_shared<ChunkedFile>(std::move(task)));
  chunked.back().back()->rank = std::move(rank);
}

}  // namespace

Packed pack(std::vector<FileTask> tasks) {
  if (tasks.empty()) return {};
  const Order order = pass_of(tasks.front()).terms.options.order;
  if (order != Order::fastest && order != Order::by_name)
    std::ranges::stable_sort(tasks, {},
                             [](const FileTask& task) { return rank_of(pass_of(task), task); });
  Packed packed;
  FileGroup group;
  std::size_t files = 0;                 // that are read
  std::size_t bytes = 0;                 // likewise
  std::optional<std::size_t> of_source;  // the last of the group that the source is read for
  const auto close_group = [&] {
    if (!group.files.empty()) packed.groups.push_back(std::exchange(group, {}));
    files = 0;
    bytes = 0;
    of_source.reset();
  };
  for (FileTask& task : tasks) {
    if (!travels_in_group(pass_of(task), task)) {
      add(packed.chunked, std::move(task));
      continue;
    }
    if (of_source && serves(group.files[*of_source].task, task)) {
      group.files[*of_source].task.is_shared = true;
      task.is_shared = true;
    } else {
      const std::size_t size = size_of(task);
      if (bytes + size > group_bytes || files == most_files) close_group();
      ++files;
      bytes += size;
      if (task.reads != Reads::destination) of_source = group.files.size();
    }
    if (group.files.empty()) group.files.reserve(std::min(tasks.size(), most_files));
    group.files.emplace_back(std::move(task));
  }
  close_group();
  return packed;
}

void note_failure(LoadedFile& file, Failure failure) {
  if (may_pass(failure.error_number)) {
    file.progress = Progress::held;
    file.failure = std::move(failure);
    return;
  }
  if (file.task.reads == Reads::destination) {  // what cannot be read there is replaced
    if (means_unreadable(failure.error_number)) file.task.unreadable = failure.error_number;
    file.progress = Progress::changed;
    return;
  }
  if (failure.error_number == ENOENT && failure.operation == "open for reading") {
    failure.kind = FailureKind::vanished;
    failure.code = FailureCode::vanished_unread;
  }
  file.progress = Progress::failed;
  file.failure = std::move(failure);
}

void end_early(ChunkedFile& chunked, Progress why) {
  const std::scoped_lock lock{chunked.mutex};
  if (!chunked.ended_early.exchange(true)) chunked.file.progress = why;
}

// What streams share is touched under the file's lock, never while reading or writing.
void fail_chunked(ChunkedFile& chunked, Failure failure) {
  const std::scoped_lock lock{chunked.mutex};
  if (!chunked.ended_early.exchange(true)) note_failure(chunked.file, std::move(failure));
}

void note_unreadable(ChunkedFile& chunked, int why) {
  const std::scoped_lock lock{chunked.mutex};
  chunked.file.task.unreadable = why;
}

}  // namespace syncline::engine
