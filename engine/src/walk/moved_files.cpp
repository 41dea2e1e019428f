// SPDX-License-Identifier: MIT
#include "walk/moved_files.h"

#include "content/probe.h"
#include "pass/failures.h"
#include "pass/patience.h"

#include <utility>

namespace syncline::engine {

MovedFiles::MovedFiles(Pass& pass, Folder& folder, const Batch& batch, BatchLook& look,
                       BatchCounts& counts, Steps& steps)
    : pass_(pass),
      folder_(folder),
      look_(look),
      counts_(counts),
      steps_(steps),
      may_hold_(!batch.was_held),
      patience_(batch.patience) {
  if (pass.replica.moves != nullptr) steps.looked_at = pass.replica.moves->count();
}

bool MovedFiles::have_moved_on() const {
  return pass_.replica.moves != nullptr && pass_.replica.moves->count() != steps_.looked_at;
}

bool MovedFiles::is_strange(const Entry& source, const Remembered* known) const {
  return pass_.replica.moves != nullptr &&
         (known == nullptr || known->source.id.inode != source.identity.id.inode);
}

Found MovedFiles::find(const std::string& name, const Entry& source,
                       std::optional<Entry>& destination, const Remembered* known) {
  Moves& moves = *pass_.replica.moves;
  if (have_moved_on() && !look_.look_in_destination(name, destination)) destination.reset();
  // In each further round another file has come there meanwhile.
  constexpr int most_rounds = 100;
  for (int round = 0; round < most_rounds; ++round) {
    if (destination && destination->kind == Kind::folder) return {known};
    if (bring(name, source, destination)) return {.known = &brought_, .was_brought = true};
    if (!destination) return find_alike(name, source, destination, known);
    if (may_hold_ && moves.may_hold()) return hold(name);
    const FileId claimed = destination->identity.id;
    moves.claim(claimed);
    if (!have_moved_on()) return {known};
    const auto pause = moves.pause();
    if (!look_.look_in_destination(name, destination)) destination.reset();
    if (destination &&
        is_same_inode(claimed, destination->identity.id, folder_.there.stamping.rule))
      return {known};
  }
  return {known};
}

Found MovedFiles::hold(const std::string& name) {
  steps_.held.push_back(name);
  return {.is_held = true};
}

// By its content, at the end of the walk: what can be known by its inode comes first. Whoever does
// without reading would take it for the same, though only its first chunk is.
Found MovedFiles::find_alike(const std::string& name, const Entry& source,
                             std::optional<Entry>& destination, const Remembered* known) {
  Moves& moves = *pass_.replica.moves;
  const Options& options = pass_.terms.options;
  if (options.dry_run || travels_in_group(source.identity.size) || options.trust_mtime ||
      options.size_only || !moves.may_have(folder_, name, source))
    return {known};
  if (may_hold_ && moves.may_hold()) return hold(name);
  std::optional<Fingerprint> first;
  bool is_not_now = false;
  attempt(
      folder_, name, [&] { first = first_chunk_of(pass_, folder_, name, source.identity.size); },
      [&](const Failure& failure) {  // to be met again when it is copied
        is_not_now = may_pass(failure.error_number) && !patience_.is_over();
      });
  if (is_not_now) {
    steps_.not_now.push_back(name);
    return {.is_held = true};
  }
  if (!first) return {known};
  auto alike = moves.bring_alike(folder_, name, source, *first, !may_hold_);
  if (!alike.brought) return {.known = known, .twin = std::move(alike.twin)};
  take_over(std::move(*alike.brought), source, destination);
  return {.known = &brought_, .was_brought = true, .begins_alike = true};
}

bool MovedFiles::bring(const std::string& name, const Entry& source,
                       std::optional<Entry>& destination) {
  auto brought = pass_.replica.moves->bring(folder_, name, source);
  if (brought) take_over(std::move(*brought), source, destination);
  return brought.has_value();
}

void MovedFiles::take_over(BroughtFile brought, const Entry& source,
                           std::optional<Entry>& destination) {
  brought_ = brought.known;
  destination = std::move(brought.destination);
  if (brought.action) steps_.events.emplace_back(std::move(*brought.action));
  if (!folder_.came_along) counts_.move(source);
}

}  // namespace syncline::engine
