// SPDX-License-Identifier: MIT
#include "stages/hash.h"

#include "md5/lanes.h"
#include "md5/md5.h"

#include <span>
#include <vector>

namespace syncline::stages {
namespace {

bool is_in_hand(const LoadedFile& file) {
  return file.progress == Progress::loaded || file.progress == Progress::equal;
}

}  // namespace

void hash(Pass& pass, FileGroup& group) {
  if (pass.stopping()) return;  // for good, so that nothing of the group will be written
  thread_local md5::Lanes lanes;
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
  auto md5 = md5s.begin();
  for (LoadedFile& file : group.files)
    if (is_in_hand(file)) file.digest = {.md5 = *md5++, .chunks = 1};
}

void hash(Pass& pass, Chunk& chunk) {
  if (pass.stopping()) return;
  chunk.file->chunks[chunk.index] = md5::of(chunk.content);
  pass.totals.bytes_hashed += chunk.content.size();
}

}  // namespace syncline::stages
