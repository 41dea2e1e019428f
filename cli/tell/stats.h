// The figures of a pass in the shape of rsync's --stats, for those who read that shape: only those
// of its lines that are true of a run which sends nothing.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/mirror.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace syncline::cli {

/// Actions by the kind of their entries.
struct ActionCounts {
  using Counts = std::array<std::uint64_t, kinds>;
  Counts created{};
  Counts removed{};
  Tally copied;  ///< regular files, and the size of these

  void add(const Action& action);
};

/// `human_readable`: how many times sizes are asked to be for people (rsync_number()).
std::vector<std::string> statistics(const Summary& summary, const ActionCounts& counts,
                                    unsigned human_readable);

}  // namespace syncline::cli
