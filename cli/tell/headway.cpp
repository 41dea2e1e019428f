// SPDX-License-Identifier: MIT
#include "tell/headway.h"

#include "text/units.h"

#include <algorithm>
#include <cmath>

namespace syncline::cli {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

// Long enough for a group of files that is flushed together, short enough to follow a disk that
// becomes slow.
constexpr std::chrono::nanoseconds window = 15s;
// Sooner than this, rates say nothing.
constexpr std::chrono::nanoseconds too_soon = 2s;

std::uint64_t missing(std::uint64_t done, std::uint64_t all) {
  return all > done ? all - done : 0;
}

Tally settled_of(const Progress& now) {
  return {.entries = missing(missing(now.done.entries, now.work.entries), now.source.entries),
          .bytes = missing(missing(now.done.bytes, now.work.bytes), now.source.bytes)};
}

// Bytes that are copied or read, and those that are flushed and read back.
std::uint64_t all_bytes(const Progress& now) {
  return now.work.bytes + now.to_secure;
}
std::uint64_t done_bytes(const Progress& now) {
  return now.done.bytes + now.secured;
}

std::optional<double> part_of(std::uint64_t done, std::uint64_t all) {
  if (all == 0) return std::nullopt;
  return std::min(1.0, static_cast<double>(done) / static_cast<double>(all));
}

/// Nothing where it would take for ever.
std::optional<double> seconds_for(std::uint64_t left, double per_second) {
  if (left == 0) return 0;
  if (per_second <= 0) return std::nullopt;
  return static_cast<double>(left) / per_second;
}

std::optional<seconds> longer(std::optional<double> a, std::optional<double> b) {
  if (!a || !b) return std::nullopt;
  constexpr double most = 1e9;
  return seconds(std::llround(std::min(std::max(*a, *b), most)));
}

// The last pass has met so much; where this one has met more by now, that is no measure any more.
void estimate(Headway& headway, double settled_per_s, double work_per_s) {
  const Progress& now = headway.now;
  if (!now.expected || now.expected->entries <= now.source.entries) return;
  headway.is_estimate = true;
  headway.part = part_of(headway.settled.entries, now.expected->entries);
  headway.left =
      longer(seconds_for(missing(headway.settled.entries, now.expected->entries), settled_per_s),
             seconds_for(missing(done_bytes(now), all_bytes(now)), work_per_s));
}

}  // namespace

Headway HeadwayMeter::add(const Progress& now) {
  // --delete-before makes two passes of one.
  const bool begins_anew = !samples_.empty() && now.elapsed < samples_.back().at;
  if (begins_anew || (now.stage != stage_ && now.stage > Stage::copying)) samples_.clear();
  stage_ = now.stage;
  if (samples_.empty()) samples_.emplace_back();  // the beginning, when nothing was done
  Headway headway{.now = now, .settled = settled_of(now), .part = {}, .left = {}};
  samples_.push_back({.at = now.elapsed,
                      .done = now.done,
                      .done_bytes = done_bytes(now),
                      .settled = headway.settled});
  while (samples_.size() > 2 && samples_[1].at < now.elapsed - window) samples_.pop_front();

  const Sample& then = samples_.front();
  const auto passed = now.elapsed - then.at;
  headway.bytes_per_s = per_second(missing(then.done.bytes, now.done.bytes), passed);
  const double work_per_s = per_second(missing(then.done_bytes, done_bytes(now)), passed);
  headway.entries_per_s = per_second(missing(then.done.entries, now.done.entries), passed);
  headway.mean_bytes_per_s = per_second(now.done.bytes, now.elapsed);
  if (now.stage == Stage::walking) {
    estimate(headway, per_second(missing(then.settled.entries, headway.settled.entries), passed),
             work_per_s);
  } else if (now.stage == Stage::copying) {
    headway.part = part_of(done_bytes(now), all_bytes(now));
    if (!headway.part) headway.part = part_of(now.done.entries, now.work.entries);
    headway.left =
        longer(seconds_for(missing(done_bytes(now), all_bytes(now)), work_per_s),
               seconds_for(missing(now.done.entries, now.work.entries), headway.entries_per_s));
  }
  if (passed < too_soon) headway.left.reset();
  return headway;
}

}  // namespace syncline::cli
