// A pass, followed by a probe for as long as it runs.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/pass.h"
#include "pass/record.h"

#include "syncline/progress.h"

#include <chrono>
#include <optional>

namespace syncline {

/// While it lives, `probe` (which may be nullptr) has something to tell.
class Followed {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Of a pass that is only beginning: the time.
  Followed(ProgressProbe* probe, Time started);
  /// `pass` and `recorder` must outlive it. `expected`: what the last whole pass met.
  Followed(ProgressProbe* probe, Time started, const engine::Pass& pass,
           const engine::Recorder& recorder, std::optional<Tally> expected);
  Followed(const Followed&) = delete;
  Followed& operator=(const Followed&) = delete;
  ~Followed();

 private:
  ProgressProbe* const probe_;
};

}  // namespace syncline
