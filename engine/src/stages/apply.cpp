// SPDX-License-Identifier: MIT
#include "stages/apply.h"

#include "filesystem/atomic_file.h"
#include "filesystem/own_names.h"
#include "stages/failures.h"
#include "stages/list.h"
#include "stages/remember.h"
#include "stages/spelling.h"
#include "stages/touch.h"

namespace syncline::stages {
namespace {

Action action_on(const Folder& folder, const EntryChange& change) {
  Action action{.verb = Verb::create,
                .kind = change.source.kind,
                .path = path_of(folder, change.name),
                .reason = "new",
                .bytes = 0,
                .digest = {}};
  if (const auto* overwrite = std::get_if<verdict::Overwrite>(&change.verdict)) {
    action.verb = change.destination->kind == change.source.kind ? Verb::update : Verb::replace;
    action.reason = overwrite->reason;
  } else if (const auto* metadata = std::get_if<verdict::SetMetadata>(&change.verdict)) {
    action.verb = Verb::set_metadata;
    action.reason = describe(metadata->change, change.source, *change.destination);
  } else if (std::holds_alternative<verdict::Displace>(change.verdict)) {
    action.verb = Verb::replace;
    action.reason = "was a folder";
  }
  return action;
}

void make(const Pass& pass, const filesystem::Directory& folder, const std::string& name,
          const Entry& source) {
  if (source.kind == Kind::symlink)
    folder.make_symlink(name, source.target);
  else
    folder.make_special(name, source);
  try {
    const auto made = folder.look(name);
    if (made)
      folder.set_metadata(name, made->identity.id, source,
                          difference(source, *made, pass.privileges));
  } catch (const filesystem::SystemError&) {
    filesystem::discard_temporary(folder, name);
    throw;
  }
}

void make_beside(Pass& pass, Folder& folder, const filesystem::Directory& directory,
                 const EntryChange& change) {
  const std::string temporary = filesystem::temporary_name();
  try {
    make(pass, directory, temporary, change.source);
    if (std::holds_alternative<verdict::Displace>(change.verdict))
      pass.late.note_replacement({.folder = pass.late_key(folder),
                                  .name = change.name,
                                  .temporary = temporary,
                                  .kind = change.source.kind,
                                  .bytes = 0});
    else
      directory.rename(temporary, change.name);
  } catch (const std::exception&) {
    filesystem::discard_temporary(directory, temporary);
    throw;
  }
}

// What is known of a file's content holds for its new stamps if nothing else moved it, and if it
// held before: to take a file for the same is no proof.
void set_metadata(Pass& pass, Folder& folder, const EntryChange& change, MetadataChange what,
                  std::vector<index::Edit>& edits) {
  const auto directory = pass.handles.get(folder, Side::destination);
  const Identity before =
      directory->set_metadata(change.name, change.destination->identity.id, change.source, what);
  const bool holds =
      is_same(change.standing) && (change.standing == Standing::proved || !change.has_proof);
  if (!pass.has_index() || !holds || before != change.destination->identity) return;
  const auto now = directory->look(change.name);
  if (!now || !is_as_left(before, now->identity, what, change.source)) return;
  remember_moved(pass, folder, change.name, now->identity, edits);
}

void carry_out(Pass& pass, Folder& folder, const EntryChange& change,
               std::vector<index::Edit>& edits) {
  if (const auto* metadata = std::get_if<verdict::SetMetadata>(&change.verdict)) {
    set_metadata(pass, folder, change, metadata->change, edits);
    return;
  }
  const auto directory = pass.handles.get(folder, Side::destination);
  touch(pass, folder);
  if (std::holds_alternative<verdict::Create>(change.verdict))
    make(pass, *directory, change.name, change.source);
  else
    make_beside(pass, folder, *directory, change);
}

void note_removals(Pass& pass, Folder& folder, Emission& emission) {
  if (emission.removals.empty()) return;
  attempt(
      folder, {}, [&] { pass.late.note_removals(pass.late_key(folder), emission.removals); },
      [&](Failure failure) {
        pass.suppress_deletions("the list of deletions could not be kept: " + failure.detail);
        emission.events.emplace_back(std::move(failure));
      });
}

Action simple_action(Verb verb, Kind kind, std::string path, const char* reason) {
  return {.verb = verb,
          .kind = kind,
          .path = std::move(path),
          .reason = reason,
          .bytes = 0,
          .digest = {}};
}

Action clean_action(const Folder& folder, const std::string& name) {
  return simple_action(Verb::clean, Kind::file, path_of(folder, name),
                       "left behind by an interrupted run");
}

// Where contents are read though nothing is written, those of the same size are.
bool is_to_be_read(const Pass& pass, const FileTask& task) {
  return pass.options.rehash && task.destination;
}

void preview_file(Pass& pass, const FileTask& task, std::vector<Event>& events) {
  if (task.standing == Standing::rotten) {
    events.emplace_back(failure_of(path_of(*task.folder, task.name), FailureKind::rot,
                                   "was found with rotten bytes: it will not be mirrored"));
    return;
  }
  Action action{.verb = task.verb,
                .kind = Kind::file,
                .path = path_of(*task.folder, task.name),
                .reason = task.reason,
                .bytes = task.source.identity.size,
                .digest = {}};
  if (task.destination) {
    pass.totals.to_compare.add({.entries = 1, .bytes = action.bytes});
    const MetadataChange change = difference(task.source, *task.destination, pass.privileges);
    // The same size and time: most likely the same, so it is counted rather than listed.
    if (!change.any()) return;
    action.verb = change.mtime ? Verb::check : Verb::set_metadata;
    action.reason = describe(change, task.source, *task.destination);
  }
  events.emplace_back(std::move(action));
}

}  // namespace

void apply(Pass& pass, Folder& folder, Emission& emission) {
  const auto on_failure = [&](Failure failure) {
    emission.events.emplace_back(std::move(failure));
  };
  for (const EntryChange& change : emission.changes) {
    if (pass.stopping()) return;
    if (attempt(
            folder, change.name, [&] { carry_out(pass, folder, change, emission.edits); },
            [&](Failure failure) {
              explain_taken_name(pass, folder, change.name, failure);
              on_failure(std::move(failure));
            }) &&
        !std::holds_alternative<verdict::Displace>(change.verdict))
      emission.events.emplace_back(action_on(folder, change));
  }
  for (const std::string& name : emission.litter) {
    const auto remove = [&] {
      touch(pass, folder);
      pass.handles.get(folder, Side::destination)->remove_file(name);
    };
    if (attempt(folder, name, remove, on_failure))
      emission.events.emplace_back(clean_action(folder, name));
  }
  note_removals(pass, folder, emission);
}

void preview(Pass& pass, Folder& folder, Emission& emission) {
  auto& events = emission.events;
  for (const FolderRef& child : emission.folders) {
    if (child->role == Folder::Role::doomed || child->destination) continue;
    events.emplace_back(created_event(*child));
  }
  for (const FileTask& task : emission.files)
    if (!is_to_be_read(pass, task)) preview_file(pass, task, events);
  std::erase_if(emission.files, [&](const FileTask& task) { return !is_to_be_read(pass, task); });
  for (const EntryChange& change : emission.changes) events.emplace_back(action_on(folder, change));
  for (const std::string& name : emission.litter) events.emplace_back(clean_action(folder, name));
  for (const index::Removal& removal : emission.removals) {
    Action action =
        simple_action(Verb::remove, removal.kind, path_of(folder, removal.name), "not in source");
    if (removal.kind == Kind::file) action.bytes = removal.seen.size;
    events.emplace_back(std::move(action));
  }
}

}  // namespace syncline::stages
