// Time since the machine started, suspension included. A loop's interval is a promise to people,
// and their hour goes on while the machine sleeps; wall time would do worse, for it is set.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "outlets/descriptor.h"

#include <chrono>
#include <stop_token>

namespace syncline::cli {

struct BootClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootClock>;
  static constexpr bool is_steady = true;

  static time_point now();
};

/// Sleeps; a stop request ends it at once.
class Sleeper {
 public:
  Sleeper();

  /// False where a stop is or was requested; then it does not matter what time it is.
  [[nodiscard]] bool sleep_until(BootClock::time_point due, const std::stop_token& stop) const;

 private:
  Descriptor timer_;
  Descriptor wake_;
};

}  // namespace syncline::cli
