// apply(): the steps of a plan (plan.h), done; and nothing else.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"
#include "syncline/mirror.h"
#include "syncline/options.h"
#include "syncline/plan.h"

#include <stop_token>

namespace syncline {

class ProgressProbe;

struct ApplyOptions {
  /// If anything is not as the plan met it, or cannot be looked at, do nothing.
  bool all_or_nothing = false;
  /// Keep nothing to be taken back, whatever the plan says. Beside `how.undo` it counts for
  /// nothing.
  bool without_undo = false;
  /// How it is done: `began`, `dry_run`, `stop_at`, `hangs`, `wait`, `own_files`,
  /// `keep_partial_from`, `bytes_per_second`, `threads`, `io_threads`, `digest_backend` and `order`
  /// count, `undo` instead of the plan's, and `flush`, `verify` and `strict` beside the plan's. All
  /// else is as the plan has it, and the guard allows what the plan removes.
  Options how;
};

/// Does each step of the plan whose preconditions still hold. The others are left: each is a
/// Failure (FailureKind::left), and counts in Summary::left. What is as its step would make it is
/// neither.
///
/// With an index, a plan is done once: a second time throws Unusable. One that was stopped, or
/// killed, goes on.
///
/// Throws Unusable before anything is touched, as PlanReader and mirror() do; and where the roots
/// are others than the plan's. Thread-safe, as mirror() is; `plan` is read by one thread meanwhile.
Summary apply(PlanReader& plan, const ApplyOptions& options, Observer& observer,
              std::stop_token stop, ProgressProbe* progress = nullptr);

}  // namespace syncline
