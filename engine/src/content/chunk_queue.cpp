// SPDX-License-Identifier: MIT
#include "content/chunk_queue.h"

#include "content/read_chunks.h"

#include <algorithm>
#include <utility>

namespace syncline::engine {
namespace {

// A stripe of fewer streams is not worth a worker of its own: with AVX-512 eight streams take 5.1
// GB/s of the 8 that 32 take, four 2.6.
constexpr std::uint64_t least_share = 8;

// 256 MiB asked for ahead of the reading: enough for the lanes of a worker, and for memory to hold
// it until it is read.
constexpr std::size_t most_in_order = 32;

// Of a chunk that an interrupted copy holds part of.
void begin_with_kept(ChunkStream& stream) {
  if (stream.file->marks.empty()) return;
  const ChunkMark& mark = stream.file->marks[stream.index];
  if (mark.is_believed && mark.bytes > 0) {
    stream.done = mark.bytes;
    stream.md5 = md5::Stream{mark.md5, mark.bytes};
    stream.tag = tag::ChunkTag{mark.tag};
  } else {
    stream.to_check = mark.bytes;
  }
}

std::uint64_t chunks_of(const ChunkedFile& file) {
  return file.file.task.source.identity.size / chunk_bytes + 1;
}

}  // namespace

void ChunkQueue::add(const std::vector<ChunkedFileRef>& files) {
  const std::scoped_lock lock{mutex_};
  for (const ChunkedFileRef& file : files) {
    unclaimed_ += chunks_of(*file);
    const auto place = std::ranges::upper_bound(
        waiting_, file->rank, {}, [](const ChunkedFileRef& other) -> auto& { return other->rank; });
    waiting_.insert(place, file);
  }
}

Rank ChunkQueue::next_rank() const {
  const std::scoped_lock lock{mutex_};
  if (!offering_.empty()) return offering_.front()->rank;
  return waiting_.empty() ? Rank{} : waiting_.front()->rank;
}

std::size_t ChunkQueue::stripes_to_start() {
  const std::scoped_lock lock{mutex_};
  if (!can_claim() && !can_open_next()) return 0;
  const std::uint64_t useful = (unclaimed_ + least_share - 1) / least_share;
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(limits_.stripes, useful));
  if (stripes_ >= wanted) return 0;
  return wanted - std::exchange(stripes_, wanted);
}

std::vector<ChunkedFileRef> ChunkQueue::refill(Pass& pass, Stripe& stripe) {
  Done done;
  std::unique_lock lock{mutex_};
  while (stripe.streams.size() < share()) {
    if (pass.brakes.stopping()) {
      give_up_waiting(done);
      break;
    }
    if (can_claim())
      stripe.streams.push_back(claim(pass.terms.options.digest_backend));
    else if (can_open_next())
      take_next(pass, lock, done);
    else
      break;
  }
  if (stripe.streams.empty()) --stripes_;
  return done;
}

std::vector<ChunkedFileRef> ChunkQueue::release_ended(Stripe& stripe) {
  Done done;
  std::erase_if(stripe.streams, [&](const ChunkStream& stream) {
    if (!stream.ended()) return false;
    const std::scoped_lock lock{mutex_};
    release(stream.file, done);
    return true;
  });
  return done;
}

bool ChunkQueue::at_rest() const {
  const std::scoped_lock lock{mutex_};
  return waiting_.empty() && offering_.empty() && open_files_ == 0 && in_order_ == 0 &&
         stripes_ == 0 && unclaimed_ == 0 && under_way_ == 0;
}

bool ChunkQueue::can_claim() const {
  if (offering_.empty()) return false;
  return offering_.front()->access == filesystem::Access::anywhere || in_order_ < most_in_order;
}

bool ChunkQueue::can_open_next() const {
  return offering_.empty() && !waiting_.empty() && open_files_ < limits_.open_files;
}

std::size_t ChunkQueue::share() const {
  const std::uint64_t each = (unclaimed_ + under_way_ + limits_.workers - 1) / limits_.workers;
  return static_cast<std::size_t>(std::clamp<std::uint64_t>(each, least_share, stripe_streams));
}

ChunkStream ChunkQueue::claim(DigestBackend backend) {
  const ChunkedFileRef file = offering_.front();
  ++file->outstanding;
  if (file->access == filesystem::Access::in_order) ++in_order_;
  --unclaimed_;
  ++under_way_;
  const std::uint32_t index = file->to_read[file->claimed++];
  ChunkStream stream{.file = file,
                     .index = index,
                     .place = file->data.place_of(index),
                     .content = {},
                     .md5 = md5::Stream{backend}};
  begin_with_kept(stream);
  if (file->claimed == file->to_read.size()) offering_.pop_front();
  return stream;
}

void ChunkQueue::take_next(Pass& pass, std::unique_lock<std::mutex>& lock, Done& done) {
  const ChunkedFileRef file = std::move(waiting_.front());
  waiting_.pop_front();
  unclaimed_ -= chunks_of(*file);
  ++open_files_;
  lock.unlock();
  open_chunked(pass, *file);
  lock.lock();
  if (file->ended_early || file->to_read.empty()) {
    close(file, done);
  } else {
    unclaimed_ += file->to_read.size();
    offering_.push_back(file);
  }
}

void ChunkQueue::give_up_waiting(Done& done) {
  for (const ChunkedFileRef& file : waiting_) {
    unclaimed_ -= chunks_of(*file);
    end_early(*file, Progress::dropped);
    done.push_back(file);
  }
  waiting_.clear();
  for (const ChunkedFileRef& file : std::exchange(offering_, {})) {
    unclaimed_ -= file->to_read.size() - file->claimed;
    file->claimed = static_cast<std::uint32_t>(file->to_read.size());
    end_early(*file, Progress::dropped);
    if (file->outstanding == 0) close(file, done);
  }
}

void ChunkQueue::release(const ChunkedFileRef& file, Done& done) {
  --file->outstanding;
  --under_way_;
  if (file->access == filesystem::Access::in_order) --in_order_;
  if (file->ended_early && file->claimed != file->to_read.size()) {
    unclaimed_ -= file->to_read.size() - file->claimed;
    file->claimed = static_cast<std::uint32_t>(file->to_read.size());
    std::erase(offering_, file);
  }
  if (file->claimed == file->to_read.size() && file->outstanding == 0) close(file, done);
}

void ChunkQueue::close(const ChunkedFileRef& file, Done& done) {
  --open_files_;
  done.push_back(file);
}

}  // namespace syncline::engine
