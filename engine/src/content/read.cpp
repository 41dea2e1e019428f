// SPDX-License-Identifier: MIT
#include "content/read.h"

#include "content/compare_bytes.h"
#include "content/holes.h"
#include "content/open_to_read.h"
#include "pass/failures.h"

#include <algorithm>
#include <utility>

namespace syncline::engine {
namespace {

// Reads into `room` by slices; false when the file ends early or the pass does.
bool read_whole(Pass& pass, const filesystem::OpenFile& source, std::span<std::byte> room,
                std::uint64_t offset) {
  for (std::size_t done = 0; done < room.size();) {
    if (pass.brakes.stopping()) return false;
    const auto slice = room.subspan(done, std::min(slice_bytes, room.size() - done));
    const std::size_t count = source.read(slice, offset + done);
    have_read(pass, count);
    if (count < slice.size()) return false;
    done += count;
  }
  return true;
}

std::vector<filesystem::Extent> data_in(const filesystem::OpenFile& file, std::uint64_t size) {
  std::vector<filesystem::Extent> extents;
  for (auto data = file.data_in(0, size); data; data = file.data_in(data->end, size))
    extents.push_back(*data);
  return extents;
}

// False where the file would not hold still.
bool load(Pass& pass, LoadedFile& file, std::span<std::byte> room, Seen seen) {
  FileTask& task = file.task;
  const auto opened = open_hashed(pass, task, seen);
  const std::uint64_t size = task.source.identity.size;
  const bool grew_since_grouped = size > room.size();
  if (!opened || grew_since_grouped) return false;
  const auto content = room.first(static_cast<std::size_t>(size));
  if (!read_whole(pass, **opened, content, 0)) return false;
  if (!is_same_file((*opened)->look(), task.hashed())) return false;
  if (may_have_holes(task.source) && task.reads != Reads::destination)
    file.data = data_in(**opened, size);
  file.content = content;
  file.fingerprint.tag = pass.terms.tagger.of(content);
  return true;
}

bool is_held_by_destination(Pass& pass, LoadedFile& file) {
  for (const Seen seen : {Seen::by_the_walk, Seen::when_opened}) {
    const auto old = open_old(pass, file.task, seen);
    if (!old) return false;
    bool is_held = false;
    bool stood_still = false;
    const bool could = read_destination(file.task, [&] {
      is_held = holds(pass, *old, file.content, 0);
      stood_still = is_same_file(old->look(), *file.task.destination);
    });
    if (!could || stood_still) return could && is_held;
  }
  return false;
}

// What was read of the source, whatever became of it there.
bool has_source(const LoadedFile& file) {
  return file.content.data() != nullptr && file.task.reads != Reads::destination;
}

void take_from(const LoadedFile& before, Pass& pass, LoadedFile& file) {
  take_over_source(pass, before.task, file.task);
  file.content = before.content;
  file.data = before.data;
  file.fingerprint.tag = pass.terms.tagger.of(file.content);
}

// `before`: the last that the source was read for.
void read_file(Pass& pass, LoadedFile& file, const LoadedFile* before, std::span<std::byte> room) {
  const bool is_here = before != nullptr && serves(before->task, file.task);
  if (is_here) take_from(*before, pass, file);
  if (!is_here && !load(pass, file, room, Seen::by_the_walk) &&
      !load(pass, file, room, Seen::when_opened))
    file.progress = pass.brakes.stopping() ? Progress::dropped : Progress::changed;
  else
    file.progress = is_held_by_destination(pass, file) ? Progress::equal : Progress::loaded;
}

void announce_to_source(const FileGroup& group) {
  std::vector<SourceName> names;
  names.reserve(group.files.size());
  const FileTask* last = nullptr;
  for (const LoadedFile& file : group.files) {
    const bool is_again = last != nullptr && is_one_file(*last, file.task);
    if (file.task.reads == Reads::destination || is_again) continue;
    last = &file.task;
    names.push_back({file.task.folder.get(), &file.task.name});
  }
  pass_of(group.files.front().task).source.expect(names);
}

}  // namespace

void read_group(FileGroup& group) {
  announce_to_source(group);
  std::span<std::byte> room = group.buffer.bytes();
  const LoadedFile* before = nullptr;
  for (LoadedFile& file : group.files) {
    Pass& pass = pass_of(file.task);
    if (pass.brakes.stopping()) {
      file.progress = Progress::dropped;
      continue;
    }
    // What earlier files left over is all this one may use.
    attempt(
        *file.task.folder, file.task.name, [&] { read_file(pass, file, before, room); },
        [&](Failure failure) { note_failure(file, std::move(failure)); });
    if (file.content.data() == room.data()) room = room.subspan(file.content.size());
    if (has_source(file)) before = &file;
  }
}

}  // namespace syncline::engine
