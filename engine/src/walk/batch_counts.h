// What is counted of a batch, added to what all share once, at its end.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/rows.h"
#include "judge/standing.h"
#include "model/entry.h"
#include "pass/pass.h"

#include "syncline/event.h"
#include "syncline/mirror.h"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace syncline::engine {

/// For one thread.
class BatchCounts {
 public:
  /// A name was met, with what is there.
  void meet(const std::optional<Entry>& source, const std::optional<Entry>& destination);
  void leave_alone(const Entry& source) { add(left_alone_, source); }
  void move(const Entry& source) { add(moved_, source); }
  /// A file of one size on both sides. `known`: what is remembered of it, if anything.
  void note(Standing standing, const Remembered* known, const Entry& source);
  /// The least that a copy adds to what is on the disk.
  void will_copy(const Entry& source, const std::optional<Entry>& destination);

  /// Tells of a lack of room.
  void finish(Pass& pass, std::vector<Event>& events) const;

 private:
  static void add(Tally& tally, const Entry& entry) {
    ++tally.entries;
    tally.bytes += content_bytes(entry);
  }

  Tally source_;
  Tally destination_;
  std::array<std::uint64_t, kinds> source_kinds_{};
  Tally left_alone_;
  Tally moved_;
  std::array<Tally, standings> files_;
  std::uint64_t ctime_moved_ = 0;
  std::int64_t oldest_proof_s_ = std::numeric_limits<std::int64_t>::max();
  std::uint64_t to_copy_bytes_ = 0;
};

}  // namespace syncline::engine
