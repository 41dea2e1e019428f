// SPDX-License-Identifier: MIT
#include "content/holes.h"

#include "md5/md5.h"
#include "tag/tagger.h"

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace syncline::engine {
namespace {

const std::vector<std::byte>& zeros() {
  static const std::vector<std::byte> slice(tag::piece_bytes);
  return slice;
}

template <typename Update>
void in_slices_of_a_chunk(Update update) {
  for (std::uint64_t bytes = 0; bytes < chunk_bytes; bytes += zeros().size()) update(zeros());
}

Md5 md5_of_hole() {
  md5::Stream md5;
  in_slices_of_a_chunk([&](std::span<const std::byte> slice) { md5.update(slice); });
  return md5.finish();
}

std::uint64_t size_of(const ChunkedFile& file) {
  return file.file.task.source.identity.size;
}

// What must be a hole too: what is compared, or what is there of the copy before anything is
// written.
const filesystem::File* other_side(const ChunkedFile& file) {
  if (file.file.task.reads != Reads::both) return nullptr;
  if (file.in_place) return &*file.in_place;
  const bool has_content = file.fill == Fill::patched || !file.marks.empty();
  if (file.copy) return has_content ? &file.copy->file() : nullptr;
  return file.differs || !file.old ? nullptr : &*file.old;
}

// Beside those of the source.
DataChunks with_data_of(const filesystem::File& other, std::uint64_t size,
                        const DataChunks& these) {
  const DataChunks more = chunks_with_data(other, size);
  if (these.is_all() || more.is_all()) return DataChunks{chunks_in(size)};
  std::vector<std::uint32_t> all;
  for (std::size_t a = 0, b = 0; a < these.size() || b < more.size();) {
    const bool is_of_both = a < these.size() && b < more.size() && these[a] == more[b];
    const bool is_of_these = b == more.size() || (a < these.size() && these[a] <= more[b]);
    all.push_back(is_of_these ? these[a] : more[b]);
    if (is_of_these) ++a;
    if (!is_of_these || is_of_both) ++b;
  }
  return {chunks_in(size), std::move(all)};
}

DataChunks data_chunks_of(const ChunkedFile& file) {
  const std::uint64_t size = size_of(file);
  if (!file.has_holes || size < chunk_bytes) return DataChunks{chunks_in(size)};
  const DataChunks data = chunks_with_data(**file.hashed, size);
  const auto* const other = other_side(file);
  return other != nullptr ? with_data_of(*other, size, data) : data;
}

}  // namespace

Fingerprint fingerprint_of_hole(const Pass& pass) {
  static const Md5 md5 = md5_of_hole();
  tag::ChunkTag tag;
  in_slices_of_a_chunk(
      [&](std::span<const std::byte> slice) { tag.update(pass.terms.tagger, slice); });
  return {.digest = {.md5 = md5}, .tag = tag.value(pass.terms.tagger)};
}

DataChunks chunks_with_data(const filesystem::OpenFile& file, std::uint64_t size) {
  const std::uint32_t count = chunks_in(size);
  std::vector<std::uint32_t> chunks;
  for (std::uint64_t at = 0; at < size;) {
    const auto data = file.data_in(at, size);
    if (!data) break;
    const std::uint64_t end = (data->end + chunk_bytes - 1) / chunk_bytes;
    for (std::uint64_t i = data->begin / chunk_bytes; i < end; ++i)
      chunks.push_back(static_cast<std::uint32_t>(i));
    at = end * chunk_bytes;
  }
  const bool is_last_whole = size % chunk_bytes == 0;
  if (!is_last_whole && (chunks.empty() || chunks.back() != count - 1)) chunks.push_back(count - 1);
  return {count, std::move(chunks)};
}

void lay_out_chunks(Pass& pass, ChunkedFile& file) {
  file.data = data_chunks_of(file);
  file.chunks.resize(file.data.size());
  file.equal_bytes.resize(file.data.size());
  const std::uint64_t skipped = (file.data.count() - file.data.size()) * chunk_bytes;
  file.hashed_bytes += skipped;
  pass.books.done.add({.entries = 0, .bytes = skipped});
}

}  // namespace syncline::engine
