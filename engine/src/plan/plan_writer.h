// A plan as it is written: numbers its steps, and seals it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "md5/sha256.h"
#include "plan/plan_file.h"

#include "syncline/plan.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace syncline::planning {

/// For one thread. Members throw Unusable.
class PlanWriter {
 public:
  using Lines = std::function<void(std::string_view)>;

  /// `file`: nullptr for none; must outlive it, and is finished by end(). `lines`: PlanOptions.
  PlanWriter(PlanFile* file, const Lines& lines) : file_(file), lines_(lines) {}

  void begin(const PlanHeader& header);
  /// Gives `step` its number.
  void add(PlanStep& step);
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  void end(const PlanTotals& totals);

 private:
  void write(std::string& line, const std::string& what);

  PlanFile* const file_;
  const Lines& lines_;
  md5::Sha256Stream hash_;
  std::string line_;
  std::uint64_t steps_ = 0;
};

}  // namespace syncline::planning
