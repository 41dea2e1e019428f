// SPDX-License-Identifier: MIT
#include "stages/hash.h"

#include "md5/md5.h"

namespace syncline::stages {

void hash(Pass& pass, FileGroup& group) {
  for (LoadedFile& file : group.files) {
    if (file.progress != Progress::loaded && file.progress != Progress::equal) continue;
    if (pass.stopping()) {
      file.progress = Progress::dropped;
      continue;
    }
    file.digest = {.md5 = md5::of(file.content), .chunks = 1};
    pass.totals.bytes_hashed += file.content.size();
  }
}

void hash(Pass& pass, Chunk& chunk) {
  if (pass.stopping()) return;
  chunk.file->chunks[chunk.index] = md5::of(chunk.content);
  pass.totals.bytes_hashed += chunk.content.size();
}

}  // namespace syncline::stages
