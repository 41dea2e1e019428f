// SPDX-License-Identifier: MIT
#include "content/remember.h"

#include "filesystem/clock.h"

namespace syncline::engine {
namespace {

index::Edit put(Folder& folder, const std::string& name, const Remembered& what,
                const std::vector<Fingerprint>& chunks) {
  return index::edit::PutFile{
      .folder = folder.row.key, .name = name, .what = what, .chunks = chunks};
}

// What was read proves something later if no later write can bear its stamps, and if a power cut
// cannot take back what was read.
bool source_proves(Pass& pass, const FileTask& task) {
  Folder& folder = *task.folder;
  const Identity& seen = task.source.identity;
  return !is_racy(seen, task.began_ns, folder.from->stamping) &&
         pass.source.is_on_disk(folder, seen.ctime, pass.replica.durability);
}

bool destination_proves(Pass& pass, const FileTask& task) {
  Folder& folder = *task.folder;
  const Identity& seen = task.destination->identity;
  return !is_racy(seen, task.began_ns, folder.there.stamping) &&
         pass.replica.durability.is_on_disk(pass.handles, folder, seen.ctime);
}

// What it was proved to hold before, and is unmoved since then, was read there once more.
bool was_proved(const FileTask& task, const Fingerprint& fingerprint) {
  if (!task.known || !task.known->fingerprint || !task.known->destination_proved) return false;
  const IdentityRule rule = task.folder->there.stamping.rule;
  return is_unmoved(task.known->destination, task.destination->identity, rule) &&
         match(*task.known->fingerprint, fingerprint) == Match::same;
}

}  // namespace

void remember(Pass& pass, const FileTask& task, const Fingerprint& fingerprint,
              const std::vector<Fingerprint>& chunks, const Kept& destination,
              std::vector<index::Edit>& edits) {
  Folder& folder = *task.folder;
  if (!pass.memory.is_usable() || folder.row.key == index::no_row) return;
  Remembered what{
      .source = task.source.identity,
      .destination = destination.identity,
      .fingerprint = fingerprint,
      .source_proved = true,
      .destination_proved = true,
      .attributes_kept = destination.attributes_kept && pass.terms.options.metadata.mode,
      .stands_apart = task.stands_apart,
      .proved_s = to_seconds(now_ns())};
  if (task.reads != Reads::destination)
    what.source_proved = task.source_is_quiet && source_proves(pass, task);
  if (destination.origin == Origin::written)
    what.destination_proved = pass.replica.durability.is_flushed(pass.handles, folder);
  else if (task.reads != Reads::source)
    what.destination_proved = was_proved(task, fingerprint) ||
                              (task.destination_is_quiet && destination_proves(pass, task));
  if (!what.source_proved || !what.destination_proved)
    pass.books.again.add({.entries = 1, .bytes = task.source.identity.size});
  pass.memory.note_stamp(destination.identity.ctime);
  if (task.known && chunks.size() < 2 && are_alike(*task.known, what))
    edits.emplace_back(index::edit::ProveFile{
        .folder = folder.row.key, .name = task.name, .proved_s = what.proved_s});
  else
    edits.push_back(put(folder, task.name, what, chunks));
}

void remember_unread(Pass& pass, Folder& folder, const std::string& name, const Identity& source,
                     const Identity& destination, std::vector<index::Edit>& edits) {
  if (!pass.memory.is_usable()) return;
  edits.push_back(put(folder, name,
                      {.source = source,
                       .destination = destination,
                       .fingerprint = {},
                       .source_proved = false,
                       .destination_proved = false,
                       .proved_s = to_seconds(now_ns())},
                      {}));
}

void remember_moved(Pass& pass, Folder& folder, const std::string& name,
                    const Identity& destination, std::vector<index::Edit>& edits) {
  if (!pass.memory.is_usable()) return;
  pass.memory.note_stamp(destination.ctime);
  edits.emplace_back(index::edit::MoveDestination{
      .folder = folder.row.key, .name = name, .destination = destination});
}

}  // namespace syncline::engine
