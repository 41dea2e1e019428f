// Of what went away while it was looked at, the first few are told by name: where a folder goes, or
// a network file system's cache is stale, thousands are gone that no name says more of.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"

#include <cerrno>
#include <cstdint>

namespace syncline::cli {

/// Of one pass. How many there were, the summary says.
class Gone {
 public:
  /// Whether a line is to be spent on `failure`.
  bool deserves_line(const Failure& failure) {
    constexpr std::uint64_t most = 10;
    // What no system call missed never was there: a name in a list, which somebody has to mend.
    const bool was_missed = !failure.operation.empty() &&
                            (failure.error_number == ENOENT || failure.error_number == ESTALE);
    const bool is_gone = failure.kind == FailureKind::vanished || was_missed;
    return !is_gone || ++count_ <= most;
  }

 private:
  std::uint64_t count_ = 0;
};

}  // namespace syncline::cli
