// The steps of a plan, by the paths that they are about: on disk, for there may be as many as a tree
// has entries. Whoever is about to do something asks whether it is one of them.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "applying/preconditions.h"
#include "index/sqlite.h"
#include "pass/admission.h"

#include "syncline/plan.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace syncline::applying {

/// Thread-safe once filled. Members throw SqliteError.
class PlannedSteps final : public engine::Admission {
 public:
  /// Reads all steps of `plan`, from the first one on.
  explicit PlannedSteps(PlanReader& plan);

  /// Before anything is asked. `goes_on`: what an earlier run has done of the plan is there.
  void meet(const MetRoots& roots, bool goes_on);

  [[nodiscard]] engine::Verbs allowed(const std::string& path, const Preconditions& now) override;
  [[nodiscard]] bool expects(const std::string& path, Verb verb) override;
  [[nodiscard]] engine::PlannedAs planned_as(const std::string& path) override;

  /// Whether the step with that number was met, and was as it had to be.
  [[nodiscard]] bool was_admitted(std::uint64_t number) const { return admitted_[number]; }
  /// None was.
  void forget_admitted();

 private:
  [[nodiscard]] bool has_steps_in(const std::string& folder);

  std::mutex mutex_;
  index::Connection connection_;
  index::Statement add_;
  index::Statement find_;
  index::Statement find_in_;
  std::vector<bool> admitted_;  ///< by number
  MetRoots roots_{};
  bool goes_on_ = false;
};

}  // namespace syncline::applying
