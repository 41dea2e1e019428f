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
  const char* why = "another program uses it, and did not let it go";
  if (failure.error_number == EAGAIN)
    why = "another program holds a lease on it, and did not give it back";
  if (failure.error_number == ETXTBSY) why = "it is a program that runs, and did not end";
  failure.detail = "could not " + failure.operation + ": " + why;
}

}  // namespace syncline::engine
