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

const Rank& rank_of_first(const Reading& reading) {
  return reading.front()->rank;
}

// The same chunks of the same file.
bool may_be_read_together(const ChunkedFile& a, const ChunkedFile& b) {
  return a.file.task.reads != Reads::destination && b.file.task.reads != Reads::destination &&
         a.marks.empty() && b.marks.empty() && a.to_read == b.to_read &&
         a.file.task.source.identity == b.file.task.source.identity;
}

std::uint64_t chunks_of(const ChunkedFile& file) {
  return file.file.task.source.identity.size / chunk_bytes + 1;
}

}  // namespace

void ChunkQueue::add(std::vector<Reading> readings) {
  const std::scoped_lock lock{mutex_};
  for (Reading& reading : readings) {
    for (const ChunkedFileRef& file : reading) unclaimed_ += chunks_of(*file);
    const auto place = std::ranges::upper_bound(waiting_, reading.front()->rank, {}, rank_of_first);
    waiting_.insert(place, std::move(reading));
  }
}

Rank ChunkQueue::next_rank() const {
  const std::scoped_lock lock{mutex_};
  if (!offering_.empty()) return rank_of_first(offering_.front());
  return waiting_.empty() ? Rank{} : rank_of_first(waiting_.front());
}

std::size_t ChunkQueue::stripes_to_start() {
  const std::scoped_lock lock{mutex_};
  if (!can_claim() && !can_open_next()) return 0;
  const std::uint64_t useful = (unclaimed_ + least_share - 1) / least_share;
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(limits_.stripes, useful));
  if (stripes_ >= wanted) return 0;
  return wanted - std::exchange(stripes_, wanted);
}

std::vector<ChunkedFileRef> ChunkQueue::refill(Stripe& stripe) {
  Done done;
  std::unique_lock lock{mutex_};
  while (stripe.streams.size() < share()) {
    if (passes_.stopping()) {
      give_up_waiting(done);
      break;
    }
    if (can_claim() && has_room(stripe))
      claim(stripe);
    else if (can_open_next())
      take_next(lock, done);
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
  return offering_.front().front()->access == filesystem::Access::anywhere ||
         in_order_ < most_in_order;
}

bool ChunkQueue::can_open_next() const {
  if (!offering_.empty() || waiting_.empty()) return false;
  return open_files_ == 0 || open_files_ + waiting_.front().size() <= limits_.open_files;
}

std::size_t ChunkQueue::share() const {
  const std::uint64_t each = (unclaimed_ + under_way_ + limits_.workers - 1) / limits_.workers;
  return static_cast<std::size_t>(std::clamp<std::uint64_t>(each, least_share, stripe_streams));
}

bool ChunkQueue::has_room(const Stripe& stripe) const {
  return stripe.streams.size() + offering_.front().size() <= stripe_streams;
}

void ChunkQueue::claim(Stripe& stripe) {
  const Reading& reading = offering_.front();
  for (const ChunkedFileRef& file : reading) stripe.streams.push_back(claim_of(file));
  const ChunkedFile& any = *reading.front();
  if (any.claimed == any.to_read.size()) offering_.pop_front();
}

ChunkStream ChunkQueue::claim_of(const ChunkedFileRef& file) {
  ++file->outstanding;
  if (file->access == filesystem::Access::in_order) ++in_order_;
  --unclaimed_;
  ++under_way_;
  const std::uint32_t index = file->to_read[file->claimed++];
  ChunkStream stream{.file = file,
                     .index = index,
                     .place = file->data.place_of(index),
                     .content = {},
                     .md5 = md5::Stream{passes_.any().terms.options.digest_backend}};
  begin_with_kept(stream);
  return stream;
}

void ChunkQueue::take_next(std::unique_lock<std::mutex>& lock, Done& done) {
  Reading reading = std::move(waiting_.front());
  waiting_.pop_front();
  for (const ChunkedFileRef& file : reading) unclaimed_ -= chunks_of(*file);
  open_files_ += reading.size();
  lock.unlock();
  for (const ChunkedFileRef& file : reading) open_chunked(*file);
  lock.lock();
  std::erase_if(reading, [&](const ChunkedFileRef& file) {
    const bool is_over = file->ended_early || file->to_read.empty();
    if (is_over) close(file, done);
    return is_over;
  });
  offer(std::move(reading));
}

// Together, as far as they can be read together.
void ChunkQueue::offer(Reading reading) {
  while (!reading.empty()) {
    Reading rest;
    Reading together;
    for (ChunkedFileRef& file : reading) {
      const bool fits = together.empty() || may_be_read_together(*together.front(), *file);
      (fits ? together : rest).push_back(std::move(file));
    }
    ++readings_;
    for (const ChunkedFileRef& file : together) {
      unclaimed_ += file->to_read.size();
      file->reading = together.size() > 1 ? readings_ : 0;
    }
    offering_.push_back(std::move(together));
    reading = std::move(rest);
  }
}

void ChunkQueue::give_up_waiting(Done& done) {
  for (const Reading& reading : waiting_)
    for (const ChunkedFileRef& file : reading) {
      unclaimed_ -= chunks_of(*file);
      end_early(*file, Progress::dropped);
      done.push_back(file);
    }
  waiting_.clear();
  for (const Reading& reading : std::exchange(offering_, {}))
    for (const ChunkedFileRef& file : reading) {
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
    withdraw(file);
  }
  if (file->claimed == file->to_read.size() && file->outstanding == 0) close(file, done);
}

void ChunkQueue::withdraw(const ChunkedFileRef& file) {
  for (Reading& reading : offering_) std::erase(reading, file);
  std::erase_if(offering_, [](const Reading& reading) { return reading.empty(); });
}

void ChunkQueue::close(const ChunkedFileRef& file, Done& done) {
  --open_files_;
  done.push_back(file);
}

}  // namespace syncline::engine
