// SPDX-License-Identifier: MIT
#include "applying/planned_steps.h"

#include "applying/packed_step.h"

#include <string_view>

namespace syncline::applying {
namespace {

constexpr int cache_kib = 8192;

constexpr const char* tables =
    "CREATE TABLE step(path BLOB NOT NULL, number INTEGER NOT NULL, facts BLOB NOT NULL, "
    "PRIMARY KEY(path, number)) WITHOUT ROWID;";

// One that an earlier step makes has the path that it was to have.
bool holds(const PackedStep::Folder& planned, const FileId& now, const MetRoot& root) {
  return planned.is_made || root.by_now(planned.id) == now;
}

bool holds(const PackedStep& step, const Preconditions& now, const MetRoots& roots) {
  return holds(step.in, now.folder, roots.destination) &&
         holds(step.source, now.source, roots.source) &&
         holds(step.destination, now.destination, roots.destination) &&
         (!step.from || holds(*step.from, now.from_folder, roots.destination)) &&
         holds(step.exchanged, now.exchanged, roots.destination);
}

// What was to be proved comes to any of these, and new content turns out to be the old one, if it
// was only taken for new.
void add(engine::Verbs& verbs, const PackedStep& step) {
  verbs.add(step.verb);
  if (step.verb == Verb::check) {
    verbs.add(Verb::update);
    verbs.add(Verb::replace);
  }
  if (step.verb == Verb::check || step.verb == Verb::update || step.verb == Verb::replace)
    verbs.add(Verb::set_metadata);
}

bool is_of_folders(const Preconditions& now) {
  return now.source && now.source->kind == Kind::folder && now.destination &&
         now.destination->kind == Kind::folder;
}

}  // namespace

PlannedSteps::PlannedSteps(PlanReader& plan)
    : connection_(index::open_temporary(tables, cache_kib)),
      add_(connection_, "INSERT INTO step VALUES(?, ?, ?)"),
      find_(connection_, "SELECT number, facts FROM step WHERE path = ?"),
      find_in_(connection_, "SELECT 1 FROM step WHERE path > ? AND path < ? LIMIT 1"),
      admitted_(plan.steps() + 1) {
  plan.rewind();
  while (const auto step = plan.next())
    add_.bind(step->action.path.whole(), index::as_integer(step->number),
              std::string_view{packed(*step)})
        .run();
}

void PlannedSteps::meet(const MetRoots& roots, bool goes_on) {
  roots_ = roots;
  goes_on_ = goes_on;
}

void PlannedSteps::forget_admitted() {
  const std::scoped_lock lock{mutex_};
  admitted_.assign(admitted_.size(), false);
}

engine::Verbs PlannedSteps::allowed(const std::string& path, const Preconditions& now) {
  const std::scoped_lock lock{mutex_};
  engine::Verbs verbs;
  find_.bind(path);
  while (find_.step()) {
    const PackedStep step = unpacked(find_.bytes(1));
    if (!holds(step, now, roots_)) continue;
    add(verbs, step);
    admitted_[index::as_unsigned(find_.integer(0))] = true;
  }
  find_.reset();
  // What came or went there before the end of an earlier run has moved its mtime.
  if (goes_on_ && is_of_folders(now) && has_steps_in(path)) verbs.add(Verb::set_metadata);
  return verbs;
}

bool PlannedSteps::expects(const std::string& path, Verb verb) {
  const std::scoped_lock lock{mutex_};
  bool any = false;
  find_.bind(path);
  while (find_.step()) any = any || unpacked(find_.bytes(1)).verb == verb;
  find_.reset();
  return any;
}

engine::PlannedAs PlannedSteps::planned_as(const std::string& path) {
  const std::scoped_lock lock{mutex_};
  engine::PlannedAs as = engine::PlannedAs::nothing;
  find_.bind(path);
  while (find_.step())
    as = unpacked(find_.bytes(1)).is_link ? engine::PlannedAs::link : engine::PlannedAs::other;
  find_.reset();
  return as;
}

// Or in its place.
bool PlannedSteps::has_steps_in(const std::string& folder) {
  const bool is_root = folder == ".";
  const std::string first = is_root ? std::string{} : folder + '/';
  const std::string behind = is_root ? std::string{"\xff\xff"} : folder + '0';
  const bool any = find_in_.bind(first, behind).step();
  find_in_.reset();
  if (any) return true;
  find_.bind(folder);
  const bool is_made = find_.step();
  find_.reset();
  return is_made;
}

}  // namespace syncline::applying
