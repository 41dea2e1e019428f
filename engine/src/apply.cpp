// The steps of a plan, done, on one page: a pass that may do them and nothing else.
//
// SPDX-License-Identifier: MIT
#include "syncline/apply.h"

#include "applying/look_back.h"
#include "applying/planned_steps.h"
#include "filesystem/clock.h"
#include "filesystem/directory.h"
#include "filesystem/stamping.h"
#include "filesystem/system_error.h"
#include "index/index.h"
#include "one_pass.h"
#include "plan/refuse.h"

#include "syncline/pass_name.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

namespace syncline {

using namespace applying;
using filesystem::Directory;
using filesystem::SystemError;

namespace {

constexpr std::size_t most_failures_kept = 10;

// The plan says what is done, and whoever applies it how. Somebody has read what is removed: that
// is what the guard asks for.
Options options_of(const ApplyOptions& asked, const PlanHeader& plan) {
  Options options = plan.options;
  options.source = plan.source.path;
  options.destination = plan.destination.path;
  if (!plan.index.empty())
    options.index = index_place::File{plan.index};
  else if (plan.has_usual_index)
    options.index = index_place::Usual{};
  const bool removes = !plan.listed && !std::holds_alternative<deletion::None>(options.deletions);
  options.deletions = deletion::None{};
  if (removes) options.deletions = deletion::AtMostPercent{100};
  const Options& how = asked.how;
  options.began = how.began;
  options.dry_run = how.dry_run;
  if (how.undo || asked.without_undo) options.undo = how.undo;
  options.stop_at = how.stop_at;
  options.hangs = how.hangs;
  options.flush = options.flush && how.flush;
  options.verify = options.verify || how.verify;
  options.strict = options.strict || how.strict;
  options.keep_partial_from = how.keep_partial_from;
  options.wait = how.wait;
  options.own_files = how.own_files;
  options.bytes_per_second = how.bytes_per_second;
  options.threads = how.threads;
  options.io_threads = how.io_threads;
  options.digest_backend = how.digest_backend;
  options.order = how.order;
  return options;
}

[[noreturn]] void refuse_root(const std::string& file, Root root, const std::string& path) {
  planning::refuse(
      {.code = RefusalCode::plan_other_root, .root = root, .path = file, .other = path});
}

// Before anything is opened: a destination that is not there any more would be made.
void require_there(const std::string& file, Root root, const PlannedRoot& planned) {
  if (planned.id == FileId{}) return;
  try {
    const Directory opened = Directory::open_root_to_enter(planned.path);
    if (filesystem::lasting_id(opened) == planned.lasting) return;
  } catch (const SystemError&) {
    // It cannot be told for the same.
  }
  refuse_root(file, root, planned.path);
}

// One that was not there when the plan was made may be by now: each step knows what it needs.
void require_same(const std::string& file, const PlanHeader& plan, const OpenRoots& roots) {
  if (roots.pair.source_root != plan.source.lasting)
    refuse_root(file, Root::source, plan.source.path);
  const bool was_there = plan.destination.id != FileId{};
  if (was_there && roots.pair.destination_root != plan.destination.lasting)
    refuse_root(file, Root::destination, plan.destination.path);
}

MetRoots met_roots(const PlanHeader& plan, const OpenRoots& roots) {
  MetRoots met{.source = {.planned = plan.source.id, .now = roots.source.look().identity.id},
               .destination = {.planned = plan.destination.id, .now = plan.destination.id}};
  if (roots.destination) met.destination.now = roots.destination->look().identity.id;
  return met;
}

// Where an index remembers it. Returns whether it was begun before.
bool note_begun(const std::string& file, const PlanReader& plan, index::Index* index,
                bool dry_run) {
  if (index == nullptr) return false;
  const auto known = index->applied(plan.seal());
  if (known && known->ended_s)
    planning::refuse({.code = RefusalCode::plan_done,
                      .path = file,
                      .other = pass_name(std::chrono::system_clock::time_point{
                          std::chrono::seconds{*known->ended_s}})});
  if (!dry_run) index->begin_applying(plan.seal(), engine::to_seconds(engine::now_ns()));
  return known.has_value();
}

// Who makes the destination may be killed before he notes that he began.
bool is_begun(const PlanHeader& plan, const OpenRoots& roots) {
  const bool was_there = plan.destination.id != FileId{};
  return !was_there && !roots.created && roots.destination && roots.destination->list().size() == 0;
}

/// One plan under way.
class Application {
 public:
  Application(PlanReader& plan, const ApplyOptions& asked)
      : file_(plan.path()), plan_(plan), options_(options_of(asked, plan.header())), steps_(plan) {
    if (options_.undo && options_.backup)
      planning::refuse({.code = RefusalCode::plan_keeps_backups, .path = file_});
    require_there(file_, Root::source, plan_.header().source);
    require_there(file_, Root::destination, plan_.header().destination);
  }

  [[nodiscard]] const Options& options() const { return options_; }

  Summary run(bool dry_run, Observer& observer, const std::stop_token& stop,
              ProgressProbe* progress) {
    Options options = options_;
    options.dry_run = dry_run;
    steps_.forget_admitted();
    const auto begin = [&](const PassBegun& begun) {
      require_same(file_, plan_.header(), begun.roots);
      roots_ = met_roots(plan_.header(), begun.roots);
      const bool was_begun = note_begun(file_, plan_, begun.index, dry_run);
      steps_.meet(roots_, was_begun || is_begun(plan_.header(), begun.roots));
    };
    return one_pass(options, observer, stop, progress, {.began = begin, .admission = &steps_});
  }

  /// Those that were not met as they had to be.
  void tell_left(Observer& observer, Summary& summary) {
    if (steps_.were_all_admitted()) return;
    const LookBack look_back = look_back_at_roots();
    plan_.rewind();
    for (std::uint64_t number = 1; number <= plan_.steps(); ++number) {
      if (steps_.was_admitted(number)) {
        plan_.skip();
        continue;
      }
      const auto step = plan_.next();
      const auto why = why_left(look_back, *step);
      if (!why) continue;
      const Failure failure{
          .kind = FailureKind::left, .path = step->action.path, .code = *why, .name = {}};
      observer.on_event(failure);
      ++summary.left;
      if (summary.first_failures.size() < most_failures_kept)
        summary.first_failures.push_back(failure);
    }
  }

 private:
  [[nodiscard]] LookBack look_back_at_roots() const {
    return LookBack{open_if_there(options_.source), open_if_there(options_.destination), roots_,
                    options_.metadata};
  }

  static engine::Handles::Handle open_if_there(const std::string& path) {
    try {
      return std::make_shared<const Directory>(Directory::open_root_to_enter(path));
    } catch (const SystemError&) {
      return nullptr;
    }
  }

  static std::optional<FailureCode> why_left(const LookBack& look_back, const PlanStep& step) {
    try {
      return look_back.why_left(step);
    } catch (const SystemError&) {
      return FailureCode::not_as_planned;
    }
  }

  const std::string file_;
  PlanReader& plan_;
  const Options options_;
  PlannedSteps steps_;
  MetRoots roots_{};
};

/// Tells only of what keeps it from being done.
class FailuresAlone : public Observer {
 public:
  explicit FailuresAlone(Observer& observer) : observer_(observer) {}

  void on_event(const Event& event) override {
    if (std::holds_alternative<Failure>(event)) observer_.on_event(event);
  }
  void gave_up(const Summary& so_far) override { observer_.gave_up(so_far); }

 private:
  Observer& observer_;
};

// What it would have done does not count.
Summary nothing_done(const Summary& trial) {
  Summary summary;
  summary.name = trial.name;
  summary.roots = trial.roots;
  summary.stopped = trial.stopped;
  summary.given_up = trial.given_up;
  summary.source = trial.source;
  summary.destination = trial.destination;
  summary.source_kinds = trial.source_kinds;
  summary.failures = trial.failures;
  summary.source_moved = trial.source_moved;
  summary.suspect = trial.suspect;
  summary.left = trial.left;
  summary.first_failures = trial.first_failures;
  summary.index = trial.index;
  summary.elapsed = trial.elapsed;
  return summary;
}

bool is_over(const Summary& summary) {
  return summary.stopped || summary.given_up;
}

bool is_all_as_planned(const Summary& trial) {
  return !is_over(trial) && trial.failures + trial.source_moved + trial.suspect + trial.left == 0;
}

}  // namespace

Summary apply(PlanReader& plan, const ApplyOptions& asked, Observer& observer, std::stop_token stop,
              ProgressProbe* progress) {
  const std::stop_token stopping{std::move(stop)};
  try {
    Application application{plan, asked};
    const bool dry_run = application.options().dry_run;
    if (asked.all_or_nothing && !dry_run) {
      FailuresAlone told{observer};
      Summary trial = application.run(true, told, stopping, progress);
      if (!is_over(trial)) application.tell_left(told, trial);
      if (!is_all_as_planned(trial)) return nothing_done(trial);
    }
    Summary summary = application.run(dry_run, observer, stopping, progress);
    if (!is_over(summary)) application.tell_left(observer, summary);
    return summary;
  } catch (const SystemError& error) {
    planning::refuse_as_unusable(plan.path(), error);
  } catch (const index::SqliteError& error) {
    throw Unusable(Status::root_unusable, {.code = RefusalCode::list_lost, .cause = error.what()});
  }
}

}  // namespace syncline
