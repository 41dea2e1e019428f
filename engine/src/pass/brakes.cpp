// SPDX-License-Identifier: MIT
#include "pass/brakes.h"

namespace syncline::engine {

void Brakes::abandon(const std::string& why) {
  const std::scoped_lock lock{mutex_};
  if (why_abandoned_.empty()) why_abandoned_ = why;
  abandoned_ = true;
}

std::string Brakes::why_abandoned() const {
  const std::scoped_lock lock{mutex_};
  return why_abandoned_;
}

void Brakes::suppress_deletions(const std::string& why) {
  const std::scoped_lock lock{mutex_};
  if (suppressed_times_++ == 0) why_suppressed_ = why;
}

void Brakes::suppress_deletions(const Failure& failure) {
  suppress_deletions("'" + failure.path + "': " + failure.detail);
}

void Brakes::allow_deletions_again() {
  const std::scoped_lock lock{mutex_};
  suppressed_times_ = 0;
  why_suppressed_.clear();
  has_unseen_ = false;
}

std::string Brakes::why_deletions_suppressed() const {
  const std::scoped_lock lock{mutex_};
  if (suppressed_times_ < 2) return why_suppressed_;
  return why_suppressed_ + " (and " + std::to_string(suppressed_times_ - 1) + " more)";
}

}  // namespace syncline::engine
