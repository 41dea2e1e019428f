// SPDX-License-Identifier: MIT
#include "stages/verify.h"

#include "md5/lanes.h"
#include "stages/failures.h"
#include "stages/readable.h"

#include <algorithm>
#include <span>
#include <vector>

namespace syncline::stages {
namespace {

// As much of each of 16 chunks at a time as fits the second-level cache together.
constexpr std::size_t piece_bytes = 64U << 10U;
constexpr std::size_t most_streams = 16;

/// One chunk, as far as it was read.
struct Stream {
  std::uint64_t offset;
  std::uint64_t end;
  md5::Stream md5;
};

std::vector<Stream> streams_of(std::uint64_t size, std::uint32_t first, std::uint32_t last,
                               DigestBackend backend) {
  std::vector<Stream> streams;
  for (std::uint32_t chunk = first; chunk < last; ++chunk)
    streams.push_back({.offset = chunk * chunk_bytes,
                       .end = std::min(size, (chunk + 1) * chunk_bytes),
                       .md5 = md5::Stream{backend}});
  return streams;
}

// False: the file ends early.
bool read_all(Pass& pass, const filesystem::File& file, std::vector<Stream>& streams,
              std::span<std::byte> room) {
  md5::Lanes lanes{pass.options.digest_backend};
  std::vector<md5::Lanes::Piece> pieces;
  while (!pass.stopping()) {
    pieces.clear();
    for (std::size_t i = 0; i < streams.size(); ++i) {
      Stream& stream = streams[i];
      const auto size = static_cast<std::size_t>(
          std::min<std::uint64_t>(piece_bytes, stream.end - stream.offset));
      if (size == 0) continue;
      const auto piece = room.subspan(i * piece_bytes, size);
      if (file.read(piece, stream.offset) < size) return false;
      pass.totals.bytes_read += size;
      pass.have_read(size);
      stream.offset += size;
      pieces.push_back({.stream = &stream.md5, .bytes = piece});
    }
    if (pieces.empty()) return true;
    lanes.update(pieces);
  }
  return true;
}

bool is_as_hashed(Pass& pass, const filesystem::File& file, const Finished& finished,
                  std::span<std::byte> room) {
  const std::uint64_t size = finished.task.source.identity.size;
  std::vector<Md5> chunks;
  for (std::uint32_t first = 0; first < finished.digest.chunks; first += most_streams) {
    const std::uint32_t last =
        std::min<std::uint32_t>(first + most_streams, finished.digest.chunks);
    auto streams = streams_of(size, first, last, pass.options.digest_backend);
    if (!read_all(pass, file, streams, room)) return false;
    for (Stream& stream : streams) chunks.push_back(stream.md5.finish());
  }
  return pass.stopping() || md5::of_chunks(chunks) == finished.digest;
}

}  // namespace

void ReadBack::verify(Pass& pass, const Finished& finished) {
  static_assert(most_streams * piece_bytes <= filesystem::huge_page_bytes);
  if (!room_) room_ = filesystem::take_memory(filesystem::huge_page_bytes);
  const auto file = reopen(pass, finished);
  file.drop_cached();
  if (!is_as_hashed(pass, file, finished, {room_.get(), filesystem::huge_page_bytes}))
    throw Unverified{};
}

}  // namespace syncline::stages
