// SPDX-License-Identifier: MIT
#include "stages/transfer.h"

#include "filesystem/system_error.h"
#include "model/handover.h"
#include "stages/exceptions.h"
#include "stages/partial.h"
#include "stages/readable.h"
#include "stages/touch.h"

#include <algorithm>
#include <cerrno>

namespace syncline::stages {
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
  return travels_in_group(size) && (size == 0 || pass.options.reflink != Reflink::always);
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

void begin_anew(Pass& pass, ChunkStream& stream) {
  pass.totals.done.add({.entries = 0, .bytes = 0 - stream.done});
  stream.file->hashed_bytes -= stream.done;
  stream.to_check = 0;
  stream.done = 0;
  stream.asked_for = 0;
  stream.md5 = md5::Stream{pass.options.digest_backend};
  stream.tag = {};
}

std::uint64_t ChunkedFile::chunk_size(std::uint32_t index) const {
  return std::min(chunk_bytes, file.task.source.identity.size - index * chunk_bytes);
}

namespace {

using filesystem::SystemError;

// The bytes of the source, shared with it. False where they must be copied.
bool clone_source(const Pass& pass, ChunkedFile& chunked, filesystem::File& copy) {
  const Reflink wanted = pass.options.reflink;
  Folder& folder = *chunked.file.task.folder;
  const auto& unheld = folder.side(Side::destination).unheld;
  const bool is_known_to_fail = unheld && unheld->source_clones;
  if (wanted == Reflink::never || (wanted == Reflink::automatic && is_known_to_fail)) return false;
  if (copy.clone_from(*chunked.hashed)) return true;
  if (wanted == Reflink::always) throw SystemError("share its blocks with the source", "", EXDEV);
  if (unheld) unheld->source_clones = true;
  return false;
}

// The bytes of the old file, shared with it: worth it where most of them will do.
bool clone_old(const Pass& pass, ChunkedFile& chunked, filesystem::File& copy) {
  const FileTask& task = chunked.file.task;
  const auto& unheld = task.folder->side(Side::destination).unheld;
  if (!chunked.old || pass.options.reflink == Reflink::never || (unheld && unheld->clones))
    return false;
  if (!copy.clone_from(*chunked.old)) {
    if (unheld) unheld->clones = true;
    return false;
  }
  copy.resize(task.source.identity.size);
  return true;
}

// Whatever else bears the name of a copy that is to outlive us: there is another one for a copy
// that will not.
std::unique_ptr<filesystem::AtomicFile> make_temporary(Pass& pass, const FileTask& task,
                                                       bool& outlives) {
  const auto folder = pass.handles.get(*task.folder, Side::destination);
  outlives = outlives && is_ours_alone(pass, *folder);
  if (outlives) {
    std::string name = partial_name_of(task);
    try {
      auto file = folder->create_file(name);
      return std::make_unique<filesystem::AtomicFile>(folder, std::move(name), std::move(file));
    } catch (const SystemError& error) {
      if (error.error_number() != EEXIST) throw;
      outlives = false;
    }
  }
  return std::make_unique<filesystem::AtomicFile>(folder);
}

void make_copy(Pass& pass, ChunkedFile& chunked) {
  const FileTask& task = chunked.file.task;
  bool outlives = outlives_interruption(pass, task) && is_at_rest(task);
  chunked.copy = make_temporary(pass, task, outlives);
  filesystem::File& copy = chunked.copy->file();
  if (clone_source(pass, chunked, copy))
    chunked.fill = Fill::cloned;
  else if (clone_old(pass, chunked, copy))
    chunked.fill = Fill::patched;
  if (chunked.fill != Fill::written) return;
  if (outlives)
    begin_journal(pass, chunked);
  else if (chunked.has_holes)
    copy.resize(task.source.identity.size);
  // Worth a call where a full disk would be met late, or is known to be met.
  const bool is_large = task.source.identity.size > chunk_bytes;
  if (!chunked.has_holes && (is_large || pass.room.is_short()))
    copy.reserve(task.source.identity.size);
}

// nullopt: it is not for us to open.
std::optional<filesystem::File> open_old_to_change(Pass& pass, const FileTask& task) {
  const auto folder = pass.handles.get(*task.folder, Side::destination);
  try {
    return open_changeable(pass, *folder, task.name);
  } catch (const SystemError& error) {
    if (error.error_number() != EACCES) throw;
    return std::nullopt;
  }
}

// Whoever has it open would read what is written, or write to what it is from then on.
bool would_change_hands(Pass& pass, const FileTask& task, const filesystem::File& file, Entry now) {
  now.attributes = file.attributes();
  return changes_hands(now, task.source, difference(task.source, now, means_of(pass, task)));
}

// From here on its row proves nothing, whatever becomes of us: its data may reach the disk before
// its stamps do. False: it must be replaced.
bool change_in_place(Pass& pass, ChunkedFile& chunked, filesystem::File file) {
  const FileTask& task = chunked.file.task;
  const Entry now = file.look();
  if (now.kind != Kind::file || now.links > 1)
    throw SystemError("change in place", task.name, ESTALE);
  if (would_change_hands(pass, task, file, now)) return false;
  pass.forget_now(*task.folder, task.name);
  if (now.identity.size != task.source.identity.size) file.resize(task.source.identity.size);
  chunked.in_place = std::move(file);
  chunked.fill = Fill::patched;
  return true;
}

}  // namespace

filesystem::File& copy_of(Pass& pass, ChunkedFile& chunked) {
  const std::scoped_lock lock{chunked.mutex};
  FileTask& task = chunked.file.task;
  if (!chunked.copy && !chunked.in_place) {
    touch(pass, *task.folder);
    std::optional<filesystem::File> old;
    if (task.in_place) old = open_old_to_change(pass, task);
    task.in_place = old && change_in_place(pass, chunked, std::move(*old));
    if (!task.in_place) make_copy(pass, chunked);
  }
  return chunked.in_place ? *chunked.in_place : chunked.copy->file();
}

Means means_of(const Pass& pass, const FileTask& task) {
  Means means = pass.means(*task.folder);
  if (!task.exception || !task.destination) return means;
  return excusing(means, task.exception.get(), task.source, *task.destination);
}

void announce_securing(Pass& pass, FileTask& task) {
  const Options& options = pass.options;
  const std::uint64_t times = (options.flush ? 1 : 0) + (options.verify ? 1 : 0);
  if (options.dry_run || task.to_secure > 0) return;
  task.to_secure = times * task.source.identity.size;
  pass.totals.to_secure += task.to_secure;
}

void announce(Pass& pass, std::vector<FileTask>& tasks) {
  Tally all;
  for (FileTask& task : tasks) {
    task.counted_bytes = task.source.identity.size;
    ++all.entries;
    all.bytes += task.counted_bytes;
    if (!task.destination) announce_securing(pass, task);
  }
  if (all.entries > 0) pass.totals.work.add(all);
}

Rank rank_of(const Pass& pass, const FileTask& task) {
  switch (pass.options.order) {
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

Packed pack(const Pass& pass, std::vector<FileTask> tasks) {
  if (pass.options.order != Order::fastest && pass.options.order != Order::by_name)
    std::ranges::stable_sort(tasks, {}, [&](const FileTask& task) { return rank_of(pass, task); });
  Packed packed;
  FileGroup group;
  std::size_t bytes = 0;
  const auto close_group = [&] {
    if (!group.files.empty()) packed.groups.push_back(std::exchange(group, {}));
    bytes = 0;
  };
  for (FileTask& task : tasks) {
    if (!travels_in_group(pass, task)) {
      Rank rank = rank_of(pass, task);
      packed.chunked.push_back(std::make_shared<ChunkedFile>(std::move(task)));
      packed.chunked.back()->rank = std::move(rank);
      continue;
    }
    const std::size_t size = size_of(task);
    if (bytes + size > group_bytes || group.files.size() == most_files) close_group();
    bytes += size;
    if (group.files.empty()) group.files.reserve(std::min(tasks.size(), most_files));
    group.files.emplace_back(std::move(task));
  }
  close_group();
  return packed;
}

}  // namespace syncline::stages
