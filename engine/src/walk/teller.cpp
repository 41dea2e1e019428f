// SPDX-License-Identifier: MIT
#include "walk/teller.h"

#include "content/decide.h"
#include "content/partial.h"
#include "filesystem/system_error.h"
#include "judge/compare.h"
#include "model/reading.h"
#include "pass/failures.h"
#include "replica/disposal.h"
#include "replica/link_notes.h"
#include "replica/unchanged.h"
#include "walk/apply.h"
#include "walk/extraneous.h"

#include <cerrno>
#include <cstdint>
#include <optional>
#include <utility>

namespace syncline::engine {
namespace {

// Where contents are read though nothing is written, those of the same size are.
bool is_to_be_read(const Pass& pass, const FileTask& task) {
  return reads_contents(pass.terms.options) && task.destination && !task.is_afresh;
}

// Of one that would be made, by what it would be made in.
std::optional<std::uint64_t> mount_number_of(Pass& pass, Folder& folder) {
  for (Folder* at = &folder; at != nullptr; at = at->parent.get()) {
    const auto view = pass.handles.view(*at);
    if (view->directory() != nullptr) return view->directory()->mount_number();
  }
  return std::nullopt;
}

// rename(2) fails between two mounts, be they of one file system.
void require_one_mount(const filesystem::OpenFolder& from, std::optional<std::uint64_t> into,
                       const std::string& name) {
  const filesystem::Directory* const here = from.directory();
  if (here != nullptr && into && here->mount_number() != into)
    throw filesystem::SystemError("move", name, EXDEV);
}

}  // namespace

void tell_of_file(Pass& pass, const FileTask& task, std::vector<Event>& events) {
  if (task.standing == Standing::rotten) {
    events.emplace_back(failure_of(path_of(*task.folder, task.name), FailureKind::rot,
                                   FailureCode::rot_remembered));
    return;
  }
  Action action{.verb = task.verb,
                .kind = Kind::file,
                .path = path_of(*task.folder, task.name),
                .reason = task.reason,
                .bytes = task.source.identity.size,
                .digest = {},
                .difference = task.difference,
                .replaced = task.replaced,
                .properties = properties_of(task.source),
                .given = task.given};
  if (task.destination && !task.is_afresh) {
    pass.books.to_compare.add({.entries = 1, .bytes = action.bytes});
    const Means means = means_of(pass, task);
    const MetadataChange change = difference(task.source, *task.destination, means);
    // The same size and time: most likely the same, so it is counted rather than listed.
    if (!change.any() && !pass.terms.options.tell_unread) {
      tell_unchanged(pass, *task.folder, task.name, task.source, events);
      return;
    }
    if (is_handed_over(task, means)) {
      action.reason =
          reason_of(change, task.source, *task.destination, ReasonCode::metadata_handed_over);
    } else {
      const bool is_told_as_read = change.mtime || pass.terms.options.tell_unread;
      action.verb = is_told_as_read ? Verb::check : Verb::set_metadata;
      action.reason = reason_of(change, task.source, *task.destination);
      if (!is_told_as_read) action.bytes = 0;
    }
  } else {
    action.reason.resumed_bytes = kept_bytes_of(pass, task);
  }
  tell_leader(pass, *task.folder, task.name, task.leads, action.verb);
  events.emplace_back(std::move(action));
}

Teller::Teller(Pass& pass) : pass_(pass) {
  pass.handles.see_as_told(names_);
}

Handles::View Teller::see(Handles::View root) {
  return names_.see(std::move(root));
}

Handles::View Teller::see(const Entry& root_to_be) {
  return names_.see(root_to_be);
}

void Teller::make_folder(Folder& folder) {
  names_.make(folder, folder.parent->there.id.device);
  if (folder.supplants) names_.remove(*pass_.handles.view(*folder.parent), folder.name);
}

bool Teller::move_file(const filesystem::OpenFolder& from, const std::string& name, Folder& into,
                       const std::string& to, bool exchanges) {
  require_one_mount(from, mount_number_of(pass_, into), name);
  names_.move(from, name, *pass_.handles.view(into), to, exchanges);
  return true;
}

void Teller::move_file_back(const filesystem::OpenFolder& from, const std::string& name,
                            const filesystem::OpenFolder& into, const std::string& to) {
  names_.move(from, name, into, to, false);
}

bool Teller::move_folder(const filesystem::OpenFolder& from, const std::string& name,
                         const Entry& /*found*/, Folder& folder, bool exchanges) {
  return move_file(from, name, *folder.parent, folder.name, exchanges);
}

void Teller::respell(Folder& folder, const std::string& name, const std::string& old_name) {
  const auto directory = pass_.handles.view(folder);
  names_.move(*directory, old_name, *directory, name, false);
}

void Teller::clean(Folder& folder, const std::string& name) {
  names_.remove(*pass_.handles.view(folder), name);
}

// It is told once it is known that the folder in its place may go.
void Teller::displace(Folder& folder, index::Replacement replacement, std::vector<Event>& events) {
  attempt(
      folder, replacement.name,
      [&] {
        replacement.folder = pass_.replica.deferred_key(folder);
        pass_.replica.deferred.note_replacement(replacement);
      },
      [&](Failure failure) { events.emplace_back(std::move(failure)); });
}

void Teller::take(Folder& folder, Steps& steps, bool /*may_wait*/) {
  std::vector<Event>& events = steps.events;
  const auto on_failure = [&](Failure failure) { events.emplace_back(std::move(failure)); };
  for (const FileTask& task : steps.files)
    if (task.displaces)
      displace(folder,
               {.name = task.name,
                .temporary = {},
                .id = {},
                .kind = Kind::file,
                .bytes = task.source.identity.size},
               events);
    else if (!is_to_be_read(pass_, task))
      tell_of_file(pass_, task, events);
  std::erase_if(steps.files, [&](const FileTask& task) { return !is_to_be_read(pass_, task); });
  for (const EntryChange& change : steps.changes) {
    if (std::holds_alternative<verdict::Displace>(change.verdict)) {
      displace(
          folder,
          {.name = change.name, .temporary = {}, .id = {}, .kind = change.source.kind, .bytes = 0},
          events);
      continue;
    }
    const Action& action = std::get<Action>(events.emplace_back(action_on(pass_, folder, change)));
    tell_leader(pass_, folder, change.name, change.leads, action.verb);
    // What it replaces is nobody else's any more.
    if (std::holds_alternative<verdict::Overwrite>(change.verdict))
      names_.remove(*pass_.handles.view(folder), change.name);
  }
  for (const Follower& follower : steps.followers)
    attempt(
        folder, follower.name, [&] { note_follower(pass_, folder, follower); }, on_failure);
  for (const std::string& name : steps.litter) events.emplace_back(clean_action(folder, name));
  note_extraneous(pass_, folder, steps);
}

MetadataResult Teller::set_metadata(Folder& /*folder*/, const Entry& /*want*/,
                                    const Exception* /*known*/,
                                    std::vector<index::Edit>& /*edits*/) {
  return {.has_set = true};
}

// What is backed up beside itself keeps its folder from being removed.
bool Teller::remove(Folder& folder, const index::Removal& removal, const Entry& now) {
  const Disposal& disposal = *pass_.replica.disposal;
  if (!disposal.keeps_beside()) return true;
  const std::scoped_lock lock{mutex_};
  const bool is_folder = removal.kind == Kind::folder;
  const bool stays =
      is_folder ? stay_.contains(now.identity.id) : !disposal.is_kept_beside(removal.name);
  if (stays) stay_.insert(folder.there.id);
  return !is_folder || !stays;
}

}  // namespace syncline::engine
