// What ends a pass before its time, or forbids it to delete.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"
#include "syncline/held_deletions.h"
#include "syncline/refusal.h"

#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace syncline::engine {

/// Thread-safe.
class Brakes {
 public:
  explicit Brakes(std::stop_token stop) : stop_(std::move(stop)) {}

  /// True once the user, or a finding that makes going on wrong, wants the pass to end.
  [[nodiscard]] bool stopping() const {
    return stop_.stop_requested() || abandoned_.load(std::memory_order_relaxed);
  }
  /// What the user asks by.
  [[nodiscard]] const std::stop_token& token() const { return stop_; }

  /// Ends the pass. The first such refusal is what it is ended for.
  void abandon(Refusal why);
  void abandon(const std::exception& error) {
    abandon({.code = RefusalCode::cannot_go_on, .cause = error.what()});
  }
  [[nodiscard]] std::optional<Refusal> why_abandoned() const;
  [[nodiscard]] bool is_abandoned() const { return abandoned_.load(std::memory_order_relaxed); }

  /// Nothing may be deleted in this pass, because part of the trees could not be seen.
  void suppress_deletions(HeldDeletions why);
  void suppress_deletions(const Failure& failure, HeldCode code = HeldCode::unseen) {
    suppress_deletions({.code = code, .failure = failure});
  }
  /// What could not be seen is looked for again.
  void allow_deletions_again();
  /// The first reason, and how many there were; none while they may.
  [[nodiscard]] std::optional<HeldDeletions> why_deletions_suppressed() const;
  [[nodiscard]] bool suppresses_deletions() const;

  /// Part of the trees was not seen, whether that forbids deletions or not.
  void note_unseen() { has_unseen_ = true; }
  [[nodiscard]] bool has_unseen() const { return has_unseen_; }

  /// Something that the source lacks is left in the destination for being protected there, rather
  /// than excluded from all.
  void note_protected() { has_protected_ = true; }
  [[nodiscard]] bool has_protected() const { return has_protected_; }

 private:
  const std::stop_token stop_;
  std::atomic<bool> abandoned_{false};
  std::atomic<bool> has_unseen_{false};
  std::atomic<bool> has_protected_{false};
  mutable std::mutex mutex_;  // for all that follows
  std::optional<Refusal> why_abandoned_;
  std::optional<HeldDeletions> why_suppressed_;
};

}  // namespace syncline::engine
