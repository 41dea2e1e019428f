// SPDX-License-Identifier: MIT
#include "stages/hash.h"

#include "stages/partial.h"

#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace syncline::stages {
namespace {

Fingerprint end_of(const Pass& pass, ChunkStream& stream) {
  return {.digest = {.md5 = stream.md5.finish()}, .tag = stream.tag.value(pass.tagger)};
}

bool is_in_hand(const LoadedFile& file) {
  return file.progress == Progress::loaded || file.progress == Progress::equal;
}

// What was read back is what its mark says, or the chunk begins anew.
void end_check(Pass& pass, ChunkStream& stream) {
  ChunkedFile& chunked = *stream.file;
  const ChunkMark& mark = chunked.marks[stream.index];
  const std::uint64_t bytes = std::exchange(stream.to_check, 0);
  const bool is_whole = stream.left() == 0;
  stream.asked_for = 0;  // of the copy that was
  const auto whole = is_whole ? std::optional{end_of(pass, stream)} : std::nullopt;
  const auto found = whole ? std::optional{whole->digest.md5} : stream.md5.state();
  if (found == mark.md5 && stream.tag.value(pass.tagger) == mark.tag) {
    chunked.kept_bytes += bytes;
    if (whole) chunked.chunks[stream.index] = *whole;
    return;
  }
  begin_anew(pass, stream);
}

}  // namespace

void hash(Pass& pass, md5::Lanes& lanes, FileGroup& group) {
  if (pass.stopping()) return;  // for good, so that nothing of the group will be written
  thread_local std::vector<std::span<const std::byte>> contents;
  thread_local std::vector<Md5> md5s;
  contents.clear();
  std::uint64_t bytes = 0;
  for (const LoadedFile& file : group.files) {
    if (!is_in_hand(file)) continue;
    contents.push_back(file.content);
    bytes += file.content.size();
  }
  md5s.resize(contents.size());
  lanes.hash(contents, md5s);
  pass.totals.bytes_hashed += bytes;
  pass.totals.done.add({.entries = 0, .bytes = bytes});
  auto md5 = md5s.begin();
  for (LoadedFile& file : group.files) {
    if (!is_in_hand(file)) continue;
    file.fingerprint.digest = {.md5 = *md5++};
    file.hashed_bytes = file.content.size();
  }
}

void hash(Pass& pass, md5::Lanes& lanes, Stripe& stripe) {
  thread_local std::vector<md5::Lanes::Piece> pieces;
  pieces.clear();
  std::uint64_t bytes = 0;
  for (ChunkStream& stream : stripe.streams) {
    if (stream.content.empty()) continue;
    pieces.push_back({.stream = &stream.md5, .bytes = stream.content});
    bytes += stream.content.size();
  }
  lanes.update(pieces);
  pass.totals.bytes_hashed += bytes;
  pass.totals.done.add({.entries = 0, .bytes = bytes});
  for (ChunkStream& stream : stripe.streams) {
    stream.done += stream.content.size();
    stream.file->hashed_bytes += stream.content.size();
    if (stream.is_checking() && stream.done == stream.to_check)
      end_check(pass, stream);
    else if (stream.left() == 0 && !stream.file->ended_early)
      stream.file->chunks[stream.index] = end_of(pass, stream);
  }
  note_progress(stripe);
}

Fingerprint fingerprint_of(const Pass& pass, std::span<const Fingerprint> chunks) {
  std::vector<Md5> md5s;
  std::vector<Tag> tags;
  md5s.reserve(chunks.size());
  tags.reserve(chunks.size());
  for (const Fingerprint& chunk : chunks) {
    md5s.push_back(chunk.digest.md5);
    if (chunk.tag) tags.push_back(*chunk.tag);
  }
  Fingerprint all{.digest = md5::of_chunks(md5s)};
  if (tags.size() == chunks.size()) all.tag = pass.tagger.of_chunks(tags);
  return all;
}

}  // namespace syncline::stages
