// SPDX-License-Identifier: MIT
#include "stages/holes.h"

#include "filesystem/system_error.h"
#include "md5/md5.h"
#include "tag/tagger.h"

#include <algorithm>
#include <cstddef>
#include <span>

namespace syncline::stages {
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
void add_data_of(const filesystem::File& other, std::uint64_t size, std::vector<bool>& has_data) {
  const auto more = chunks_with_data(other, size);
  for (std::size_t i = 0; i < has_data.size(); ++i)
    if (more[i]) has_data[i] = true;
}

}  // namespace

Fingerprint fingerprint_of_hole(const Pass& pass) {
  static const Md5 md5 = md5_of_hole();
  tag::ChunkTag tag;
  in_slices_of_a_chunk([&](std::span<const std::byte> slice) { tag.update(pass.tagger, slice); });
  return {.digest = {.md5 = md5}, .tag = tag.value(pass.tagger)};
}

std::vector<bool> chunks_with_data(const filesystem::File& file, std::uint64_t size) {
  std::vector<bool> has_data(chunks_in(size));
  for (std::uint64_t at = 0; at < size;) {
    const auto data = file.data_in(at, size);
    if (!data) break;
    const std::uint64_t end = (data->end + chunk_bytes - 1) / chunk_bytes;
    for (std::uint64_t i = data->begin / chunk_bytes; i < end; ++i) has_data[i] = true;
    at = end * chunk_bytes;
  }
  return has_data;
}

void skip_holes(Pass& pass, ChunkedFile& file) {
  const std::uint64_t size = size_of(file);
  if (!file.has_holes || size < chunk_bytes) return;
  auto has_data = chunks_with_data(*file.hashed, size);
  try {
    if (const auto* const other = other_side(file)) add_data_of(*other, size, has_data);
  } catch (const filesystem::SystemError&) {
    return;  // it is met again when it is read
  }
  std::uint64_t skipped = 0;
  const Fingerprint hole = fingerprint_of_hole(pass);
  std::erase_if(file.to_read, [&](std::uint32_t i) {
    if (has_data[i] || file.chunk_size(i) < chunk_bytes) return false;
    file.chunks[i] = hole;
    skipped += chunk_bytes;
    return true;
  });
  file.hashed_bytes += skipped;
  pass.totals.done.add({.entries = 0, .bytes = skipped});
}

}  // namespace syncline::stages
