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
#include <utility>

namespace syncline {

/// What another run holds, and what that comes to for who wants it.
struct Occupied {
  NoticeCode waiting{};
  RefusalCode refusal{};
  RefusalCode stopped{};  ///< while waiting
  std::string path;
  std::string holder;  ///< who that is, for a person
};

[[noreturn]] inline void throw_stopped(Occupied held) {
  throw Unusable(
      Status::stopped,
      {.code = held.stopped, .path = std::move(held.path), .cause = std::move(held.holder)});
}

[[noreturn]] inline void throw_busy(Occupied held) {
  throw Unusable(Status::busy, {.code = held.refusal,
                                .path = std::move(held.path),
                                .cause = std::move(held.holder),
                                .allowance = Allowance::wait});
}

/// What `try_to` returns once that is something; where it is nothing, `in_use` says who holds it.
/// Whoever may not wait, or shall stop, gets Unusable; waiting is told to `observer` once.
template <typename Try, typename InUse>
auto acquire(const Options& options, Observer& observer, const std::stop_token& stop, Try try_to,
             InUse in_use) {
  // A run that ends takes its lock with it without telling anybody, so those who wait ask again.
  constexpr auto pause = std::chrono::milliseconds(100);
  for (bool is_told = false;; is_told = true) {
    if (auto taken = try_to()) return taken;
    if (stop.stop_requested()) throw_stopped(in_use());
    if (!options.wait) throw_busy(in_use());
    if (!is_told) {
      const Occupied held = in_use();
      observer.on_event(
          Notice{.path = {}, .code = held.waiting, .name = held.path, .cause = held.holder});
    }
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace syncline
