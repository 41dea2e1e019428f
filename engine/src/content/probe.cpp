// SPDX-License-Identifier: MIT
#include "content/probe.h"

#include "content/holes.h"
#include "filesystem/file_to_read.h"
#include "md5/md5.h"
#include "tag/tagger.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace syncline::engine {

std::optional<Fingerprint> first_chunk_of(Pass& pass, Folder& folder, const std::string& name,
                                          std::uint64_t size) {
  constexpr std::size_t slice_bytes = 256U << 10U;
  thread_local std::vector<std::byte> slice(slice_bytes);
  const auto file = pass.source.open_file(folder, name);
  const Entry seen = file->look();
  if (seen.kind != Kind::file || seen.identity.size != size) return std::nullopt;
  if (size >= chunk_bytes && may_have_holes(seen) && !file->data_in(0, chunk_bytes))
    return fingerprint_of_hole(pass);
  md5::Stream md5{pass.terms.options.digest_backend};
  tag::ChunkTag tag;
  const std::uint64_t end = std::min(size, chunk_bytes);
  for (std::uint64_t at = 0; at < end;) {
    if (pass.brakes.stopping()) return std::nullopt;
    const auto want = std::span(slice).first(std::min<std::uint64_t>(slice.size(), end - at));
    const std::size_t count = file->read(want, at);
    pass.books.bytes_read += count;
    pass.books.bytes_hashed += count;
    pass.throttle.have_read(count);
    if (count < want.size()) return std::nullopt;
    md5.update(want);
    tag.update(pass.terms.tagger, want);
    at += count;
  }
  return Fingerprint{.digest = {.md5 = md5.finish()}, .tag = tag.value(pass.terms.tagger)};
}

}  // namespace syncline::engine
