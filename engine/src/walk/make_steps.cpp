// SPDX-License-Identifier: MIT
#include "walk/make_steps.h"

#include "content/decide.h"
#include "pass/admission.h"
#include "pass/given.h"
#include "pass/select.h"
#include "replica/disposal.h"
#include "walk/apply.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace syncline::engine {
namespace {

// Of a batch: to make room for them bit by bit moves each 1.3 times more.
constexpr std::size_t likely_files = 128;

// One side is enough where the other one still is what it was. But a large file whose mtime moved
// most likely has other bytes, which are copied as they are read only if both sides are read.
// Likewise one that will be replaced whatever it holds.
void choose_reads(FileTask& task, const Found& found, Standing standing, const Means& means) {
  task.standing = standing;
  if (found.known == nullptr) return;
  task.known = *found.known;
  if (!task.destination || task.is_afresh) return;
  const bool is_edited =
      !is_unmoved(task.known->source, task.source.identity, IdentityRule::size_and_mtime);
  const bool is_large = !travels_in_group(task.source.identity.size);
  const bool is_copied = is_large && (is_edited || is_handed_over(task, means));
  const bool reads_both = is_copied || found.begins_alike || !can_be_told(*task.known);
  task.reads = reads_both ? Reads::both : reads_for(standing);
}

}  // namespace

void StepMaker::step_of(Case& it) {
  if (it.is<verdict::Remove>()) {
    removals_.remove(it.name, *it.destination);
    return;
  }
  const bool displaces = it.is<verdict::Displace>() && it.chosen == nullptr;
  if (displaces && !removals_.may_displace(it.name, *it.destination)) return;
  bool is_step = true;
  if (it.source->kind == Kind::folder)
    descend(it);
  else if (it.is_file() && !it.is<verdict::SetMetadata>())
    is_step = add_file(it);
  else
    is_step = add_change(it);
  if (displaces && is_step) removals_.remove_folder(it.name, *it.destination, true);
}

bool StepMaker::add_change(const Case& it) {
  EntryChange change{it.name,
                     *it.source,
                     it.destination,
                     it.verdict,
                     it.standing,
                     it.found.known != nullptr && it.found.known->fingerprint,
                     it.leads,
                     it.exception,
                     it.is_file() ? std::nullopt : it.apart_from(),
                     it.found.was_brought};
  if (pass_.replica.admission != nullptr) {
    const Action action = action_on(pass_, *folder_, change);
    const Verbs may = allowed(
        pass_, [&] { return action.path; }, [&] { return action.given; });
    if (!may.has(action.verb)) {
      leave(pass_, action.path);
      return false;
    }
  }
  steps_.changes.push_back(std::move(change));
  return true;
}

// What may not be written may have to be read all the same: others are links to it, or it was
// moved.
bool StepMaker::may_do_something(const FileTask& task) const {
  const bool may_be_same = task.destination && !task.is_afresh;
  const bool is_read_for_others = may_be_same && task.leads;
  return is_read_for_others || task.may.has(task.verb) ||
         (may_be_same && (task.may.has(Verb::set_metadata) || task.may.has(Verb::move)));
}

bool StepMaker::add_file(Case& it) {
  FileTask made = make_task(it);
  made.leads = it.leads;
  made.may = allowed(
      pass_, [&] { return path_of(*folder_, it.name); }, [&] { return made.given; });
  if (!may_do_something(made)) return false;
  if (steps_.files.empty()) steps_.files.reserve(std::min(batch_.names.size(), likely_files));
  FileTask& task = steps_.files.emplace_back(std::move(made));
  task.exception = it.exception;
  choose_reads(task, it.found, it.standing, *it.means);
  task.twin = std::move(it.found.twin);
  counts_.will_copy(*it.source, it.destination);
  task.in_place = it.names_there == 1 && may_change_in_place(task, *it.destination);
  if (it.destination && it.destination->links == 1) task.own_names = it.names_there;
  task.takes_name = it.destination && it.destination->links > 1;
  task.stands_apart = it.apart_from().has_value();
  ++folder_->pending;
  return true;
}

bool StepMaker::may_change_in_place(const FileTask& task, const Entry& destination) const {
  return pass_.terms.options.in_place && !pass_.replica.disposal->keeps() &&
         destination.kind == Kind::file && !task.is_afresh &&
         !travels_in_group(task.source.identity.size);
}

FileTask StepMaker::make_task(const Case& it) const {
  const std::optional<Entry>& destination = it.destination;
  FileTask task{.folder = folder_,
                .name = it.name,
                .source = *it.source,
                .destination = {},
                .reason = {},
                .known = {}};
  task.was_moved = it.found.was_brought;
  task.given = given(*folder_, it.source, destination, task.was_moved);
  if (it.is<verdict::Create>()) {
    task.reason = {ReasonCode::is_new};
  } else if (it.is<verdict::Prove>()) {
    task.verb = Verb::update;
    task.reason = {ReasonCode::content};
    task.destination = destination;
  } else if (const auto* overwrite = std::get_if<verdict::Overwrite>(&it.verdict)) {
    task.verb = destination->kind == Kind::file ? Verb::update : Verb::replace;
    task.reason = overwrite->reason;
    task.is_afresh = overwrite->changes_hands;
    if (task.is_afresh) task.destination = destination;
  } else {
    task.verb = Verb::replace;
    task.reason = {ReasonCode::other_kind, Kind::folder};
    task.displaces = true;
  }
  if (destination && destination->kind == it.source->kind)
    task.difference = difference_between(*it.source, *destination, *it.means);
  else if (destination)
    task.replaced = destination->kind;
  return task;
}

void StepMaker::descend(const Case& it) {
  auto child = std::make_shared<Folder>(folder_, it.name, Folder::Role::mirrored);
  child->source = it.source;
  if (!folder_->wanted.is_all())
    child->wanted = folder_->wanted.below(it.name, is_hidden(pass_, *folder_, it.name, true));
  child->supplants = it.destination && it.destination->kind != Kind::folder;
  if (child->supplants) {
    child->replaced = it.destination->kind;
    child->supplanted = precondition_of(*it.destination);
  }
  if (!child->supplants) child->destination = it.destination;
  child->came_along = folder_->came_along && child->destination;
  const index::FolderRow* const row = rows_.folder(it.name);
  child->has_row = row != nullptr;
  if (row != nullptr) child->row = *row;
  if (!child->has_row) child->row.key = pass_.memory.new_row();
  steps_.walk_into(std::move(child));
}

}  // namespace syncline::engine
