// SPDX-License-Identifier: MIT
#include "replica/link_notes.h"

#include "pass/failures.h"

#include <cstddef>

namespace syncline::engine {

void end_leader(Pass& pass, Folder& folder, const std::string& name, const index::LinkGroup& group,
                const Identity& destination, bool has_proof, const ExceptionRef& exception,
                const std::string& temporary) {
  pass.replica.links.end(group, {.path = whole_path_of(folder, name),
                                 .temporary = temporary,
                                 .destination = destination,
                                 .row = {.folder = folder.row.key, .name = name},
                                 .has_proof = has_proof,
                                 .is_excepted = exception != nullptr});
}

void tell_leader(Pass& pass, const Folder& folder, const std::string& name,
                 const std::optional<index::LinkGroup>& group, Verb verb) {
  const bool is_made_anew = verb == Verb::update || verb == Verb::replace;
  if (group && is_made_anew)
    pass.replica.links.lead_instead(*group, whole_path_of(folder, name), std::nullopt);
}

bool is_still_of(const index::LinkGroup& group, const Folder& folder,
                 const std::optional<Entry>& now) {
  const IdentityRule rule = folder.from->stamping.rule;
  return now && is_same_inode(group.source, now->identity.id, rule);
}

Failure parted(Path path, const std::optional<Entry>& now) {
  return now ? failure_of(std::move(path), FailureKind::changed, FailureCode::other_file)
             : failure_of(std::move(path), FailureKind::vanished, FailureCode::vanished_unlinked);
}

std::vector<index::Edit> moved_leaders(Pass& pass, index::LinkGroup& after) {
  constexpr std::size_t page = 1024;
  std::vector<index::Edit> edits;
  for (const auto& [group, leader] : pass.replica.links.moved_leaders(after, page)) {
    after = group;
    pass.memory.note_stamp(leader.destination.ctime);
    edits.emplace_back(index::edit::MoveDestination{
        .folder = leader.row.folder, .name = leader.row.name, .destination = leader.destination});
  }
  return edits;
}

void note_follower(Pass& pass, Folder& folder, const Follower& follower) {
  pass.replica.links.note_follower({.group = {.source = follower.source},
                                    .folder = pass.replica.deferred_key(folder),
                                    .row = {.folder = folder.row.key, .name = follower.name},
                                    .kind = follower.kind,
                                    .known = follower.known});
}

}  // namespace syncline::engine
