// SPDX-License-Identifier: MIT
#include "applying/planned_steps.h"

#include <algorithm>
#include <string_view>

namespace syncline::applying {
namespace {

constexpr int cache_kib = 8192;

// What a move takes along, and what changes places with it, is met where it is by then.
constexpr const char* tables =
    "CREATE TABLE step(path BLOB NOT NULL, number INTEGER NOT NULL, facts BLOB NOT NULL, "
    "PRIMARY KEY(path, number)) WITHOUT ROWID;"
    "CREATE TABLE moved(device INTEGER NOT NULL, inode INTEGER NOT NULL, "
    "PRIMARY KEY(device, inode)) WITHOUT ROWID;"
    "CREATE TABLE shifted(device INTEGER NOT NULL, inode INTEGER NOT NULL, "
    "PRIMARY KEY(device, inode)) WITHOUT ROWID;"
    "CREATE TABLE exchanged_from(path BLOB PRIMARY KEY) WITHOUT ROWID;";

constexpr std::string_view root = ".";

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string{root} : path.substr(0, slash);
}

bool is_folder(const std::optional<Precondition>& entry) {
  return entry && entry->kind == Kind::folder;
}

bool makes_folder(const PackedStep& step) {
  return is_folder(step.source) && (step.verb == Verb::create || step.verb == Verb::replace);
}

}  // namespace

PlannedSteps::PlannedSteps(PlanReader& plan)
    : connection_(index::open_temporary(tables, cache_kib)),
      add_(connection_, "INSERT INTO step VALUES(?, ?, ?)"),
      find_(connection_, "SELECT number, facts FROM step WHERE path = ?"),
      find_in_(connection_, "SELECT 1 FROM step WHERE path > ? AND path < ? LIMIT 1"),
      add_moved_(connection_, "INSERT OR IGNORE INTO moved VALUES(?, ?)"),
      find_moved_(connection_, "SELECT 1 FROM moved WHERE device = ? AND inode = ?"),
      add_shifted_(connection_, "INSERT OR IGNORE INTO shifted VALUES(?, ?)"),
      find_shifted_(connection_, "SELECT 1 FROM shifted WHERE device = ? AND inode = ?"),
      add_exchanged_from_(connection_, "INSERT OR IGNORE INTO exchanged_from VALUES(?)"),
      find_exchanged_from_(connection_, "SELECT 1 FROM exchanged_from WHERE path = ?"),
      admitted_(plan.steps() + 1) {
  plan.rewind();
  while (const auto step = plan.next()) {
    const Action& action = step->action;
    add_.bind(action.path.whole(), index::as_integer(step->number), std::string_view{packed(*step)})
        .run();
    if (action.verb != Verb::move) continue;
    if (action.given.exchanged) add_exchanged_from_.bind(action.moved_from.whole()).run();
    for (const auto& entry : {action.given.destination, action.given.exchanged})
      if (entry)
        add_moved_.bind(index::as_integer(entry->id.device), index::as_integer(entry->id.inode))
            .run();
  }
}

void PlannedSteps::meet(const MetRoots& roots, bool goes_on) {
  roots_ = roots;
  goes_on_ = goes_on;
}

void PlannedSteps::forget_admitted() {
  const std::scoped_lock lock{mutex_};
  admitted_.assign(admitted_.size(), false);
  connection_.execute("DELETE FROM shifted");
}

bool PlannedSteps::is_shifted(const FileId& id) {
  const bool is =
      find_shifted_.bind(index::as_integer(id.device), index::as_integer(id.inode)).step();
  find_shifted_.reset();
  return is;
}

void PlannedSteps::note_shifted(const Preconditions& now) {
  for (const auto& entry : {now.destination, now.exchanged})
    if (entry)
      add_shifted_.bind(index::as_integer(entry->id.device), index::as_integer(entry->id.inode))
          .run();
}

// A rename moves its ctime.
std::optional<Precondition> PlannedSteps::as_met(std::optional<Precondition> now) {
  if (now && (is_shifted(now->id) || (goes_on_ && is_moved(now, false)))) now->ctime.reset();
  return now;
}

bool PlannedSteps::awaits_move(const std::string& path, const FileId& id) {
  if (goes_on_ || expects(path, Verb::move)) return false;
  const std::scoped_lock lock{mutex_};
  return is_moved(Precondition{.kind = Kind::folder, .id = id}, false) && !is_shifted(id);
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
  const bool is =
      find_moved_.bind(index::as_integer(id.device), index::as_integer(id.inode)).step();
  find_moved_.reset();
  return is;
}

// Which comes first, a move or what takes the place of what it moves, depends on what is met first.
// A folder that is still there gives way in the end, if nothing is left in it; a file would be
// overwritten.
PlannedSteps::Place PlannedSteps::place_of(const PackedStep& step, const Preconditions& now) {
  if (applying::holds(step.destination, as_met(now.destination), roots_.destination))
    return Place::as_met;
  const bool was_made_before = goes_on_ && makes_folder(step) && is_folder(now.destination);
  if (was_made_before) return Place::made_before;
  if (step.destination && !now.destination && is_moved(step.destination, true)) return Place::freed;
  const bool will_be_freed = !step.destination && is_folder(now.destination) &&
                             !is_folder(now.source) && is_moved(now.destination, false);
  return will_be_freed ? Place::to_be_freed : Place::other;
}

bool PlannedSteps::holds(const PackedStep& step, const Preconditions& now) {
  const MetRoot& there = roots_.destination;
  // One that a step makes has the path that it was to have, but somebody else may have made it.
  const bool is_in = step.in.made_by != 0 ? goes_on_ || admitted_[step.in.made_by]
                                          : there.by_now(step.in.id) == now.folder;
  if (!is_in || !applying::holds(step.source, now.source, roots_.source)) return false;
  if (step.rights && now.rights && *step.rights != *now.rights) return false;
  if (step.verb == Verb::move)
    return applying::holds(step.destination, as_met(now.destination), there) &&
           (applying::holds(step.exchanged, as_met(now.exchanged), there) ||
            (is_moved(step.exchanged, true) && is_moved(now.exchanged, false)));
  return place_of(step, now) != Place::other;
}

// What was to be proved comes to any of these, and new content turns out to be the old one, if it
// was only taken for new.
void PlannedSteps::add(engine::Verbs& verbs, const PackedStep& step, const Preconditions& now) {
  const Place place = step.verb == Verb::move ? Place::as_met : place_of(step, now);
  if (place == Place::freed) return verbs.add(Verb::create);
  if (place == Place::to_be_freed) return verbs.add(Verb::replace);
  if (place == Place::made_before) return verbs.add(Verb::set_metadata);
  verbs.add(step.verb);
  if (step.verb == Verb::check || step.verb == Verb::update || step.verb == Verb::replace)
    verbs.add(Verb::set_metadata);
  if (step.verb != Verb::check) return;
  verbs.add(Verb::update);
  verbs.add(Verb::replace);
}

engine::Verbs PlannedSteps::allowed(const std::string& path, const Preconditions& now) {
  const std::scoped_lock lock{mutex_};
  engine::Verbs verbs;
  find_.bind(path);
  while (find_.step()) {
    const PackedStep step = unpacked(find_.bytes(1));
    if (!holds(step, now)) continue;
    add(verbs, step, now);
    admitted_[index::as_unsigned(find_.integer(0))] = true;
  }
  find_.reset();
  if (verbs.empty() && is_of_cycle(path, now)) verbs.add(Verb::move);
  if (verbs.has(Verb::move) && now.from_folder != FileId{}) note_shifted(now);
  const bool is_of_temporary = !now.source && !now.destination;
  if (goes_on_ && is_of_temporary && has_steps_in(parent_of(path))) verbs.add(Verb::clean);
  return verbs;
}

// Of things that change places in a circle one gets to its place without a step of its own; which
// one depends on what is met first.
bool PlannedSteps::is_of_cycle(const std::string& path, const Preconditions& now) {
  if (!now.destination || !now.exchanged || now.from_folder == FileId{}) return false;
  if (!is_moved(now.destination, false) || !is_moved(now.exchanged, false)) return false;
  const bool is = find_exchanged_from_.bind(path).step();
  find_exchanged_from_.reset();
  return is;
}

void PlannedSteps::leave(const std::string& path) {
  const std::scoped_lock lock{mutex_};
  find_.bind(path);
  while (find_.step()) admitted_[index::as_unsigned(find_.integer(0))] = false;
  find_.reset();
}

bool PlannedSteps::may_lack_mtime(const std::string& path) {
  const std::scoped_lock lock{mutex_};
  return goes_on_ && has_steps_in(path);
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

// Or below these.
bool PlannedSteps::has_steps_in(const std::string& folder) {
  const std::string first = folder == root ? std::string{} : folder + '/';
  const std::string behind = folder == root ? std::string{"\xff\xff"} : folder + '0';
  const bool any = find_in_.bind(first, behind).step();
  find_in_.reset();
  return any;
}

}  // namespace syncline::applying
