// Who reads which chunk: the files that wait, in order, and the stripes that take their chunks.
// What several replicas make of one file is claimed for all of them at a time, to be read once.
//
// A stripe with many streams hashes fastest, several stripes keep several workers busy. So as long
// as there are chunks enough every stripe is filled; when they get fewer, each hashing worker has
// an equal share of all that are not done with.
//
// Chunks are claimed file by file, from the first to the last. On storage that is read in order
// each is asked for as a whole when it is claimed (read.cpp), so that the disk sees one long
// request after the other while the lanes are full; how many are asked for at a time is limited.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "pass/passes.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

namespace syncline::engine {

/// Thread-safe. No member waits for a disk while it holds the lock.
class ChunkQueue {
 public:
  struct Limits {
    std::size_t stripes;     ///< under way at a time
    std::size_t workers;     ///< that hash
    std::size_t open_files;  ///< opened and not done yet
  };

  ChunkQueue(const Passes& passes, Limits limits) : passes_(passes), limits_(limits) {}

  void add(std::vector<Reading> readings);

  /// The rank of what is begun next; the least one where that is known already.
  [[nodiscard]] Rank next_rank() const;

  /// How many stripes to start now, each of them counted until a refill leaves it empty. To be
  /// asked whenever chunks may have come within reach: after add, refill and release.
  [[nodiscard]] std::size_t stripes_to_start();

  /// Gives chunks to the free places of `stripe`, opening files as needed. A stripe that is empty
  /// afterwards is over. Returns the files that are done with by that: those that could not be
  /// opened, and all that wait once no pass goes on.
  std::vector<ChunkedFileRef> refill(Stripe& stripe);

  /// Takes the streams that have ended out of `stripe`. Returns the files that are done with by
  /// that, their progress being final.
  std::vector<ChunkedFileRef> release_ended(Stripe& stripe);

  /// No file is known and no stripe under way: as it must be when a pass is over.
  [[nodiscard]] bool at_rest() const;

 private:
  using Done = std::vector<ChunkedFileRef>;

  [[nodiscard]] bool can_claim() const;
  [[nodiscard]] bool can_open_next() const;
  [[nodiscard]] std::size_t share() const;
  [[nodiscard]] bool has_room(const Stripe& stripe) const;
  void claim(Stripe& stripe);
  ChunkStream claim_of(const ChunkedFileRef& file);
  void take_next(std::unique_lock<std::mutex>& lock, Done& done);
  void offer(Reading reading);
  void give_up_waiting(Done& done);
  void release(const ChunkedFileRef& file, Done& done);
  void withdraw(const ChunkedFileRef& file);
  void close(const ChunkedFileRef& file, Done& done);

  const Passes passes_;
  const Limits limits_;
  mutable std::mutex mutex_;
  std::deque<Reading> waiting_;   ///< not opened yet, by rank
  std::deque<Reading> offering_;  ///< open, with a chunk to claim now; the oldest first
  std::uint64_t readings_ = 0;    ///< that were offered
  std::size_t open_files_ = 0;
  std::size_t in_order_ = 0;  ///< chunks under way on storage that is read in order
  std::size_t stripes_ = 0;
  std::uint64_t unclaimed_ = 0;  ///< chunks, of each file
  std::uint64_t under_way_ = 0;  ///< chunks
};

}  // namespace syncline::engine
