// SPDX-License-Identifier: MIT
#include "walk/write_down.h"

#include <variant>

namespace syncline::engine {

kept::Left expected(const Pass& pass, const Folder& folder, const EntryChange& change) {
  Entry entry = change.source;
  entry.identity.id = {};
  const KeptMetadata& kept = pass.terms.options.metadata;
  const bool is_link = entry.kind == Kind::symlink;
  return left_as(folder, entry, kept.times && (kept.link_times || !is_link));
}

void write_down(Pass& pass, Folder& folder, const Steps& steps, IntentionGroup& intentions) {
  if (pass.replica.intentions == nullptr) return;
  for (const EntryChange& change : steps.changes) {
    if (const auto* metadata = std::get_if<verdict::SetMetadata>(&change.verdict))
      intentions.sets_metadata(
          folder, change.name, *change.destination,
          left_with(folder, *change.destination, change.source, metadata->change));
    else if (!std::holds_alternative<verdict::Displace>(change.verdict))
      intentions.arrives(folder, change.name, expected(pass, folder, change));
  }
  for (const FolderRef& child : steps.folders)
    if (!child->destination && !child->supplants && child->role == Folder::Role::mirrored)
      intentions.makes_folder(*child);
  intentions.secure();
}

}  // namespace syncline::engine
