// What the program ends with.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/mirror.h"

namespace syncline::cli {

/// Nothing went wrong, whether or not anything differed.
constexpr bool is_good(Status status) {
  return status == Status::done || status == Status::differs;
}

/// That of the pass; where nothing went wrong and `tells_differences`, whether it found any.
inline Status exit_status(const Summary& summary, bool tells_differences) {
  const Status status = summary.status();
  const bool differs = tells_differences && summary.found_differences();
  return status == Status::done && differs ? Status::differs : status;
}

}  // namespace syncline::cli
