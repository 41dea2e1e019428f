// SPDX-License-Identifier: MIT
#include "stages/transfer.h"

#include "filesystem/system_error.h"
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

void make_copy(Pass& pass, ChunkedFile& chunked) {
  const FileTask& task = chunked.file.task;
  chunked.copy =
      std::make_unique<filesystem::AtomicFile>(pass.handles.get(*task.folder, Side::destination));
  filesystem::File& copy = chunked.copy->file();
  if (clone_source(pass, chunked, copy))
    chunked.fill = Fill::cloned;
  else if (clone_old(pass, chunked, copy))
    chunked.fill = Fill::patched;
  else if (chunked.has_holes)
    copy.resize(task.source.identity.size);
  else if (task.source.identity.size > chunk_bytes)
    copy.reserve(task.source.identity.size);  // worth a call where a full disk would be met late
}

// From here on its row proves nothing, whatever becomes of us: its data may reach the disk before
// its stamps do.
void open_in_place(Pass& pass, ChunkedFile& chunked) {
  const FileTask& task = chunked.file.task;
  const auto folder = pass.handles.get(*task.folder, Side::destination);
  auto file = folder->open_to_change(task.name);
  const Entry now = file.look();
  if (now.kind != Kind::file || now.links > 1)
    throw SystemError("change in place", task.name, ESTALE);
  pass.forget_now(*task.folder, task.name);
  if (now.identity.size != task.source.identity.size) file.resize(task.source.identity.size);
  chunked.in_place = std::move(file);
  chunked.fill = Fill::patched;
}

}  // namespace

filesystem::File& copy_of(Pass& pass, ChunkedFile& chunked) {
  const std::scoped_lock lock{chunked.mutex};
  const FileTask& task = chunked.file.task;
  if (!chunked.copy && !chunked.in_place) {
    touch(pass, *task.folder);
    if (task.in_place)
      open_in_place(pass, chunked);
    else
      make_copy(pass, chunked);
  }
  return chunked.in_place ? *chunked.in_place : chunked.copy->file();
}

void announce(Pass& pass, std::vector<FileTask>& tasks) {
  Tally all;
  for (FileTask& task : tasks) {
    task.counted_bytes = task.source.identity.size;
    ++all.entries;
    all.bytes += task.counted_bytes;
  }
  if (all.entries > 0) pass.totals.work.add(all);
}

Packed pack(const Pass& pass, std::vector<FileTask> tasks) {
  Packed packed;
  FileGroup group;
  std::size_t bytes = 0;
  const auto close_group = [&] {
    if (!group.files.empty()) packed.groups.push_back(std::exchange(group, {}));
    bytes = 0;
  };
  for (FileTask& task : tasks) {
    if (!travels_in_group(pass, task)) {
      packed.chunked.push_back(std::make_shared<ChunkedFile>(std::move(task)));
      continue;
    }
    const std::size_t size = size_of(task);
    if (bytes + size > group_bytes || group.files.size() == most_files) close_group();
    bytes += size;
    if (group.files.empty()) group.files.reserve(std::min(tasks.size(), most_files));
    group.files.push_back(
        {.task = std::move(task), .content = {}, .data = {}, .digest = {}, .failure = {}});
  }
  close_group();
  return packed;
}

}  // namespace syncline::stages
