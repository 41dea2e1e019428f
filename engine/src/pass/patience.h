// Not now is not no: what somebody else holds is asked for again.
//
// A lease on a file (fcntl(2), F_SETLEASE: Samba's oplocks and NFS's delegations) is given back
// when somebody opens it, or taken away after lease-break-time; until then opening it without
// waiting fails with EAGAIN (open(2)), and has begun to break the lease. A program that runs cannot
// be opened for writing (ETXTBSY), and servers refuse with EBUSY what one of their clients has
// open. Such work goes behind all other (flow/alarm.h), so that no worker waits, and is asked for
// again until a lease would be over.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"

#include <chrono>
#include <optional>

namespace syncline::engine {

/// Such an error may pass by itself.
bool may_pass(int error_number);

/// For how long something is asked for.
class Patience {
 public:
  using Clock = std::chrono::steady_clock;

  /// When to ask again; nullopt: it was asked for long enough. The first call begins the time.
  std::optional<Clock::time_point> next();
  /// Likewise; once that was long enough there is one try more, at once.
  Clock::time_point next_or_now() { return next().value_or(Clock::now()); }
  /// It was asked for long enough.
  [[nodiscard]] bool is_over() const { return until_ && Clock::now() >= *until_; }

 private:
  std::optional<Clock::time_point> until_;
  std::chrono::milliseconds pause_{10};
};

/// `failure`, which did not pass, in words that say what holds it.
void explain_held(Failure& failure);

}  // namespace syncline::engine
