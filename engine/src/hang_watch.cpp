// SPDX-License-Identifier: MIT
#include "hang_watch.h"

#include <algorithm>
#include <utility>

namespace syncline {
namespace {

using filesystem::LateCall;
using filesystem::syscalls::Call;

// To look costs 20 µs and wakes the processor.
constexpr std::chrono::milliseconds longest_pause{1000};
constexpr int looks_within_a_limit = 5;

std::chrono::milliseconds pause_for(const HangLimits& limits) {
  return std::clamp(std::min(limits.told_after, limits.given_up_after) / looks_within_a_limit,
                    std::chrono::milliseconds{1}, longest_pause);
}

bool is_flush(Call call) {
  return call == Call::flush || call == Call::flush_filesystem;
}

}  // namespace

HangWatch::HangWatch(filesystem::Calls& calls, std::stop_token stop, const HangLimits& limits,
                     Actions actions)
    : calls_(calls),
      stop_(std::move(stop)),
      limits_(limits),
      actions_(std::move(actions)),
      thread_([this](const std::stop_token& over) { watch(over); }) {}

void HangWatch::watch(const std::stop_token& over) {
  const auto pause = pause_for(limits_);
  std::unique_lock lock{mutex_};
  while (!over.stop_requested()) {
    over_.wait_for(lock, over, pause, [] { return false; });
    if (!over.stop_requested()) look(Clock::now());
  }
}

void HangWatch::look(Clock::time_point now) {
  if (!stopped_at_ && stop_.stop_requested()) stopped_at_ = now;
  const auto late = calls_.late(now);
  for (const LateCall& call : late)
    if (is_news(call)) actions_.tell(call);
  const auto hung =
      std::ranges::find_if(late, [&](const LateCall& call) { return is_given_up(call, now); });
  if (hung == late.end() || std::exchange(has_given_up_, true)) return;
  actions_.give_up(*hung);
}

// A slow disk takes long for each flush: once is enough.
bool HangWatch::is_news(const LateCall& call) {
  if (call.age < limits_.told_after || !told_.insert(call.number).second) return false;
  return !is_flush(call.call) || !std::exchange(has_told_of_flush_, true);
}

bool HangWatch::is_given_up(const LateCall& call, Clock::time_point now) const {
  return stopped_at_ && now - *stopped_at_ >= limits_.given_up_after &&
         call.age >= limits_.given_up_after;
}

}  // namespace syncline
