// SPDX-License-Identifier: MIT
#include "stages/read.h"

#include "stages/failures.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace syncline::stages {
namespace {

// Between two slices a stop request is heeded. 1 MiB takes a slow disk some 10 ms.
constexpr std::size_t slice_bytes = 1U << 20U;
// The destination's side of a comparison needs no more than what stays in the first-level caches.
constexpr std::size_t compare_bytes = 64U << 10U;

bool is_same_file(const Entry& a, const Entry& b) {
  return a.identity == b.identity;
}

// Opens the task's source and takes what it is now as what is to be copied.
filesystem::File open_source(Pass& pass, FileTask& task) {
  auto source = pass.handles.get(*task.folder, Side::source)->open_file(task.name);
  Entry now = source.look();
  if (now.kind != Kind::file) throw filesystem::SystemError("open for reading", task.name, ESTALE);
  if (task.destination && now.identity.size != task.destination->identity.size)
    task.destination.reset();
  task.source = std::move(now);
  return source;
}

// What the destination has of that name now, to compare with. What cannot be read there is
// replaced.
std::optional<filesystem::File> open_old(Pass& pass, const FileTask& task) {
  if (!task.destination) return std::nullopt;
  try {
    return pass.handles.get(*task.folder, Side::destination)->open_file(task.name);
  } catch (const filesystem::SystemError&) {
    return std::nullopt;
  }
}

bool holds(Pass& pass, const filesystem::File& file, std::span<const std::byte> bytes,
           std::uint64_t offset) {
  thread_local std::array<std::byte, compare_bytes> buffer;
  while (!bytes.empty()) {
    const auto want = bytes.first(std::min(bytes.size(), buffer.size()));
    const std::size_t count = file.read(std::span(buffer).first(want.size()), offset);
    pass.totals.bytes_read += count;
    if (count != want.size()) return false;
    if (std::memcmp(buffer.data(), want.data(), want.size()) != 0) return false;
    bytes = bytes.subspan(want.size());
    offset += want.size();
  }
  return true;
}

void fail(LoadedFile& file, Failure failure) {
  if (failure.error_number == ENOENT && failure.operation == "open for reading") {
    failure.kind = FailureKind::vanished;
    failure.detail = "went away before it was read";
  }
  file.progress = Progress::failed;
  file.failure = std::move(failure);
}

// Reads into `room` by slices; false when the file ends early or the pass does.
bool read_whole(Pass& pass, const filesystem::File& source, std::span<std::byte> room,
                std::uint64_t offset) {
  for (std::size_t done = 0; done < room.size();) {
    if (pass.stopping()) return false;
    const auto slice = room.subspan(done, std::min(slice_bytes, room.size() - done));
    const std::size_t count = source.read(slice, offset + done);
    pass.totals.bytes_read += count;
    if (count < slice.size()) return false;
    done += count;
  }
  return true;
}

void read_file(Pass& pass, LoadedFile& file, std::span<std::byte> room) {
  FileTask& task = file.task;
  const auto source = open_source(pass, task);
  const std::uint64_t size = task.source.identity.size;
  if (size > room.size()) {  // grew since its buffer was chosen
    file.progress = Progress::changed;
    return;
  }
  const auto content = room.first(static_cast<std::size_t>(size));
  const bool whole = read_whole(pass, source, content, 0);
  if (!whole || !is_same_file(source.look(), task.source)) {
    file.progress = pass.stopping() ? Progress::dropped : Progress::changed;
    return;
  }
  file.content = content;
  file.progress = Progress::loaded;
  const auto old = open_old(pass, task);
  if (old && holds(pass, *old, content, 0)) file.progress = Progress::equal;
}

// What chunks share is touched under the file's lock, never while reading or writing.
void fail_chunked(ChunkedFile& chunked, Failure failure) {
  const std::scoped_lock lock{chunked.mutex};
  if (chunked.file.progress != Progress::failed) fail(chunked.file, std::move(failure));
}

void open_chunked(Pass& pass, ChunkedFile& chunked) {
  FileTask& task = chunked.file.task;
  chunked.source = open_source(pass, task);
  chunked.old = open_old(pass, task);
  const std::uint64_t size = task.source.identity.size;
  if (size <= chunk_bytes) chunked.file.progress = Progress::changed;  // it travels in a group now
  const auto count = static_cast<std::size_t>((size + chunk_bytes - 1) / chunk_bytes);
  chunked.chunks.resize(count);
  chunked.equal.resize(count);
}

void end_early(ChunkedFile& chunked, Progress progress) {
  const std::scoped_lock lock{chunked.mutex};
  if (chunked.file.progress == Progress::waiting) chunked.file.progress = progress;
}

// Compared until the first difference anywhere in the file; from then on reading the old file would
// only cost time.
bool is_held_already(Pass& pass, const Chunk& chunk) {
  ChunkedFile& chunked = *chunk.file;
  {
    const std::scoped_lock lock{chunked.mutex};
    if (!chunked.old || chunked.copy) return false;
  }
  if (!holds(pass, *chunked.old, chunk.content, chunk.index * chunk_bytes)) return false;
  const std::scoped_lock lock{chunked.mutex};
  chunked.equal[chunk.index] = true;
  return true;
}

void write_chunk(Pass& pass, const Chunk& chunk) {
  const std::uint64_t offset = chunk.index * chunk_bytes;
  filesystem::File& copy = copy_of(pass, *chunk.file);
  copy.write(chunk.content, offset);
  if (pass.options.flush) copy.start_writeback(offset, chunk.content.size());
}

}  // namespace

void read_group(Pass& pass, FileGroup& group) {
  std::span<std::byte> room = group.buffer.bytes();
  for (LoadedFile& file : group.files) {
    if (pass.stopping()) {
      file.progress = Progress::dropped;
      continue;
    }
    // What earlier files left over is all this one may use.
    attempt(
        *file.task.folder, file.task.name, [&] { read_file(pass, file, room); },
        [&](Failure failure) { fail(file, std::move(failure)); });
    room = room.subspan(file.content.size());
  }
}

std::optional<std::uint32_t> claim_chunk(Pass& pass, ChunkedFile& chunked) {
  const std::scoped_lock lock{chunked.mutex};
  LoadedFile& file = chunked.file;
  if (!chunked.opened) {
    chunked.opened = true;
    attempt(
        *file.task.folder, file.task.name, [&] { open_chunked(pass, chunked); },
        [&](Failure failure) { fail(file, std::move(failure)); });
  }
  if (pass.stopping()) file.progress = Progress::dropped;
  if (file.progress != Progress::waiting || chunked.claimed == chunked.chunk_count())
    return std::nullopt;
  ++chunked.outstanding;
  return chunked.claimed++;
}

void read_chunk(Pass& pass, Chunk& chunk) {
  ChunkedFile& chunked = *chunk.file;
  const FileTask& task = chunked.file.task;
  const std::uint64_t offset = chunk.index * chunk_bytes;
  const auto size =
      static_cast<std::size_t>(std::min(chunk_bytes, task.source.identity.size - offset));
  const auto room = chunk.buffer.bytes().first(size);
  attempt(
      *task.folder, task.name,
      [&] {
        if (!read_whole(pass, *chunked.source, room, offset)) {
          end_early(chunked, pass.stopping() ? Progress::dropped : Progress::changed);
        } else {
          chunk.content = room;
          if (!is_held_already(pass, chunk)) write_chunk(pass, chunk);
        }
      },
      [&](Failure failure) {
        chunk.content = {};
        fail_chunked(chunked, std::move(failure));
      });
}

bool release_chunk(ChunkedFile& chunked) {
  const std::scoped_lock lock{chunked.mutex};
  if (--chunked.outstanding > 0) return false;
  if (chunked.file.progress == Progress::waiting)
    chunked.file.progress = chunked.copy ? Progress::loaded : Progress::equal;
  return true;
}

}  // namespace syncline::stages
