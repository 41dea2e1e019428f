// SPDX-License-Identifier: MIT
#include "filter/rules.h"
#include "plan/count.h"
#include "plan/plan_file.h"
#include "plan/plan_writer.h"
#include "plan/refuse.h"
#include "plan/step_numbers.h"

#include "syncline/plan.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace syncline {

using namespace planning;

namespace {

filter::Rules rules_of(const std::vector<std::string>& patterns) {
  std::vector<FilterRule> rules;
  for (const std::string& pattern : patterns) rules.push_back({.pattern = pattern});
  return filter::Rules{rules};
}

// The entry itself, or a folder that it is in.
bool matches(const filter::Rules& rules, std::string_view path, bool is_folder) {
  if (rules.empty() || path == ".") return false;
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    filter::Path at{"/", begin == 0 ? std::string_view{"."} : path.substr(0, begin - 1)};
    at.set_name(path.substr(begin, end - begin));
    if (rules.hides(at, is_folder || end < path.size())) return true;
    begin = end + 1;
  }
  return false;
}

class Selection {
 public:
  Selection(PlanReader& plan, const PlanCut& cut)
      : only_(rules_of(cut.only)), without_(rules_of(cut.without)), stays_(plan.steps() + 1) {
    while (const auto step = plan.next()) {
      stays_[step->number] = takes(*step) && may_stay(*step);
      if (!stays_[step->number]) note_left_out(*step);
      if (step->in) needed_.note(2 * step->number, *step->in);
      if (step->from) needed_.note(2 * step->number + 1, *step->from);
    }
    for (std::uint64_t number = plan.steps(); number > 0; --number)
      for (const std::uint64_t key : {2 * number, 2 * number + 1})
        if (const auto needed = stays_[number] ? needed_.of(key) : 0) stays_[needed] = true;
  }

  [[nodiscard]] bool stays(const PlanStep& step) const { return stays_[step.number]; }

 private:
  [[nodiscard]] bool takes(const PlanStep& step) const {
    const std::string path = step.action.path.whole();
    const bool is_folder = step.action.kind == Kind::folder;
    return (only_.empty() || matches(only_, path, is_folder)) &&
           !matches(without_, path, is_folder);
  }

  // What is in a folder goes before it does.
  [[nodiscard]] bool may_stay(const PlanStep& step) const {
    const auto& there = step.action.given.destination;
    return step.action.verb != Verb::remove || !there || !keep_something_.contains(there->id);
  }

  void note_left_out(const PlanStep& step) {
    const Action& action = step.action;
    if (action.verb == Verb::remove) keep_something_.insert(action.given.folder);
    if (action.verb == Verb::move && !step.from) keep_something_.insert(action.given.from_folder);
  }

  const filter::Rules only_;
  const filter::Rules without_;
  std::vector<bool> stays_;          ///< by number
  StepNumbers needed_;               ///< by twice the number of the step that needs them
  std::set<FileId> keep_something_;  ///< folders
};

}  // namespace

std::uint64_t cut_plan(const std::string& from, const std::string& to, const PlanCut& cut) {
  try {
    PlanReader plan{from};
    PlanFile file{to};
    const Selection selection{plan, cut};
    const PlanWriter::Lines nobody;
    PlanWriter writer{&file, nobody};
    PlanHeader header = plan.header();
    header.is_cut = true;
    writer.begin(header);
    PlanTotals totals;
    totals.source = plan.totals().source;
    totals.destination = plan.totals().destination;
    totals.failures = plan.totals().failures;
    totals.held = plan.totals().held;
    StepNumbers renumbered;
    const auto now = [&](std::optional<std::uint64_t>& step) {
      if (step) step = renumbered.of(*step);
    };
    plan.rewind();
    while (auto step = plan.next()) {
      if (!selection.stays(*step)) continue;
      const std::uint64_t before = step->number;
      now(step->in);
      now(step->from);
      writer.add(*step);
      renumbered.note(before, step->number);
      count(totals, step->action);
    }
    writer.end(totals);
    return writer.steps();
  } catch (const filesystem::SystemError& error) {
    refuse_as_unusable(to, error);
  }
}

}  // namespace syncline
