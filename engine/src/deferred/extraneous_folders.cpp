// SPDX-License-Identifier: MIT
#include "deferred/extraneous_folders.h"

#include "pass/failures.h"
#include "pass/unseen.h"
#include "walk/extraneous.h"

#include <utility>

namespace syncline::engine {

std::vector<FolderRef> extraneous_folders(Pass& pass, DeferredFolders& folders,
                                          index::Extraneous& last, std::size_t most,
                                          std::vector<Event>& events) {
  std::vector<FolderRef> found;
  const auto add = [&](const index::Extraneous& extraneous, const FolderRef& parent) {
    const auto destination = open_if_there(pass, *parent);
    auto entry = destination ? destination->look(extraneous.name) : std::nullopt;
    if (!entry) return;
    if (entry->kind != Kind::folder) {  // it changed places with that
      if (extraneous.gives_way) return;
      pass.replica.deferred.note_removals(
          extraneous.folder,
          {{.name = extraneous.name, .kind = entry->kind, .seen = entry->identity}});
      pass.census.extraneous.add({.entries = 1, .bytes = content_bytes(*entry)});
      return;
    }
    if (!extraneous.gives_way) pass.census.note_example(path_of(*parent, extraneous.name));
    ++parent->pending;
    found.push_back(
        make_extraneous(parent, extraneous.name, extraneous.gives_way, std::move(*entry)));
  };
  while (found.empty()) {
    auto page = pass.replica.deferred.extraneous_after(last, most);
    if (page.empty()) break;
    for (const index::Extraneous& extraneous : page) {
      const FolderRef parent = folders.at(extraneous.folder);
      attempt(
          *parent, extraneous.name, [&] { add(extraneous, parent); },
          [&](Failure failure) {
            note_unseen(pass, *parent, failure);
            events.emplace_back(std::move(failure));
          });
    }
    last = std::move(page.back());
  }
  return found;
}

}  // namespace syncline::engine
