// SPDX-License-Identifier: MIT
#include "walk/extraneous.h"

#include "pass/failures.h"
#include "walk/moves.h"

#include <mutex>
#include <utility>

namespace syncline::engine {
namespace {

// What was moved since it was looked at is not there any more, or something else is.
void look_again(Pass& pass, Folder& folder, Steps& steps) {
  if (pass.replica.moves->count() == steps.looked_at) return;
  const auto destination = pass.handles.view(folder);
  std::erase_if(steps.removals, [&](index::Removal& removal) {
    const auto now = destination->look(removal.name);
    if (!now || now->kind == Kind::folder) return true;
    removal.kind = now->kind;
    removal.seen = now->identity;
    return false;
  });
}

}  // namespace

FolderRef make_extraneous(const FolderRef& parent, const std::string& name, bool gives_way,
                          Entry destination) {
  auto folder = std::make_shared<Folder>(parent, name, Folder::Role::extraneous);
  folder->gives_way = gives_way;
  folder->destination = std::move(destination);
  return folder;
}

void note_extraneous(Pass& pass, Folder& folder, Steps& steps) {
  if (steps.removals.empty() && steps.extraneous.empty()) return;
  const auto note = [&] {
    std::unique_lock<std::mutex> pause;
    if (pass.replica.moves != nullptr) {
      pause = pass.replica.moves->pause();
      look_again(pass, folder, steps);
    }
    const index::FolderKey key = pass.replica.deferred_key(folder);
    pass.replica.deferred.note_removals(key, steps.removals);
    for (const index::Removal& removal : steps.removals) {
      pass.census.extraneous.add({.entries = 1, .bytes = content_bytes(removal)});
      if (folder.role == Folder::Role::mirrored)
        pass.census.note_example(path_of(folder, removal.name));
    }
    for (index::Extraneous& extraneous : steps.extraneous) {
      extraneous.folder = key;
      pass.replica.deferred.note_extraneous(extraneous);
    }
  };
  attempt(folder, {}, note, [&](Failure failure) {
    pass.brakes.suppress_deletions(failure, HeldCode::list_lost);
    steps.events.emplace_back(std::move(failure));
  });
}

}  // namespace syncline::engine
