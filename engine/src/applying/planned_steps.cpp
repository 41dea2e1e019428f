// SPDX-License-Identifier: MIT
#include "applying/planned_steps.h"

#include "filesystem/paths.h"

#include <algorithm>

namespace syncline::applying {
namespace {

bool is_folder(const std::optional<Precondition>& entry) {
  return entry && entry->kind == Kind::folder;
}

// Files have all that they are to have before they get their names; what else is made gets its
// metadata then, and a run may have been killed in between.
bool may_be_half_made(const PackedStep& step, const std::optional<Precondition>& now) {
  const bool makes = step.verb == Verb::create || step.verb == Verb::replace;
  return makes && step.source && now && step.source->kind == now->kind && now->kind != Kind::file;
}

}  // namespace

PlannedSteps::PlannedSteps(PlanReader& plan)
    : steps_(plan, [this](const PlanStep& step) { moves_.plan(step); }),
      admitted_(plan.steps() + 1) {}

void PlannedSteps::meet(const MetRoots& roots, bool goes_on) {
  roots_ = roots;
  folders_.reset();
  if (goes_on) folders_.emplace(steps_);
}

void PlannedSteps::forget_admitted() {
  const std::scoped_lock lock{mutex_};
  admitted_.assign(admitted_.size(), false);
  moves_.forget_done();
}

void PlannedSteps::note_moved(const Preconditions& now) {
  for (const auto& entry : {now.destination, now.exchanged})
    if (entry) moves_.note_done(entry->id);
}

// A rename moves its ctime.
std::optional<Precondition> PlannedSteps::as_met(std::optional<Precondition> now) {
  if (now && (moves_.is_done(now->id) || (folders_ && is_moved(now, false)))) now->ctime.reset();
  return now;
}

bool PlannedSteps::awaits_move(const std::string& path, const FileId& id) {
  if (folders_ || !moves_.any() || expects(path, Verb::move)) return false;
  const std::scoped_lock lock{mutex_};
  return is_moved(Precondition{.kind = Kind::folder, .id = id}, false) && !moves_.is_done(id);
}

bool PlannedSteps::were_all_admitted() const {
  return std::all_of(admitted_.begin() + 1, admitted_.end(), [](bool is) { return is; });
}

// Of one that is met, the number that its device had then.
bool PlannedSteps::is_moved(const std::optional<Precondition>& entry, bool is_planned) {
  if (!entry) return true;
  FileId id = entry->id;
  const MetRoot& met = roots_.destination;
  if (!is_planned && id.device == met.now.device) id.device = met.planned.device;
  return moves_.is_planned(id);
}

bool PlannedSteps::can_move(const PackedStep& step, const Preconditions& now) {
  const MetRoot& there = roots_.destination;
  return holds(step.destination, as_met(now.destination), there) &&
         (holds(step.exchanged, as_met(now.exchanged), there) ||
          (is_moved(step.exchanged, true) && is_moved(now.exchanged, false)));
}

// Which comes first, a move or what takes the place of what it moves, depends on what is met first.
// A folder that is still there gives way in the end, if nothing is left in it; a file would be
// overwritten.
PlannedSteps::Place PlannedSteps::place_of(const PackedStep& step, const Preconditions& now) {
  const MetRoot& there = roots_.destination;
  // One that a step makes has the path that it was to have, but somebody else may have made it.
  const bool goes_on = folders_.has_value();
  const bool is_in = step.in.made_by != 0 ? goes_on || admitted_[step.in.made_by]
                                          : there.by_now(step.in.id) == now.folder;
  if (!is_in || !holds(step.source, now.source, roots_.source)) return Place::other;
  if (step.rights && now.rights && *step.rights != *now.rights) return Place::other;
  if (step.verb == Verb::move) return can_move(step, now) ? Place::as_met : Place::other;
  auto met = as_met(now.destination);
  // Likewise some of the metadata may be set, its mtime last.
  if (goes_on && met && step.verb == Verb::set_metadata) met->ctime.reset();
  if (holds(step.destination, met, there)) return Place::as_met;
  if (goes_on && may_be_half_made(step, now.destination)) return Place::made_before;
  if (step.destination && !now.destination && is_moved(step.destination, true)) return Place::freed;
  const bool will_be_freed = !step.destination && is_folder(now.destination) &&
                             !is_folder(now.source) && is_moved(now.destination, false);
  return will_be_freed ? Place::to_be_freed : Place::other;
}

// What was to be proved comes to any of these, and new content turns out to be the old one, if it
// was only taken for new.
void PlannedSteps::add(engine::Verbs& verbs, Verb verb, Place place) {
  if (place == Place::freed) return verbs.add(Verb::create);
  if (place == Place::to_be_freed) return verbs.add(Verb::replace);
  if (place == Place::made_before) return verbs.add(Verb::set_metadata);
  verbs.add(verb);
  if (verb == Verb::check || verb == Verb::update || verb == Verb::replace)
    verbs.add(Verb::set_metadata);
  if (verb != Verb::check) return;
  verbs.add(Verb::update);
  verbs.add(Verb::replace);
}

engine::Verbs PlannedSteps::allowed(const std::string& path, const Preconditions& now) {
  const auto steps = steps_.find(path);
  const std::scoped_lock lock{mutex_};
  engine::Verbs verbs;
  for (const auto& [number, step] : steps) {
    const Place place = place_of(step, now);
    if (place == Place::other) continue;
    add(verbs, step.verb, place);
    admitted_[number] = true;
  }
  if (verbs.empty() && is_of_cycle(path, now)) verbs.add(Verb::move);
  if (verbs.has(Verb::move) && now.from_folder != FileId{}) note_moved(now);
  const bool is_of_temporary = !now.source && !now.destination;
  if (folders_ && is_of_temporary && folders_->has(filesystem::folder_of(path)))
    verbs.add(Verb::clean);
  return verbs;
}

// Of things that change places in a circle one gets to its place without a step of its own; which
// one depends on what is met first.
bool PlannedSteps::is_of_cycle(const std::string& path, const Preconditions& now) {
  if (!now.destination || !now.exchanged || now.from_folder == FileId{}) return false;
  if (!is_moved(now.destination, false) || !is_moved(now.exchanged, false)) return false;
  return moves_.is_exchanged_from(path);
}

void PlannedSteps::leave(const std::string& path) {
  const auto steps = steps_.find(path);
  const std::scoped_lock lock{mutex_};
  for (const auto& [number, step] : steps) admitted_[number] = false;
}

bool PlannedSteps::may_lack_mtime(const std::string& path) {
  const std::scoped_lock lock{mutex_};
  return folders_ && folders_->has(path);
}

bool PlannedSteps::expects(const std::string& path, Verb verb) {
  return std::ranges::any_of(steps_.find(path),
                             [&](const auto& found) { return found.step.verb == verb; });
}

engine::PlannedAs PlannedSteps::planned_as(const std::string& path) {
  const auto steps = steps_.find(path);
  if (steps.empty()) return engine::PlannedAs::nothing;
  const auto& last = std::ranges::max(steps, {}, &StepFile::Found::number);
  return last.step.is_link ? engine::PlannedAs::link : engine::PlannedAs::other;
}

}  // namespace syncline::applying
