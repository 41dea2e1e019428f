// The passes that go on together: one for each replica, over one and the same source.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/pass.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace syncline::engine {

/// At least one. Thread-safe, as far as a Pass is.
class Passes {
 public:
  /// They must outlive it.
  explicit Passes(std::vector<Pass*> all) : all_(std::move(all)) {}

  [[nodiscard]] auto begin() const { return all_.begin(); }
  [[nodiscard]] auto end() const { return all_.end(); }
  [[nodiscard]] std::size_t size() const { return all_.size(); }
  [[nodiscard]] std::size_t place_of(const Pass& pass) const {
    return static_cast<std::size_t>(std::ranges::find(all_, &pass) - all_.begin());
  }
  /// For what is the same for all: the source, what was asked for, and what the process may use.
  [[nodiscard]] Pass& any() const { return *all_.front(); }

  /// None of them goes on.
  [[nodiscard]] bool stopping() const {
    return std::ranges::all_of(all_, [](const Pass* pass) { return pass->brakes.stopping(); });
  }
  /// Ends all of them, for what went wrong cannot be laid to one alone.
  template <typename Why>
  void abandon(const Why& why) const {
    for (Pass* const pass : all_) pass->brakes.abandon(why);
  }

 private:
  std::vector<Pass*> all_;
};

}  // namespace syncline::engine
