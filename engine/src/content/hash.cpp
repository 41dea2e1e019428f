// SPDX-License-Identifier: MIT
#include "content/hash.h"

#include "content/holes.h"
#include "content/partial.h"
#include "md5/md5.h"
#include "tag/tagger.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace syncline::engine {
namespace {

Fingerprint end_of(const Pass& pass, ChunkStream& stream) {
  return {.digest = {.md5 = stream.md5.finish()}, .tag = stream.tag.value(pass.terms.tagger)};
}

Fingerprint with_chunks(Fingerprint fingerprint, std::uint32_t count) {
  fingerprint.digest.chunks = count;
  return fingerprint;
}

/// Of the list of a file's chunks, however long that is: of 1 PiB 2 GiB, which take 3 s.
class ListHash {
 public:
  explicit ListHash(const tag::Tagger& tagger) : tags_(tagger) {}

  void add(const Fingerprint& chunk, std::uint64_t times) {
    std::array<Md5, 1024> md5s;
    std::array<Tag, 1024> tags;
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(times, md5s.size()));
    std::fill_n(md5s.begin(), most, chunk.digest.md5);
    std::fill_n(tags.begin(), most, chunk.tag.value_or(Tag{}));
    has_all_tags_ = has_all_tags_ && (times == 0 || chunk.tag);
    while (times > 0) {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(times, most));
      md5_.update(std::as_bytes(std::span{md5s}.first(count)));
      tags_.update(std::span{tags}.first(count));
      times -= count;
    }
  }
  Fingerprint finish() {
    Fingerprint all{.digest = {.md5 = md5_.finish()}};
    if (has_all_tags_) all.tag = tags_.value();
    return all;
  }

 private:
  md5::Stream md5_;
  tag::ListTag tags_;
  bool has_all_tags_ = true;
};

bool is_in_hand(const LoadedFile& file) {
  return file.progress == Progress::loaded || file.progress == Progress::equal;
}

// One and the same bytes in memory, which were read for several replicas.
bool is_same(std::span<const std::byte> a, std::span<const std::byte> b) {
  return a.data() == b.data() && a.size() == b.size();
}

/// What was hashed for a pass.
struct Hashed {
  const Pass& pass;
  std::span<const std::byte> content;
};

// What was read for several of them was hashed for the first.
template <typename What, typename HashedOf>
void count(const Passes& passes, const std::vector<What>& all, HashedOf hashed_of) {
  for (Pass* const pass : passes) {
    std::uint64_t done = 0;
    std::uint64_t hashed = 0;
    std::span<const std::byte> last;
    for (const What& each : all) {
      const Hashed of_it = hashed_of(each);
      if (of_it.content.empty()) continue;
      const bool is_again = is_same(last, of_it.content);
      last = of_it.content;
      if (&of_it.pass != pass) continue;
      done += last.size();
      if (!is_again) hashed += last.size();
    }
    pass->books.bytes_hashed += hashed;
    pass->books.done.add({.entries = 0, .bytes = done});
  }
}

// What was read back is what its mark says, or the chunk begins anew.
void end_check(ChunkStream& stream) {
  const Pass& pass = stream.pass();
  ChunkedFile& chunked = *stream.file;
  const ChunkMark& mark = chunked.marks[stream.index];
  const std::uint64_t bytes = std::exchange(stream.to_check, 0);
  const bool is_whole = stream.left() == 0;
  stream.asked_for = 0;  // of the copy that was
  const auto whole = is_whole ? std::optional{end_of(pass, stream)} : std::nullopt;
  const auto found = whole ? std::optional{whole->digest.md5} : stream.md5.state();
  if (found == mark.md5 && stream.tag.value(pass.terms.tagger) == mark.tag) {
    chunked.kept_bytes += bytes;
    if (whole) chunked.chunks[stream.place] = *whole;
    return;
  }
  begin_anew(stream);
}

}  // namespace

void hash(const Passes& passes, md5::Lanes& lanes, FileGroup& group) {
  if (passes.stopping()) return;  // for good, so that nothing of the group will be written
  thread_local std::vector<std::span<const std::byte>> contents;
  thread_local std::vector<Md5> md5s;
  contents.clear();
  for (const LoadedFile& file : group.files)
    if (is_in_hand(file) && (contents.empty() || !is_same(contents.back(), file.content)))
      contents.push_back(file.content);
  md5s.resize(contents.size());
  lanes.hash(contents, md5s);
  std::size_t place = 0;
  for (LoadedFile& file : group.files) {
    if (!is_in_hand(file)) continue;
    if (!is_same(contents[place], file.content)) ++place;
    file.fingerprint.digest = {.md5 = md5s[place]};
    file.hashed_bytes = file.content.size();
  }
  count(passes, group.files, [](const LoadedFile& file) {
    return Hashed{pass_of(file.task), file.content.first(file.hashed_bytes)};
  });
}

void hash(const Passes& passes, md5::Lanes& lanes, Stripe& stripe) {
  thread_local std::vector<md5::Lanes::Piece> pieces;
  pieces.clear();
  std::span<const std::byte> last;
  for (ChunkStream& stream : stripe.streams) {
    if (stream.content.empty()) continue;
    if (!is_same(last, stream.content))
      pieces.push_back({.stream = &stream.md5, .bytes = stream.content});
    last = stream.content;
  }
  lanes.update(pieces);
  count(passes, stripe.streams, [](const ChunkStream& stream) {
    return Hashed{stream.pass(), stream.content};
  });
  const ChunkStream* before = nullptr;
  for (ChunkStream& stream : stripe.streams) {
    if (stream.content.empty()) continue;
    if (before != nullptr && is_same(before->content, stream.content))
      stream.md5.become(before->md5);
    before = &stream;
  }
  for (ChunkStream& stream : stripe.streams) {
    stream.done += stream.content.size();
    stream.file->hashed_bytes += stream.content.size();
    if (stream.is_checking() && stream.done == stream.to_check)
      end_check(stream);
    else if (stream.left() == 0 && !stream.file->ended_early)
      stream.file->chunks[stream.place] = end_of(stream.pass(), stream);
  }
  note_progress(stripe);
}

Fingerprint fingerprint_of(const Pass& pass, const DataChunks& data,
                           std::span<const Fingerprint> chunks) {
  const Fingerprint hole = data.is_all() ? Fingerprint{} : fingerprint_of_hole(pass);
  if (data.count() == 1) return with_chunks(data.size() == 0 ? hole : chunks.front(), 1);
  ListHash list{pass.terms.tagger};
  std::uint32_t next = 0;
  for (std::size_t place = 0; place < data.size(); ++place) {
    list.add(hole, data[place] - next);
    list.add(chunks[place], 1);
    next = data[place] + 1;
  }
  list.add(hole, data.count() - next);
  return with_chunks(list.finish(), data.count());
}

std::vector<Fingerprint> all_chunks(const Pass& pass, const DataChunks& data,
                                    const std::vector<Fingerprint>& chunks) {
  constexpr std::uint32_t most = 1U << 16U;
  if (data.is_all()) return chunks;
  if (data.count() > most) return {};
  std::vector<Fingerprint> all(data.count(), fingerprint_of_hole(pass));
  for (std::size_t place = 0; place < data.size(); ++place) all[data[place]] = chunks[place];
  return all;
}

}  // namespace syncline::engine
