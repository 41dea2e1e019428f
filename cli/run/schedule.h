// When passes run: once, or again and again.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "log/log.h"
#include "tell/pass_observer.h"

#include "syncline/mirror.h"
#include "syncline/progress.h"

#include <chrono>
#include <functional>
#include <stop_token>

namespace syncline::cli {

/// mirror(), or what does as it does.
using Pass = std::function<Summary(const Options& options, Observer& observer,
                                   const std::stop_token& stop, ProgressProbe* progress)>;

/// One pass, its begin and its end told to `observer`.
Summary run_pass(Options options, PassObserver& observer, const std::stop_token& stop,
                 ProgressProbe* progress = nullptr, const Pass& pass = mirror);

/// A pass at once, then one every `interval` from start to start, until a stop is requested. Never
/// two at a time; one that takes longer is followed at once, and what was missed meanwhile is not
/// made up for.
///
/// A pass that fails is logged and the next one tries again, except the first: a path that was
/// mistyped must not be tried for ever, so that one throws.
Status run_loop(Options options, std::chrono::nanoseconds interval, const Log& log,
                PassObserver& observer, const std::stop_token& stop,
                ProgressProbe* progress = nullptr);

}  // namespace syncline::cli
