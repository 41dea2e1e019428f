// SPDX-License-Identifier: MIT
#include "walk/batch_counts.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace syncline::engine {

void BatchCounts::meet(const std::optional<Entry>& source,
                       const std::optional<Entry>& destination) {
  if (source) {
    add(source_, *source);
    ++source_kinds_.at(static_cast<std::size_t>(source->kind));
  }
  if (destination) add(destination_, *destination);
}

void BatchCounts::note(Standing standing, const Remembered* known, const Entry& source) {
  add(files_.at(static_cast<std::size_t>(standing)), source);
  if (standing == Standing::proved) oldest_proof_s_ = std::min(oldest_proof_s_, known->proved_s);
  if (standing == Standing::source_moved &&
      is_unmoved(known->source, source.identity, IdentityRule::size_and_mtime))
    ++ctime_moved_;
}

void BatchCounts::will_copy(const Entry& source, const std::optional<Entry>& destination) {
  const std::uint64_t size = std::min(source.identity.size, source.allocated);
  const std::uint64_t old = destination ? destination->allocated : 0;
  if (size > old) to_copy_bytes_ += size - old;
}

void BatchCounts::finish(Pass& pass, std::vector<Event>& events) const {
  Census& census = pass.census;
  if (auto notice = pass.replica.room.want(to_copy_bytes_, census.extraneous.value().bytes))
    events.emplace_back(*std::move(notice));
  census.source.add(source_);
  census.destination.add(destination_);
  Books& books = pass.books;
  for (std::size_t i = 0; i < kinds && !pass.terms.deletes_only; ++i)
    if (source_kinds_.at(i) > 0) books.source_kinds.at(i) += source_kinds_.at(i);
  books.moved_files.add(moved_);
  books.left_alone.add(left_alone_);
  for (std::size_t i = 0; i < files_.size(); ++i) books.files.at(i).add(files_.at(i));
  books.ctime_moved += ctime_moved_;
  for (auto known = books.oldest_proof_s.load(); oldest_proof_s_ < known;)
    if (books.oldest_proof_s.compare_exchange_weak(known, oldest_proof_s_)) break;
}

}  // namespace syncline::engine
