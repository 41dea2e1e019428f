// SPDX-License-Identifier: MIT
#include "content/read.h"

#include "content/copying.h"
#include "content/decide.h"
#include "content/holes.h"
#include "content/partial.h"
#include "content/readable.h"
#include "filesystem/clock.h"
#include "filesystem/explained.h"
#include "pass/error_meaning.h"
#include "pass/failures.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cerrno>
#include <cstring>
#include <mutex>

namespace syncline::engine {
namespace {

// Between two slices a stop request is heeded. 1 MiB takes a slow disk some 10 ms.
constexpr std::size_t slice_bytes = 1U << 20U;
// The destination's side of a comparison needs no more than what stays in the first-level caches.
constexpr std::size_t compare_bytes = 64U << 10U;
// How far the kernel is kept ahead of a stream: with some 100 streams under way 1 MiB of each fills
// any disk's queue. In order a chunk is asked for whole, the moment it turns out not to be in
// memory.
constexpr std::uint64_t anywhere_ahead_bytes = 1U << 20U;
constexpr std::uint64_t in_order_ahead_bytes = chunk_bytes;
// Written back in pieces that a disk takes in one go.
constexpr std::uint64_t writeback_bytes = 4U << 20U;

// What a file is taken for while its bytes are read. When it is looked at after them and is still
// what the walk saw, one more look before them would have told nothing: without it --rehash of
// small files takes 12 % less CPU time, a first copy 3 %.
enum class Seen : std::uint8_t { by_the_walk, when_opened };

bool is_same_file(const Entry& a, const Entry& b) {
  return a.identity == b.identity;
}

// The kernel stamps a file when a write begins, and the bytes follow for as long as that takes: 2
// GB at most, which a slow disk takes minutes for. What was stamped before that has come to rest.
// Younger files have if nobody has them open for writing.
bool is_quiet(const filesystem::File& file, const Identity& seen, std::int64_t began_ns) {
  constexpr std::int64_t longest_write_ns = 300'000'000'000;
  return seen.ctime < timestamp_of(began_ns - longest_write_ns) || file.has_no_writer();
}

// False: the destination's side cannot be read, or is not there any more, and is replaced.
template <typename Work>
bool read_destination(FileTask& task, Work work) {
  try {
    work();
    return true;
  } catch (const filesystem::SystemError& error) {
    const int why = error.error_number();
    if (means_unreadable(why))
      task.unreadable = why;
    else if (means_gone(why))
      task.destination.reset();
    else {
      task.failed_there = true;
      throw;
    }
    return false;
  }
}

void adapt_attributes(Pass& pass, FileTask& task) {
  if (pass.terms.adapt_attributes(*task.folder, task.source))
    pass.books.unkept.add(Aspect::capabilities, *task.folder, task.name);
}

// Of the side that is not opened. False: that cannot be told.
bool look_at_source_attributes(Pass& pass, FileTask& task) {
  return attempt(
      *task.folder, task.name,
      [&] {
        task.source.attributes =
            pass.handles.get(*task.folder, Side::source)->attributes(task.name);
        adapt_attributes(pass, task);
      },
      [](const Failure& /*to be met again when it is opened*/) {});
}

bool look_at_destination_attributes(Pass& pass, FileTask& task) {
  return read_destination(task, [&] {
    const auto folder = pass.handles.get(*task.folder, Side::destination);
    look_at_attributes(pass, *folder, task.name, *task.destination);
  });
}

Readable open_side(Pass& pass, const FileTask& task, Side side) {
  const auto folder = pass.handles.get(*task.folder, side);
  if (side == Side::source) return {.file = folder->open_file(task.name)};
  return open_readable(pass, *folder, task.name);
}

// What is not begun would only fail too, and for the same reason.
[[noreturn]] void refuse_for_room(Pass& pass, const FileTask& task) {
  const auto folder = pass.handles.get(*task.folder, Side::destination);
  errno = ENOSPC;
  filesystem::throw_explained("copy", folder->descriptor(), "");
}

// What the destination has of `task`, looked at anew.
void meet_again(FileTask& task, Entry now) {
  if (now.links == task.own_names) now.links = 1;  // to change it changes nobody else's file
  task.destination = std::move(now);
}

// Opens what is to be hashed; what the source is now counts from here on. nullopt: the destination
// is no longer what it was when reading it alone seemed enough.
std::optional<filesystem::File> open_hashed(Pass& pass, FileTask& task, Seen seen) {
  const bool from_source = task.reads != Reads::destination;
  const bool is_to_be_written =
      (!task.destination || task.is_afresh) && !pass.terms.options.dry_run;
  if (is_to_be_written && pass.replica.room.is_full()) refuse_for_room(pass, task);
  task.began_ns = now_ns();
  task.failed_there = false;
  Readable opened = open_side(pass, task, from_source ? Side::source : Side::destination);
  const bool is_walked = seen == Seen::by_the_walk && !opened.was_shut();
  Entry now = is_walked ? task.hashed() : opened.file.look();
  if (now.kind != Kind::file) throw filesystem::SystemError("open for reading", task.name, ESTALE);
  const bool matters = pass.memory.is_usable() || outlives_interruption(pass, task);
  const bool quiet = !matters || is_quiet(opened.file, now.identity, task.began_ns);
  now.attributes = opened.attributes();
  if (!from_source) {
    if (!opened.was_shut() && !is_same_file(now, *task.destination)) return std::nullopt;
    task.destination_is_quiet = quiet;
    meet_again(task, std::move(now));
    if (!look_at_source_attributes(pass, task)) return std::nullopt;
    return std::move(opened.file);
  }
  task.source_is_quiet = quiet;
  if (task.destination && now.identity.size != task.destination->identity.size) task.copy_only();
  task.source = std::move(now);
  if (seen == Seen::when_opened) pass.terms.adapt(*task.folder, task.source);
  adapt_attributes(pass, task);
  if (task.reads == Reads::source && !look_at_destination_attributes(pass, task))
    task.reads = Reads::both;
  return std::move(opened.file);
}

// What the destination has of that name now, to compare with. What cannot be read there, or has
// another size by now, is replaced.
std::optional<filesystem::File> open_old(Pass& pass, FileTask& task, Seen seen) {
  if (!task.destination || task.is_afresh || task.reads != Reads::both || task.unreadable != 0)
    return std::nullopt;
  std::optional<filesystem::File> old;
  read_destination(task, [&] {
    Readable opened = open_side(pass, task, Side::destination);
    const bool is_walked = seen == Seen::by_the_walk && !opened.was_shut();
    Entry now = is_walked ? *task.destination : opened.file.look();
    if (now.kind != Kind::file || now.identity.size != task.source.identity.size) {
      task.destination.reset();
      return;
    }
    now.attributes = opened.attributes();
    task.destination_is_quiet =
        !pass.memory.is_usable() || is_quiet(opened.file, now.identity, task.began_ns);
    meet_again(task, std::move(now));
    old = std::move(opened.file);
  });
  return old;
}

filesystem::File open_twin(Pass& pass, const FileTask& task) {
  Folder* root = task.folder.get();
  while (root->parent) root = root->parent.get();
  Handles::Handle at = pass.handles.get(*root, Side::destination);
  for (std::size_t i = 0; i + 1 < task.twin.size(); ++i)
    at = std::make_shared<const filesystem::Directory>(at->open_folder(task.twin[i]));
  return at->open_file(task.twin.back());
}

// What a file that is copied had before, where most of it may still do though its size is another,
// or what the destination has elsewhere.
std::optional<filesystem::File> open_base(Pass& pass, const FileTask& task) {
  const auto& unheld = task.folder->side(Side::destination).unheld;
  const bool may_clone = pass.terms.options.reflink != Reflink::never && unheld && !unheld->clones;
  const bool has_base = task.verb == Verb::update || !task.twin.empty();
  if (!may_clone || !has_base || task.in_place || pass.terms.options.dry_run ||
      task.reads != Reads::both)
    return std::nullopt;
  try {
    auto opened = task.twin.empty()
                      ? pass.handles.get(*task.folder, Side::destination)->open_file(task.name)
                      : open_twin(pass, task);
    if (opened.look().kind != Kind::file) return std::nullopt;
    return opened;
  } catch (const filesystem::SystemError&) {
    return std::nullopt;
  }
}

void have_read(Pass& pass, std::size_t bytes) {
  pass.books.bytes_read += bytes;
  pass.throttle.have_read(bytes);
}

bool holds(Pass& pass, const filesystem::File& file, std::span<const std::byte> bytes,
           std::uint64_t offset) {
  thread_local std::array<std::byte, compare_bytes> buffer;
  while (!bytes.empty()) {
    const auto want = bytes.first(std::min(bytes.size(), buffer.size()));
    const std::size_t count = file.read(std::span(buffer).first(want.size()), offset);
    have_read(pass, count);
    if (count != want.size()) return false;
    if (std::memcmp(buffer.data(), want.data(), want.size()) != 0) return false;
    bytes = bytes.subspan(want.size());
    offset += want.size();
  }
  return true;
}

// Reads into `room` by slices; false when the file ends early or the pass does.
bool read_whole(Pass& pass, const filesystem::File& source, std::span<std::byte> room,
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

std::vector<filesystem::Extent> data_in(const filesystem::File& file, std::uint64_t size) {
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
  if (!read_whole(pass, *opened, content, 0)) return false;
  if (!is_same_file(opened->look(), task.hashed())) return false;
  if (may_have_holes(task.source) && task.reads != Reads::destination)
    file.data = data_in(*opened, size);
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

void read_file(Pass& pass, LoadedFile& file, std::span<std::byte> room) {
  if (!load(pass, file, room, Seen::by_the_walk) && !load(pass, file, room, Seen::when_opened))
    file.progress = pass.brakes.stopping() ? Progress::dropped : Progress::changed;
  else
    file.progress = is_held_by_destination(pass, file) ? Progress::equal : Progress::loaded;
}

template <typename Work>
void attempt_on(ChunkedFile& chunked, Work work) {
  const FileTask& task = chunked.file.task;
  attempt(*task.folder, task.name, std::move(work),
          [&](Failure failure) { fail_chunked(chunked, std::move(failure)); });
}

std::uint64_t read_ahead_bytes(filesystem::Access access) {
  return access == filesystem::Access::in_order ? in_order_ahead_bytes : anywhere_ahead_bytes;
}

const filesystem::File& read_from(const ChunkStream& stream) {
  return stream.is_checking() ? stream.file->copy->file() : *stream.file->hashed;
}

// Keeps the kernel a window ahead of a stream that was found not to be in memory.
void ask_ahead(ChunkStream& stream) {
  const ChunkedFile& chunked = *stream.file;
  const std::uint64_t window = read_ahead_bytes(chunked.access);
  if (stream.asked_for >= stream.done + window) return;
  const std::uint64_t from = std::max(stream.asked_for, stream.done);
  const std::uint64_t to = std::min(stream.done + 2 * window, stream.done + stream.left_to_read());
  if (from < to) read_from(stream).read_ahead(stream.index * chunk_bytes + from, to - from);
  stream.asked_for = stream.done + 2 * window;
}

// The room that streams which are not there leave over makes the others' segments longer, so that
// few streams do not mean many messages: 64 KiB at least.
std::size_t segment_bytes_of(const Stripe& stripe) {
  constexpr std::size_t least = stripe_bytes / stripe_streams;
  if (stripe.streams.empty()) return least;
  return std::min(slice_bytes, stripe_bytes / stripe.streams.size() / least * least);
}

bool are_zeros(std::span<const std::byte> bytes) {
  return bytes.empty() || (bytes.front() == std::byte{} &&
                           std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

// What is a hole there need not be read.
bool old_holds(Pass& pass, const ChunkStream& stream) {
  const ChunkedFile& chunked = *stream.file;
  const std::uint64_t begin = stream.offset();
  const bool is_hole =
      chunked.old_has_holes && !chunked.old->data_in(begin, begin + stream.content.size());
  return is_hole ? are_zeros(stream.content) : holds(pass, *chunked.old, stream.content, begin);
}

void note_failed_there(ChunkedFile& chunked) {
  const std::scoped_lock lock{chunked.mutex};
  chunked.file.task.failed_there = true;
}

// Compared until the first difference anywhere in the file; from then on reading the old file would
// only cost time. The bytes that were equal up to there are taken from it in the end.
bool is_held_already(Pass& pass, ChunkStream& stream) {
  ChunkedFile& chunked = *stream.file;
  if (!chunked.old || chunked.differs) return false;
  try {
    if (!old_holds(pass, stream)) return false;
  } catch (const filesystem::SystemError& error) {
    if (!means_unreadable(error.error_number())) {
      note_failed_there(chunked);
      throw;
    }
    note_unreadable(chunked, error.error_number());
    return false;
  }
  if (!chunked.is_afresh) chunked.equal_bytes[stream.place] += stream.content.size();
  return true;
}

// Compared with the copy itself, which nobody else changes. What cannot be read of it, since it
// shares the blocks of an old file that cannot, is written.
bool is_patched_already(Pass& pass, const ChunkStream& stream, const filesystem::File& copy) {
  try {
    return holds(pass, copy, stream.content, stream.offset());
  } catch (const filesystem::SystemError&) {
    return false;
  }
}

// Only what is no hole in `source`. Returns how many bytes that was.
std::size_t write_data(const filesystem::File& source, std::span<const std::byte> content,
                       std::uint64_t offset, filesystem::File& copy) {
  std::size_t written = 0;
  const std::uint64_t end = offset + content.size();
  for (auto data = source.data_in(offset, end); data; data = source.data_in(data->end, end)) {
    const auto part = content.subspan(static_cast<std::size_t>(data->begin - offset),
                                      static_cast<std::size_t>(data->end - data->begin));
    copy.write(part, data->begin);
    written += part.size();
  }
  return written;
}

bool has_content(Fill fill) {
  return fill == Fill::patched || fill == Fill::kept;
}

// So that what is none in the source alone need be written.
bool is_hole_there(Fill fill, const ChunkStream& stream, const filesystem::File& copy) {
  const std::uint64_t begin = stream.offset();
  return fill == Fill::written ||
         (fill == Fill::kept && !copy.data_in(begin, begin + stream.content.size()));
}

void write_segment(Pass& pass, const ChunkStream& stream) {
  ChunkedFile& chunked = *stream.file;
  filesystem::File& copy = copy_of(pass, chunked);
  if (chunked.fill == Fill::cloned) return;
  if (has_content(chunked.fill) && is_patched_already(pass, stream, copy)) {
    if (chunked.fill == Fill::kept) chunked.kept_bytes += stream.content.size();
    return;
  }
  std::size_t written = stream.content.size();
  auto writing = chunked.journal ? chunked.journal->writing() : std::unique_lock<std::mutex>{};
  if (chunked.has_holes && is_hole_there(chunked.fill, stream, copy))
    written = write_data(*chunked.hashed, stream.content, stream.offset(), copy);
  else
    copy.write(stream.content, stream.offset());
  if (writing) writing.unlock();
  pass.books.bytes_written += written;
  pass.throttle.have_written(written);
  if (!pass.terms.options.flush) return;
  const std::uint64_t begin = stream.done / writeback_bytes * writeback_bytes;
  const std::uint64_t end =
      (stream.done + stream.content.size()) / writeback_bytes * writeback_bytes;
  if (begin < end) copy.start_writeback(stream.index * chunk_bytes + begin, end - begin);
}

// The segment that is now in `room`, all of which was to be filled.
void take_segment(Pass& pass, ChunkStream& stream, std::span<std::byte> room, std::size_t count) {
  if (count < room.size()) {
    end_early(*stream.file, Progress::changed);
    return;
  }
  stream.content = room;
  stream.tag.update(pass.terms.tagger, room);
  if (stream.is_checking()) return;
  if (stream.file->file.task.reads != Reads::both) return;
  const bool is_held = is_held_already(pass, stream);
  if (is_held && !stream.file->is_afresh) return;
  if (!is_held) stream.file->differs = true;
  if (!pass.terms.options.dry_run) write_segment(pass, stream);
}

// As far as they are in memory.
std::size_t read_cached(const ChunkStream& stream, std::span<std::byte> room) {
  try {
    return read_from(stream).read_cached(room, stream.offset());
  } catch (const filesystem::SystemError&) {
    if (!stream.is_checking()) throw;
    return 0;
  }
}

// The next bytes of `stream` into `room`, however long that takes. What an interrupted copy holds
// and cannot be read back is not held.
void read_segment(Pass& pass, ChunkStream& stream, std::span<std::byte> room) {
  std::size_t count = 0;
  try {
    count = read_from(stream).read(room, stream.offset());
  } catch (const filesystem::SystemError&) {
    if (!stream.is_checking()) throw;
    begin_anew(pass, stream);
    return;
  }
  have_read(pass, count);
  take_segment(pass, stream, room, count);
}

bool is_hole(const ChunkStream& stream, std::size_t bytes) {
  return stream.file->has_holes && !stream.is_checking() &&
         !stream.file->hashed->data_in(stream.offset(), stream.offset() + bytes);
}

std::size_t fill_with_zeros(std::span<std::byte> room) {
  std::ranges::fill(room, std::byte{});
  return room.size();
}

}  // namespace

void read_group(Pass& pass, FileGroup& group) {
  std::span<std::byte> room = group.buffer.bytes();
  for (LoadedFile& file : group.files) {
    if (pass.brakes.stopping()) {
      file.progress = Progress::dropped;
      continue;
    }
    // What earlier files left over is all this one may use.
    attempt(
        *file.task.folder, file.task.name, [&] { read_file(pass, file, room); },
        [&](Failure failure) { note_failure(file, std::move(failure)); });
    room = room.subspan(file.content.size());
  }
}

void open_chunked(Pass& pass, ChunkedFile& chunked) {
  if (pass.brakes.stopping()) {
    end_early(chunked, Progress::dropped);
    return;
  }
  attempt_on(chunked, [&] {
    FileTask& task = chunked.file.task;
    chunked.under_way = pass.books.under_way.begin(path_of(*task.folder, task.name));
    chunked.hashed = open_hashed(pass, task, Seen::when_opened);
    if (!chunked.hashed) {
      end_early(chunked, Progress::changed);
      return;
    }
    chunked.has_holes = may_have_holes(task.hashed());
    if (take_up(pass, chunked)) return;
    chunked.old = open_old(pass, task, Seen::when_opened);
    const bool is_compared = chunked.old.has_value();
    if (is_compared) {
      chunked.old_has_holes = may_have_holes(*task.destination);
      chunked.is_afresh = !pass.terms.options.dry_run && is_handed_over(task, means_of(pass, task));
      if (chunked.is_afresh) copy_of(pass, chunked);
    } else if (task.reads == Reads::both) {
      chunked.differs = true;
      chunked.old = open_base(pass, task);
      // That it has room for so many bytes is learnt before anything is kept of its chunks.
      if (!pass.terms.options.dry_run) copy_of(pass, chunked);
    }
    lay_out_chunks(pass, chunked);
    chunked.to_read.reserve(chunked.data.size());
    for (std::size_t place = 0; place < chunked.data.size(); ++place)
      chunked.to_read.push_back(chunked.data[place]);
  });
}

void read_stripe(Pass& pass, Stripe& stripe) {
  std::array<std::span<std::byte>, stripe_streams> rooms;
  std::bitset<stripe_streams> missing;
  const auto read = [&](std::size_t i, auto work) {
    ChunkStream& stream = stripe.streams[i];
    if (pass.brakes.stopping()) end_early(*stream.file, Progress::dropped);
    if (!stream.file->ended_early) attempt_on(*stream.file, [&] { work(stream); });
  };
  const std::size_t segment = segment_bytes_of(stripe);
  for (std::size_t i = 0; i < stripe.streams.size(); ++i) {
    stripe.streams[i].content = {};
    const auto size = std::min<std::uint64_t>(segment, stripe.streams[i].left_to_read());
    rooms[i] = stripe.buffer.bytes().subspan(i * segment, static_cast<std::size_t>(size));
    read(i, [&](ChunkStream& stream) {
      if (is_hole(stream, rooms[i].size())) {
        take_segment(pass, stream, rooms[i], fill_with_zeros(rooms[i]));
        return;
      }
      const std::size_t count = read_cached(stream, rooms[i]);
      missing[i] = count < rooms[i].size();
      if (missing[i]) {
        ask_ahead(stream);
        return;
      }
      have_read(pass, count);
      take_segment(pass, stream, rooms[i], count);
    });
  }
  // All that is not in memory is on its way now.
  for (std::size_t i = 0; i < stripe.streams.size(); ++i) {
    if (!missing[i]) continue;
    read(i, [&](ChunkStream& stream) { read_segment(pass, stream, rooms[i]); });
  }
}

}  // namespace syncline::engine
