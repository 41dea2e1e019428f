// SPDX-License-Identifier: MIT
#include "run/plan.h"

#include "outlets/standard_streams.h"
#include "tell/plan_table.h"
#include "tell/terminal_observer.h"
#include "text/escape.h"
#include "text/exit_status.h"
#include "text/units.h"

#include <unistd.h>

#include <spdlog/fmt/fmt.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace syncline::cli {
namespace {

bool is_terminal() {
  return ::isatty(STDOUT_FILENO) == 1;
}

/// What is told meanwhile, and the deletions counted.
class PlanObserver final : public Observer {
 public:
  explicit PlanObserver(const Plan& asked)
      : terminal_({.notices = !asked.quiet,
                   .actions = asked.verbose && !asked.json,
                   .deletions = false,
                   .all_trouble = "the others are like them"}) {}

  void begin(const Options& options) { terminal_.pass_began(options); }
  void on_event(const Event& event) override {
    if (const auto* const action = std::get_if<Action>(&event)) deletions_.add(*action);
    terminal_.on_event(event);
  }
  void end(const Summary& summary) { terminal_.pass_ended(summary); }
  void fail(const Unusable& error) { terminal_.pass_failed(error.status(), error.why()); }

  [[nodiscard]] const DeletionTable& deletions() const { return deletions_; }

 private:
  TerminalObserver terminal_;
  DeletionTable deletions_;
};

void say_all(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) say(line);
}

PlanTotals totals_of(const Summary& summary) {
  PlanTotals totals;
  totals.created = summary.created;
  totals.updated = summary.updated;
  totals.moved = summary.moved;
  totals.moved_folders = summary.moved_folders;
  totals.metadata_set = summary.metadata_set;
  totals.removed = summary.removed;
  totals.cleaned = summary.cleaned;
  totals.to_prove = summary.to_compare;
  if (summary.deletions_held) totals.held = summary.deletions_held->code;
  return totals;
}

/// That the guard would hold deletions back is for whoever reads the plan to judge.
Status status_of(const Summary& summary) {
  const Status status = exit_status(summary, false);
  return status == Status::deletions_held && summary.deletions_held_by_guard ? Status::done
                                                                             : status;
}

Status run(const PlanOptions& options, const Plan& asked, const std::stop_token& stop) {
  PlanOptions how = options;
  how.pass.began = std::chrono::system_clock::now();
  how.pass.dry_run = true;
  const bool is_table = !asked.json && (is_terminal() || !options.file.empty());
  if (!is_table) how.lines = [](std::string_view line) { say(std::string{line}); };
  PlanObserver observer{asked};
  observer.begin(how.pass);
  try {
    const Summary summary = plan(how, observer, stop);
    observer.end(summary);
    const bool is_told = !asked.quiet && (asked.verbose || is_terminal());
    if (is_table && is_told) say_all(lines_of(totals_of(summary), observer.deletions()));
    return status_of(summary);
  } catch (const Unusable& error) {
    observer.fail(error);
    throw;
  }
}

Status run(const Plan::Show& asked, const Plan& /*all*/, const std::stop_token& /*stop*/) {
  PlanReader reader{asked.file};
  DeletionTable deletions;
  while (const auto step = reader.next()) deletions.add(step->action);
  say_all(lines_of(reader.header(), reader.totals(), deletions));
  return Status::done;
}

Status run(const Plan::Cut& asked, const Plan& all, const std::stop_token& /*stop*/) {
  const std::uint64_t steps = cut_plan(asked.from, asked.to, asked.cut);
  if (steps == 0 && !all.quiet)
    complain(one_line(fmt::format("no step is left: the plan {} does nothing", quote(asked.to))));
  if (all.verbose || (is_terminal() && !all.quiet))
    say(fmt::format("{} {} in {}", grouped(steps), steps == 1 ? "step" : "steps", quote(asked.to)));
  return Status::done;
}

}  // namespace

Status run_plan(const Plan& asked, const std::stop_token& stop) {
  return std::visit([&](const auto& what) { return run(what, asked, stop); }, asked.what);
}

}  // namespace syncline::cli
