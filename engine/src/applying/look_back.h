// Why a step of a plan was not done, told after all others were.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "applying/preconditions.h"
#include "model/entry.h"
#include "pass/handles.h"

#include "syncline/failure.h"
#include "syncline/options.h"
#include "syncline/plan.h"

#include <optional>
#include <string>

namespace syncline::applying {

/// For one thread. Members throw SystemError.
class LookBack {
 public:
  /// `destination`: nullptr where it is not there. `kept`: what of the metadata was to be.
  LookBack(engine::Handles::Handle source, engine::Handles::Handle destination,
           const MetRoots& roots, KeptMetadata kept);

  /// nullopt: both sides are as if it had been done.
  [[nodiscard]] std::optional<FailureCode> why_left(const PlanStep& step) const;

 private:
  [[nodiscard]] bool has_metadata(const Entry& there, const Action& action) const;
  [[nodiscard]] bool is_done(const PlanStep& step, const std::optional<Entry>& source,
                             const std::optional<Entry>& there) const;

  const engine::Handles::Handle source_;
  const engine::Handles::Handle destination_;
  const MetRoots roots_;
  const KeptMetadata kept_;
};

}  // namespace syncline::applying
