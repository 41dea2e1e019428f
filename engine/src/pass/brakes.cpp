// SPDX-License-Identifier: MIT
#include "pass/brakes.h"

namespace syncline::engine {

void Brakes::abandon(Refusal why) {
  const std::scoped_lock lock{mutex_};
  if (!why_abandoned_) why_abandoned_ = std::move(why);
  abandoned_ = true;
}

std::optional<Refusal> Brakes::why_abandoned() const {
  const std::scoped_lock lock{mutex_};
  return why_abandoned_;
}

void Brakes::suppress_deletions(HeldDeletions why) {
  const std::scoped_lock lock{mutex_};
  if (why_suppressed_)
    ++why_suppressed_->more;
  else
    why_suppressed_ = std::move(why);
}

void Brakes::allow_deletions_again() {
  const std::scoped_lock lock{mutex_};
  why_suppressed_.reset();
  has_unseen_ = false;
}

std::optional<HeldDeletions> Brakes::why_deletions_suppressed() const {
  const std::scoped_lock lock{mutex_};
  return why_suppressed_;
}

bool Brakes::suppresses_deletions() const {
  const std::scoped_lock lock{mutex_};
  return why_suppressed_.has_value();
}

}  // namespace syncline::engine
