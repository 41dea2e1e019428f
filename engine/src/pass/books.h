// What was done, and how far that has come: counted everywhere, and read only to be told. Nothing
// is decided by it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "judge/standing.h"
#include "pass/shared_tally.h"
#include "pass/under_way.h"
#include "pass/unkept.h"

#include "syncline/event.h"
#include "syncline/progress.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>

namespace syncline::engine {

/// Thread-safe. The rest of the summary is made from the events.
struct Books {
  std::array<std::atomic<std::uint64_t>, kinds> source_kinds{};
  SharedTally proved;
  std::array<SharedTally, standings> files;  ///< of one size on both sides, by Standing
  SharedTally to_compare;
  SharedTally again;
  std::atomic<std::uint64_t> ctime_moved{0};
  std::atomic<std::uint64_t> silent{0};
  std::atomic<std::uint64_t> doubtful{0};
  std::atomic<std::uint64_t> repaired{0};
  std::atomic<std::int64_t> oldest_proof_s{std::numeric_limits<std::int64_t>::max()};
  std::atomic<std::uint64_t> moved_folders{0};
  SharedTally moved_files;  ///< those in moved folders included
  SharedTally left_alone;
  SharedTally removed;
  /// How far it has come (Progress). `done` may be ahead of or behind the truth by what is between
  /// two stages, and is exact in the end; its sums may wrap round on the way.
  std::atomic<Stage> stage{Stage::walking};
  SharedTally work;
  SharedTally done;
  std::atomic<std::uint64_t> to_secure{0};
  std::atomic<std::uint64_t> secured{0};
  std::atomic<std::uint64_t> links{0};
  std::atomic<std::uint64_t> linked{0};
  std::atomic<std::uint64_t> bytes_read{0};
  std::atomic<std::uint64_t> bytes_written{0};
  std::atomic<std::uint64_t> bytes_hashed{0};
  UnkeptCounts unkept;
  UnderWay under_way;
};

}  // namespace syncline::engine
