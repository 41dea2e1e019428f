// The steps of a plan, by the paths that they are about: on disk, for there may be as many as a
// tree has entries. Whoever is about to do something asks whether it is one of them.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "applying/packed_step.h"
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

  [[nodiscard]] bool has_steps_in(const std::string& folder);
  [[nodiscard]] bool is_moved(const std::optional<Precondition>& entry, bool is_planned);
  [[nodiscard]] bool is_shifted(const FileId& id);
  void note_shifted(const Preconditions& now);
  [[nodiscard]] std::optional<Precondition> as_met(std::optional<Precondition> now);
  [[nodiscard]] bool is_of_cycle(const std::string& path, const Preconditions& now);
  [[nodiscard]] Place place_of(const PackedStep& step, const Preconditions& now);
  [[nodiscard]] bool holds(const PackedStep& step, const Preconditions& now);
  void add(engine::Verbs& verbs, const PackedStep& step, const Preconditions& now);

  std::mutex mutex_;
  index::Connection connection_;
  index::Statement add_;
  index::Statement find_;
  index::Statement find_in_;
  index::Statement add_moved_;
  index::Statement find_moved_;
  index::Statement add_shifted_;
  index::Statement find_shifted_;
  index::Statement add_exchanged_from_;
  index::Statement find_exchanged_from_;
  std::vector<bool> admitted_;  ///< by number
  MetRoots roots_{};
  bool goes_on_ = false;
};

}  // namespace syncline::applying
