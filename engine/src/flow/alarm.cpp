// SPDX-License-Identifier: MIT
#include "flow/alarm.h"

#include <algorithm>
#include <utility>

namespace syncline::engine {
namespace {

// While something waits, it is asked so often whether all is over.
constexpr std::chrono::milliseconds heed{50};

}  // namespace

void Alarm::at(Clock::time_point when, std::function<void()> what) {
  const std::scoped_lock lock{mutex_};
  // First, for it may be refused, and then nothing is to wait for it.
  if (!thread_.joinable())
    thread_ = std::jthread{[this](const std::stop_token& stop) { wait_and_do(stop); }};
  waiting_.emplace(when, std::move(what));
  changed_.notify_all();
}

void Alarm::wait_and_do(const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  while (changed_.wait(lock, stop, [&] { return !waiting_.empty(); })) {
    const auto first = waiting_.begin();
    const auto now = Clock::now();
    if (now < first->first && !is_over_()) {
      changed_.wait_until(lock, stop, std::min(first->first, now + heed), [] { return false; });
      continue;
    }
    const auto what = std::move(first->second);
    waiting_.erase(first);
    lock.unlock();
    what();
    lock.lock();
  }
}

}  // namespace syncline::engine
