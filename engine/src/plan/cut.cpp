// SPDX-License-Identifier: MIT
#include "filter/rules.h"
#include "plan/count.h"
#include "plan/plan_file.h"
#include "plan/plan_writer.h"
#include "plan/refuse.h"
#include "plan/step_numbers.h"

#include "syncline/plan.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace syncline {

using namespace planning;

namespace {

filter::Rules rules_of(const std::vector<std::string>& patterns) {
  std::vector<FilterRule> rules;
  rules.reserve(patterns.size());
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

/// Paths of steps, to be found by whatever is below them. There are as many as folders are moved or
/// give way.
class Above {
 public:
  void note(const std::string& path, std::uint64_t number) { numbers_[path] = number; }
  /// The nearest one that `path` is below, not itself.
  [[nodiscard]] std::uint64_t of(std::string path) const {
    if (numbers_.empty()) return 0;
    for (std::size_t end = path.rfind('/'); end != std::string::npos; end = path.rfind('/')) {
      path.resize(end);
      const auto found = numbers_.find(path);
      if (found != numbers_.end()) return found->second;
    }
    return 0;
  }

 private:
  std::map<std::string, std::uint64_t> numbers_;
};

class Selection {
 public:
  Selection(PlanReader& plan, const PlanCut& cut)
      : only_(rules_of(cut.only)), without_(rules_of(cut.without)), stays_(plan.steps() + 1) {
    while (const auto step = plan.next()) {
      stays_[step->number] = takes(*step) && may_stay(*step);
      if (!stays_[step->number]) note_left_out(*step);
      note_above(*step);
    }
    // What gives way does so before what is in it goes.
    plan.rewind();
    while (const auto step = plan.next()) {
      stays_[step->number] = stays_[step->number] && may_stay(*step);
      if (step->in) needed_.note(needs * step->number, *step->in);
      if (step->from) needed_.note(needs * step->number + 1, *step->from);
      const std::string path = step->action.path.whole();
      if (const auto moved = moved_.of(path)) needed_.note(needs * step->number + 2, moved);
      const auto replaced = replaced_.of(path);
      if (replaced != 0 && !stays_[replaced]) stays_[step->number] = false;
    }
    for (std::uint64_t number = plan.steps(); number > 0; --number)
      for (std::uint64_t need = 0; need < needs && stays_[number]; ++need)
        if (const auto needed = needed_.of(needs * number + need)) stays_[needed] = true;
  }

  [[nodiscard]] bool stays(const PlanStep& step) const { return stays_[step.number]; }

 private:
  static constexpr std::uint64_t needs = 3;  ///< steps that a step may need

  [[nodiscard]] bool takes(const PlanStep& step) const {
    const std::string path = step.action.path.whole();
    const bool is_folder = step.action.kind == Kind::folder;
    return (only_.empty() || matches(only_, path, is_folder)) &&
           !matches(without_, path, is_folder);
  }

  // What is in a folder goes before it does, and with it if that gives way.
  [[nodiscard]] bool may_stay(const PlanStep& step) const {
    const auto& there = step.action.given.destination;
    const bool goes = step.action.verb == Verb::remove || gives_way(step.action);
    return !goes || !there || !keep_something_.contains(there->id);
  }

  static bool gives_way(const Action& action) {
    return action.verb == Verb::replace && action.replaced == Kind::folder;
  }

  void note_left_out(const PlanStep& step) {
    const Action& action = step.action;
    if (action.verb == Verb::remove) keep_something_.insert(action.given.folder);
    if (action.verb == Verb::move && !step.from) keep_something_.insert(action.given.from_folder);
  }

  void note_above(const PlanStep& step) {
    const Action& action = step.action;
    if (action.verb == Verb::move && action.kind == Kind::folder)
      moved_.note(action.path.whole(), step.number);
    if (gives_way(action)) replaced_.note(action.path.whole(), step.number);
  }

  const filter::Rules only_;
  const filter::Rules without_;
  std::vector<bool> stays_;          ///< by number
  StepNumbers needed_;               ///< by the number of the step that needs them
  std::set<FileId> keep_something_;  ///< folders
  Above moved_;
  Above replaced_;
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
