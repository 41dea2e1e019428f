// Who reads which chunk: the files that wait, in order, and the stripes that take their chunks.
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
#include "pass/pass.h"

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

  explicit ChunkQueue(Limits limits) : limits_(limits) {}

  void add(const std::vector<ChunkedFileRef>& files);

  /// The rank of what is begun next; the least one where that is known already.
  [[nodiscard]] Rank next_rank() const;

  /// How many stripes to start now, each of them counted until a refill leaves it empty. To be
  /// asked whenever chunks may have come within reach: after add, refill and release.
  [[nodiscard]] std::size_t stripes_to_start();

  /// Gives chunks to the free places of `stripe`, opening files as needed. A stripe that is empty
  /// afterwards is over. Returns the files that are done with by that: those that could not be
  /// opened, and all that wait once the pass is ending.
  std::vector<ChunkedFileRef> refill(Pass& pass, Stripe& stripe);

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
  ChunkStream claim(DigestBackend backend);
  void take_next(Pass& pass, std::unique_lock<std::mutex>& lock, Done& done);
  void give_up_waiting(Done& done);
  void release(const ChunkedFileRef& file, Done& done);
  void close(const ChunkedFileRef& file, Done& done);

  const Limits limits_;
  mutable std::mutex mutex_;
  std::deque<ChunkedFileRef> waiting_;   ///< not opened yet, by rank
  std::deque<ChunkedFileRef> offering_;  ///< open, with a chunk to claim now; the oldest first
  std::size_t open_files_ = 0;
  std::size_t in_order_ = 0;  ///< chunks under way on storage that is read in order
  std::size_t stripes_ = 0;
  std::uint64_t unclaimed_ = 0;  ///< chunks
  std::uint64_t under_way_ = 0;  ///< chunks
};

}  // namespace syncline::engine
