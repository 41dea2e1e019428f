// SPDX-License-Identifier: MIT
#include "ending/hang_watch.h"

#include <algorithm>
#include <exception>
#include <system_error>
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

// What a stop lets be flushed takes a disk of 1 MB/s, or one that others write to, a minute.
constexpr int flush_factor = 12;

bool is_flush(Call call) {
  return call == Call::flush || call == Call::flush_filesystem;
}

}  // namespace

HangWatch::HangWatch(filesystem::Calls& calls, std::stop_token stop, const HangLimits& limits,
                     Actions actions)
    : calls_(calls), stop_(std::move(stop)), limits_(limits), actions_(std::move(actions)) {
  try {
    thread_ = std::jthread([this](const std::stop_token& over) { watch(over); });
  } catch (const std::system_error&) {
    return;  // no thread is to be had: the pass goes unwatched, and says itself what it lacks
  }
}

void HangWatch::watch(const std::stop_token& over) {
  const auto pause = pause_for(limits_);
  std::unique_lock lock{mutex_};
  while (!over.stop_requested()) {
    over_.wait_for(lock, over, pause, [] { return false; });
    if (!over.stop_requested()) look_unless_short(Clock::now());
  }
}

void HangWatch::look_unless_short(Clock::time_point now) {
  try {
    look(now);
  } catch (const std::exception&) {
    return;  // short of memory: the next look may fare better
  }
}

void HangWatch::look(Clock::time_point now) {
  if (!stopped_at_ && stop_.stop_requested()) stopped_at_ = now;
  const auto late = calls_.late(now);
  std::erase_if(told_, [&](std::uint64_t number) {
    return std::ranges::find(late, number, &LateCall::number) == late.end();
  });
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
  const auto limit = limits_.given_up_after * (is_flush(call.call) ? flush_factor : 1);
  return stopped_at_ && now - *stopped_at_ >= limit && call.age >= limit;
}

}  // namespace syncline
