// What leaves a replica waits in the quarantine of its pass, so that it can be taken back.
//
// What is overwritten gets its second name first, as a hard link, and then loses the first one to
// what takes its place: at no moment is there neither. Where the file system has no hard links, it
// is moved, and its place is empty for a moment, which is told.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "replica/disposal.h"
#include "replica/intentions.h"

#include <atomic>
#include <string>

namespace syncline::engine {

/// Thread-safe.
class Quarantine final : public Disposal {
 public:
  explicit Quarantine(Intentions& intentions) : intentions_(intentions) {}

  void make_way(Pass& pass, Folder& folder, const std::string& name) const override;
  void take(Pass& pass, Folder& folder, const std::string& name) const override;

  // It is kept by what it was, not by its name: so it may change places with something else.
  [[nodiscard]] bool keeps() const override { return false; }
  [[nodiscard]] bool keeps_beside() const override { return false; }
  [[nodiscard]] bool is_kept_beside(const std::string& /*name*/) const override { return false; }
  [[nodiscard]] bool is_root(const Entry& /*entry*/) const override { return false; }
  [[nodiscard]] bool holds_root(const Entry& /*entry*/) const override { return false; }

 private:
  Intentions& intentions_;
  mutable std::atomic<bool> has_told_{false};  ///< of a gap
};

}  // namespace syncline::engine
