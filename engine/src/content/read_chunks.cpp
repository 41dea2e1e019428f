// SPDX-License-Identifier: MIT
#include "content/read_chunks.h"

#include "content/compare_bytes.h"
#include "content/copying.h"
#include "content/decide.h"
#include "content/holes.h"
#include "content/open_to_read.h"
#include "content/partial.h"
#include "filesystem/clock.h"
#include "pass/error_meaning.h"
#include "pass/failures.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>
#include <mutex>
#include <utility>

namespace syncline::engine {
namespace {

// How far the kernel is kept ahead of a stream: with some 100 streams under way 1 MiB of each fills
// any disk's queue. In order a chunk is asked for whole, the moment it turns out not to be in
// memory.
constexpr std::uint64_t anywhere_ahead_bytes = 1U << 20U;
constexpr std::uint64_t in_order_ahead_bytes = chunk_bytes;
// Written back in pieces that a disk takes in one go.
constexpr std::uint64_t writeback_bytes = 4U << 20U;

template <typename Work>
void attempt_on(ChunkedFile& chunked, Work work) {
  const FileTask& task = chunked.file.task;
  attempt(*task.folder, task.name, std::move(work),
          [&](Failure failure) { fail_chunked(chunked, std::move(failure)); });
}

std::uint64_t read_ahead_bytes(filesystem::Access access) {
  return access == filesystem::Access::in_order ? in_order_ahead_bytes : anywhere_ahead_bytes;
}

const filesystem::OpenFile& read_from(const ChunkStream& stream) {
  if (stream.is_checking()) return stream.file->copy->file();
  return **stream.file->hashed;
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
std::size_t segment_bytes_of(std::size_t streams) {
  constexpr std::size_t least = stripe_bytes / stripe_streams;
  if (streams == 0) return least;
  return std::min(slice_bytes, stripe_bytes / streams / least * least);
}

bool are_zeros(std::span<const std::byte> bytes) {
  return bytes.empty() || (bytes.front() == std::byte{} &&
                           std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

// What is a hole there need not be read.
bool old_holds(const ChunkStream& stream) {
  const ChunkedFile& chunked = *stream.file;
  const std::uint64_t begin = stream.offset();
  const bool is_hole =
      chunked.old_has_holes && !chunked.old->data_in(begin, begin + stream.content.size());
  return is_hole ? are_zeros(stream.content)
                 : holds(stream.pass(), *chunked.old, stream.content, begin);
}

void note_failed_there(ChunkedFile& chunked) {
  const std::scoped_lock lock{chunked.mutex};
  chunked.file.task.failed_there = true;
}

// Compared until the first difference anywhere in the file; from then on reading the old file would
// only cost time. The bytes that were equal up to there are taken from it in the end.
bool is_held_already(ChunkStream& stream) {
  ChunkedFile& chunked = *stream.file;
  if (!chunked.old || chunked.differs) return false;
  try {
    if (!old_holds(stream)) return false;
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
bool is_patched_already(const ChunkStream& stream, const filesystem::File& copy) {
  try {
    return holds(stream.pass(), copy, stream.content, stream.offset());
  } catch (const filesystem::SystemError&) {
    return false;
  }
}

// Only what is no hole in `source`. Returns how many bytes that was.
std::size_t write_data(const filesystem::OpenFile& source, std::span<const std::byte> content,
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

void write_segment(const ChunkStream& stream) {
  Pass& pass = stream.pass();
  ChunkedFile& chunked = *stream.file;
  filesystem::File& copy = copy_of(pass, chunked);
  if (chunked.fill == Fill::cloned) return;
  if (has_content(chunked.fill) && is_patched_already(stream, copy)) {
    if (chunked.fill == Fill::kept) chunked.kept_bytes += stream.content.size();
    return;
  }
  std::size_t written = stream.content.size();
  auto writing = chunked.journal ? chunked.journal->writing() : std::unique_lock<std::mutex>{};
  if (chunked.has_holes && is_hole_there(chunked.fill, stream, copy))
    written = write_data(**chunked.hashed, stream.content, stream.offset(), copy);
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

// The segment, which is now in memory.
void take_segment(ChunkStream& stream, std::span<const std::byte> segment) {
  const Pass& pass = stream.pass();
  stream.content = segment;
  stream.tag.update(pass.terms.tagger, segment);
  if (stream.is_checking()) return;
  if (stream.file->file.task.reads != Reads::both) return;
  const bool is_held = is_held_already(stream);
  if (is_held && !stream.file->is_afresh) return;
  if (!is_held) stream.file->differs = true;
  if (!pass.terms.options.dry_run) write_segment(stream);
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
void read_segment(ChunkStream& stream, std::span<std::byte> room) {
  std::size_t count = 0;
  try {
    count = read_from(stream).read(room, stream.offset());
  } catch (const filesystem::SystemError&) {
    if (!stream.is_checking()) throw;
    begin_anew(stream);
    return;
  }
  have_read(stream.pass(), count);
  if (count < room.size())
    end_early(*stream.file, Progress::changed);
  else
    take_segment(stream, room);
}

// The stream before that one reads the same, for another replica.
bool is_led(const Stripe& stripe, std::size_t i) {
  if (i == 0) return false;
  const ChunkStream& before = stripe.streams[i - 1];
  const ChunkStream& stream = stripe.streams[i];
  return before.file->is_beside(*stream.file) && before.index == stream.index &&
         before.done == stream.done;
}

// What was read just now, by one of the streams before that one, which read the same.
std::span<const std::byte> read_before(const Stripe& stripe, std::size_t i) {
  for (; is_led(stripe, i); --i)
    if (!stripe.streams[i - 1].content.empty()) return stripe.streams[i - 1].content;
  return {};
}

using Rooms = std::array<std::span<std::byte>, stripe_streams>;

// Those that read the same have one.
Rooms rooms_of(const Stripe& stripe) {
  std::size_t leading = 0;
  for (std::size_t i = 0; i < stripe.streams.size(); ++i) leading += is_led(stripe, i) ? 0 : 1;
  const std::size_t segment = segment_bytes_of(leading);
  Rooms rooms;
  std::size_t next = 0;
  for (std::size_t i = 0; i < stripe.streams.size(); ++i) {
    if (is_led(stripe, i)) {
      rooms[i] = rooms[i - 1];
      continue;
    }
    const auto size = std::min<std::uint64_t>(segment, stripe.streams[i].left_to_read());
    rooms[i] = stripe.buffer.bytes().subspan(next, static_cast<std::size_t>(size));
    next += segment;
  }
  return rooms;
}

bool is_hole(const ChunkStream& stream, std::size_t bytes) {
  return stream.file->has_holes && !stream.is_checking() &&
         !(*stream.file->hashed)->data_in(stream.offset(), stream.offset() + bytes);
}

}  // namespace

void open_chunked(ChunkedFile& chunked) {
  Pass& pass = pass_of(chunked.file.task);
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

void read_stripe(Stripe& stripe) {
  const Rooms rooms = rooms_of(stripe);
  std::bitset<stripe_streams> missing;
  for (ChunkStream& stream : stripe.streams) stream.content = {};
  const auto read = [&](std::size_t i, auto work) {
    ChunkStream& stream = stripe.streams[i];
    if (stream.pass().brakes.stopping()) end_early(*stream.file, Progress::dropped);
    if (!stream.file->ended_early) attempt_on(*stream.file, [&] { work(stream); });
  };
  for (std::size_t i = 0; i < stripe.streams.size(); ++i) {
    missing[i] = is_led(stripe, i) && missing[i - 1];
    if (missing[i]) continue;
    read(i, [&](ChunkStream& stream) {
      if (const auto segment = read_before(stripe, i); !segment.empty()) {
        take_segment(stream, segment);
        return;
      }
      if (is_hole(stream, rooms[i].size())) {
        std::ranges::fill(rooms[i], std::byte{});
        take_segment(stream, rooms[i]);
        return;
      }
      const std::size_t count = read_cached(stream, rooms[i]);
      missing[i] = count < rooms[i].size();
      if (missing[i]) {
        ask_ahead(stream);
        return;
      }
      have_read(stream.pass(), count);
      take_segment(stream, rooms[i]);
    });
  }
  // All that is not in memory is on its way now.
  for (std::size_t i = 0; i < stripe.streams.size(); ++i) {
    if (!missing[i]) continue;
    read(i, [&](ChunkStream& stream) {
      if (const auto segment = read_before(stripe, i); !segment.empty())
        take_segment(stream, segment);
      else
        read_segment(stream, rooms[i]);
    });
  }
}

}  // namespace syncline::engine
