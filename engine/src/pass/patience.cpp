// SPDX-License-Identifier: MIT
#include "pass/patience.h"

#include "filesystem/process.h"

#include <algorithm>
#include <cerrno>

namespace syncline::engine {
namespace {

constexpr std::chrono::seconds beyond_lease{1};  // the kernel looks once a second
constexpr std::chrono::milliseconds longest_pause{500};

}  // namespace

bool may_pass(int error_number) {
  return error_number == EAGAIN || error_number == EBUSY || error_number == ETXTBSY;
}

std::optional<Patience::Clock::time_point> Patience::next() {
  const auto now = Clock::now();
  if (!until_) until_ = now + filesystem::lease_break_time() + beyond_lease;
  if (now >= *until_) return std::nullopt;
  const auto when = std::min(now + pause_, *until_);
  pause_ = std::min(2 * pause_, longest_pause);
  return when;
}

void explain_held(Failure& failure) {
  failure.code = FailureCode::busy;
  if (failure.error_number == EAGAIN) failure.code = FailureCode::leased;
  if (failure.error_number == ETXTBSY) failure.code = FailureCode::running;
}

}  // namespace syncline::engine
