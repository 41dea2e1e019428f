// A plan summed up: what it comes to, and what it removes where.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"
#include "syncline/plan.h"
#include "syncline/tally.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace syncline::cli {

/// Counts deletions by folder, with memory for so many: beyond that the deepest ones count as what
/// they lie in.
class DeletionTable {
 public:
  void add(const Action& action);

  /// The largest first, by bytes and then by entries.
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  static constexpr std::size_t most_folders = 10'000;
  static constexpr std::size_t most_lines = 20;

  void merge_deepest();

  std::map<std::string, Tally> folders_;
  std::size_t most_levels_ = std::size_t{1} << 20U;  ///< of a path
};

/// "12 new (3.4 GB), 1 changed (5 kB), ...": what `totals` come to.
std::string totals_words(const PlanTotals& totals);

/// In words, with `deletions` below.
std::vector<std::string> lines_of(const PlanHeader& header, const PlanTotals& totals,
                                  const DeletionTable& deletions);

/// Of a plan that was not written to a file.
std::vector<std::string> lines_of(const PlanTotals& totals, const DeletionTable& deletions);

}  // namespace syncline::cli
