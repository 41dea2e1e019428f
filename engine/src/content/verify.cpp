// SPDX-License-Identifier: MIT
#include "content/verify.h"

#include "content/hash.h"
#include "content/holes.h"
#include "content/readable.h"
#include "md5/lanes.h"
#include "pass/failures.h"
#include "tag/tagger.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace syncline::engine {
namespace {

// As much of each of 16 chunks at a time as fits the second-level cache together.
constexpr std::size_t piece_bytes = tag::piece_bytes;
constexpr std::size_t most_streams = 16;

/// One chunk, as far as it was read.
struct Stream {
  std::uint64_t offset;
  std::uint64_t end;
  md5::Stream md5;
  tag::ChunkTag tag{};
};

// Of the next chunks with data, from the place `first` on.
std::vector<Stream> streams_of(std::uint64_t size, const DataChunks& data, std::size_t first,
                               DigestBackend backend) {
  std::vector<Stream> streams;
  for (std::size_t place = first; place < std::min(data.size(), first + most_streams); ++place) {
    const std::uint64_t chunk = data[place];
    streams.push_back({.offset = chunk * chunk_bytes,
                       .end = std::min(size, (chunk + 1) * chunk_bytes),
                       .md5 = md5::Stream{backend}});
  }
  return streams;
}

// What is no larger is read to its end also when a stop is requested.
constexpr std::uint64_t heeds_stop_from = 64U << 20U;

enum class Result : std::uint8_t { same, other, stopped };

// As far as can be told before the fingerprints are compared.
Result read_all(Pass& pass, const filesystem::File& file, std::vector<Stream>& streams,
                std::span<std::byte> room, bool heeds_stop, std::uint64_t& secured) {
  md5::Lanes lanes{pass.terms.options.digest_backend};
  std::vector<md5::Lanes::Piece> pieces;
  while (true) {
    if (heeds_stop && pass.brakes.stopping()) return Result::stopped;
    pieces.clear();
    for (std::size_t i = 0; i < streams.size(); ++i) {
      Stream& stream = streams[i];
      const auto size = static_cast<std::size_t>(
          std::min<std::uint64_t>(piece_bytes, stream.end - stream.offset));
      if (size == 0) continue;
      const auto piece = room.subspan(i * piece_bytes, size);
      if (file.read(piece, stream.offset) < size) return Result::other;  // it ends early
      pass.books.bytes_read += size;
      pass.throttle.have_read(size);
      stream.offset += size;
      pass.books.secured += size;
      secured += size;
      pieces.push_back({.stream = &stream.md5, .bytes = piece});
      stream.tag.update(pass.terms.tagger, piece);
    }
    if (pieces.empty()) return Result::same;
    lanes.update(pieces);
  }
}

// Those that are no hole.
DataChunks chunks_to_read(const filesystem::File& file, const Finished& finished) {
  const std::uint64_t size = finished.task.source.identity.size;
  const std::uint32_t count = finished.fingerprint.digest.chunks;
  const bool has_holes = count > 1 && may_have_holes(finished.task.source) &&
                         file.look().identity.size >= size;  // its journal may be there
  return has_holes ? chunks_with_data(file, size) : DataChunks{count};
}

Result read_back(Pass& pass, const filesystem::File& file, Finished& finished,
                 std::span<std::byte> room) {
  const std::uint64_t size = finished.task.source.identity.size;
  const DataChunks data = chunks_to_read(file, finished);
  std::vector<Fingerprint> chunks(data.size());
  for (std::size_t first = 0; first < data.size(); first += most_streams) {
    auto streams = streams_of(size, data, first, pass.terms.options.digest_backend);
    const Result result =
        read_all(pass, file, streams, room, size > heeds_stop_from, finished.secured);
    if (result != Result::same) return result;
    for (std::size_t i = 0; i < streams.size(); ++i)
      chunks[first + i] = {.digest = {.md5 = streams[i].md5.finish()},
                           .tag = streams[i].tag.value(pass.terms.tagger)};
  }
  return match(fingerprint_of(pass, data, chunks), finished.fingerprint) == Match::other
             ? Result::other
             : Result::same;
}

}  // namespace

bool ReadBack::verify(Pass& pass, Finished& finished) {
  static_assert(most_streams * piece_bytes <= filesystem::huge_page_bytes);
  if (!room_) room_ = filesystem::take_memory(filesystem::huge_page_bytes);
  UnderWay::Place shown;
  if (!travels_in_group(finished.task.source.identity.size))
    shown = pass.books.under_way.begin(path_of(*finished.task.folder, finished.task.name));
  Result result = Result::other;
  try {
    const auto file = reopen(pass, finished);
    file.drop_cached();
    result = read_back(pass, file, finished, {room_.get(), filesystem::huge_page_bytes});
  } catch (const filesystem::SystemError& error) {
    throw filesystem::SystemError("read back what was written", "", error.error_number());
  }
  if (result == Result::other) throw Unverified{};
  return result == Result::same;
}

}  // namespace syncline::engine
