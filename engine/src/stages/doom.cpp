// SPDX-License-Identifier: MIT
#include "stages/doom.h"

#include "stages/failures.h"
#include "stages/moves.h"

#include <mutex>
#include <utility>

namespace syncline::stages {
namespace {

// What was moved since it was looked at is not there any more, or something else is.
void look_again(Pass& pass, Folder& folder, Emission& emission) {
  if (pass.options.dry_run) {
    std::erase_if(emission.removals, [&](const index::Removal& removal) {
      return pass.late.is_taken(removal.seen.id);
    });
    return;
  }
  if (pass.moves->count() == emission.looked_at) return;
  const auto destination = pass.handles.get(folder, Side::destination);
  std::erase_if(emission.removals, [&](index::Removal& removal) {
    const auto now = destination->look(removal.name);
    if (!now || now->kind == Kind::folder) return true;
    removal.kind = now->kind;
    removal.seen = now->identity;
    return false;
  });
}

}  // namespace

bool is_walked_late(const Pass& pass, const Folder& folder) {
  return folder.role == Folder::Role::mirrored && !(pass.options.dry_run && folder.came_along);
}

FolderRef make_doomed(const FolderRef& parent, const std::string& name, bool gives_way,
                      Entry destination) {
  auto folder = std::make_shared<Folder>(parent, name, Folder::Role::doomed);
  folder->gives_way = gives_way;
  folder->destination = std::move(destination);
  return folder;
}

void note_doomed(Pass& pass, Folder& folder, Emission& emission) {
  if (emission.removals.empty() && emission.doomed.empty()) return;
  const auto note = [&] {
    std::unique_lock<std::mutex> pause;
    if (pass.moves != nullptr) {
      pause = pass.moves->pause();
      look_again(pass, folder, emission);
    }
    const index::FolderKey key = pass.late_key(folder);
    pass.late.note_removals(key, emission.removals);
    for (const index::Removal& removal : emission.removals) {
      pass.totals.deletions_wanted.add({.entries = 1, .bytes = content_bytes(removal)});
      if (folder.role == Folder::Role::mirrored) pass.note_unwanted(path_of(folder, removal.name));
    }
    for (index::Doomed& doomed : emission.doomed) {
      doomed.folder = key;
      pass.late.note_doomed(doomed);
    }
  };
  attempt(folder, {}, note, [&](Failure failure) {
    pass.suppress_deletions("the list of deletions could not be kept: " + failure.detail);
    emission.events.emplace_back(std::move(failure));
  });
}

std::vector<FolderRef> doomed_folders(Pass& pass, LateFolders& folders, index::Doomed& last,
                                      std::size_t most, std::vector<Event>& events) {
  std::vector<FolderRef> found;
  const auto add = [&](const index::Doomed& doomed, const FolderRef& parent) {
    const auto destination = open_if_there(pass, *parent, Side::destination);
    auto entry = destination ? destination->look(doomed.name) : std::nullopt;
    if (!entry) return;
    if (entry->kind != Kind::folder) {  // it changed places with that
      if (doomed.gives_way) return;
      pass.late.note_removals(
          doomed.folder, {{.name = doomed.name, .kind = entry->kind, .seen = entry->identity}});
      pass.totals.deletions_wanted.add({.entries = 1, .bytes = content_bytes(*entry)});
      return;
    }
    if (pass.options.dry_run && pass.late.is_taken(entry->identity.id)) return;
    if (!doomed.gives_way) pass.note_unwanted(path_of(*parent, doomed.name));
    ++parent->pending;
    found.push_back(make_doomed(parent, doomed.name, doomed.gives_way, std::move(*entry)));
  };
  while (found.empty()) {
    auto page = pass.late.doomed_after(last, most);
    if (page.empty()) break;
    for (const index::Doomed& doomed : page) {
      const FolderRef parent = folders.at(doomed.folder);
      attempt(
          *parent, doomed.name, [&] { add(doomed, parent); },
          [&](Failure failure) {
            pass.note_unseen(*parent, failure);
            events.emplace_back(std::move(failure));
          });
    }
    last = std::move(page.back());
  }
  return found;
}

}  // namespace syncline::stages
