// How a pass gets on: rates, the part that is done, and how long the rest will take, as far as that
// can be said. Pure: the clock comes with the samples.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/progress.h"

#include <chrono>
#include <deque>
#include <optional>

namespace syncline::cli {

struct Headway {
  Progress now;
  Tally settled;             ///< of Progress::source, what nothing more has to be done with
  double bytes_per_s = 0;    ///< over the last seconds
  double entries_per_s = 0;  ///< likewise
  double mean_bytes_per_s = 0;
  /// What `part` and `left` rely on is the last pass, not what was found by this one.
  bool is_estimate = false;
  std::optional<double> part;                ///< done, 0 to 1
  std::optional<std::chrono::seconds> left;  ///< at the rates of the last seconds
};

class HeadwayMeter {
 public:
  /// Samples come in the order of their time.
  Headway add(const Progress& now);

 private:
  struct Sample {
    std::chrono::nanoseconds at{};
    Tally done;
    std::uint64_t done_bytes = 0;
    Tally settled;
  };
  std::deque<Sample> samples_;  ///< of the last seconds
  Stage stage_ = Stage::opening;
};

}  // namespace syncline::cli
