// Which steps may be done where a plan says it: whoever is about to do something asks whether it is
// one of them.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "applying/folders_with_steps.h"
#include "applying/moves.h"
#include "applying/preconditions.h"
#include "applying/step_file.h"
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
  void leave(const std::string& path) override;
  [[nodiscard]] bool awaits_move(const std::string& path, const FileId& id) override;
  [[nodiscard]] bool may_lack_mtime(const std::string& path) override;
  [[nodiscard]] bool expects(const std::string& path, Verb verb) override;
  [[nodiscard]] engine::PlannedAs planned_as(const std::string& path) override;

  /// Whether the step with that number was met, and was as it had to be.
  [[nodiscard]] bool was_admitted(std::uint64_t number) const { return admitted_[number]; }
  [[nodiscard]] bool were_all_admitted() const;
  /// None was.
  void forget_admitted();

 private:
  /// What the destination has where a step takes place.
  enum class Place : std::uint8_t { as_met, freed, to_be_freed, made_before, other };

  [[nodiscard]] bool is_moved(const std::optional<Precondition>& entry, bool is_planned);
  void note_moved(const Preconditions& now);
  [[nodiscard]] std::optional<Precondition> as_met(std::optional<Precondition> now);
  [[nodiscard]] bool is_of_cycle(const std::string& path, const Preconditions& now);
  [[nodiscard]] bool can_move(const PackedStep& step, const Preconditions& now);
  [[nodiscard]] Place place_of(const PackedStep& step, const Preconditions& now);
  static void add(engine::Verbs& verbs, Verb verb, Place place);

  std::mutex mutex_;  ///< of all but `steps_`
  Moves moves_;
  const StepFile steps_;
  std::optional<FoldersWithSteps> folders_;  ///< where it goes on
  std::vector<bool> admitted_;               ///< by number
  MetRoots roots_{};
};

}  // namespace syncline::applying
