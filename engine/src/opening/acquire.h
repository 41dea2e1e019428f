// Taking what another run may hold.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"
#include "syncline/mirror.h"
#include "syncline/options.h"

#include <chrono>
#include <stop_token>
#include <string>
#include <thread>

namespace syncline {

/// What `try_to` returns once that is something; where it is nothing, `in_use` says who holds it.
/// Whoever may not wait, or shall stop, gets Unusable; waiting is told to `observer` once.
template <typename Try, typename InUse>
auto acquire(const Options& options, Observer& observer, const std::stop_token& stop, Try try_to,
             InUse in_use) {
  // A run that ends takes its lock with it without telling anybody, so those who wait ask again.
  constexpr auto pause = std::chrono::milliseconds(100);
  for (bool is_told = false;; is_told = true) {
    if (auto taken = try_to()) return taken;
    if (stop.stop_requested())
      throw Unusable(Status::stopped, in_use() + ": stopped while waiting for that to end");
    if (!options.wait)
      throw Unusable(Status::busy, in_use() + ": wait until that has ended, or let --wait do so");
    if (!is_told) observer.on_event(Notice{.path = {}, .text = in_use() + ": waiting for its end"});
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace syncline
