// SPDX-License-Identifier: MIT
#include "judge/compare.h"

#include "model/handover.h"

#include <cassert>

namespace syncline::engine {
namespace {

reason::Metadata::Values values_of(const Entry& entry) {
  return {.mode = entry.mode, .uid = entry.uid, .gid = entry.gid};
}

Verdict metadata_verdict(const Entry& source, const Entry& destination, MetadataChange change) {
  if (!change.any()) return verdict::Same{};
  // Another name of that inode, perhaps outside the root, would change with it.
  if (destination.links > 1)
    return verdict::Overwrite{
        reason_of(change, source, destination, ReasonCode::metadata_linked_elsewhere)};
  if (changes_hands(destination, source, change))
    return verdict::Overwrite{
        reason_of(change, source, destination, ReasonCode::metadata_handed_over), true};
  return verdict::SetMetadata{change};
}

Verdict compare_files(const Entry& source, const Entry& destination, const Means& means,
                      Standing standing) {
  if (source.identity.size != destination.identity.size)
    return verdict::Overwrite{{ReasonCode::size, reason::Sizes{.before = destination.identity.size,
                                                               .after = source.identity.size}}};
  if (!is_same(standing)) return verdict::Prove{};
  // Unless sizes alone were compared, both mtimes are as they were when the source's had been set:
  // one that is nearly the same is what the file system makes of it.
  MetadataChange change = difference(source, destination, means);
  if (standing != Standing::same_size &&
      is_kept_as(source.identity.mtime, destination.identity.mtime))
    change.mtime = false;
  return metadata_verdict(source, destination, change);
}

Verdict compare_alike(const Entry& source, const Entry& destination, const Means& means,
                      Standing standing) {
  const bool is_device = source.kind == Kind::character_device || source.kind == Kind::block_device;
  if (source.kind == Kind::folder) return verdict::Descend{};
  if (source.kind == Kind::file) return compare_files(source, destination, means, standing);
  if (source.kind == Kind::symlink && destination.target.empty())
    return verdict::Overwrite{{ReasonCode::symlink_unreadable}};
  if (source.kind == Kind::symlink && source.target != destination.target)
    return verdict::Overwrite{{ReasonCode::target}};
  if (is_device && source.rdev != destination.rdev) return verdict::Overwrite{{ReasonCode::device}};
  return metadata_verdict(source, destination, difference(source, destination, means));
}

}  // namespace

Verdict compare(const std::optional<Entry>& source, const std::optional<Entry>& destination,
                const Means& means, Standing standing) {
  assert(source || destination);
  if (!source) return verdict::Remove{};
  if (!destination) return verdict::Create{};
  if (source->kind == destination->kind)
    return compare_alike(*source, *destination, means, standing);
  if (destination->kind == Kind::folder) return verdict::Displace{};
  if (source->kind == Kind::folder) return verdict::Supplant{};
  return verdict::Overwrite{{ReasonCode::other_kind, destination->kind}};
}

Difference difference_between(const Entry& source, const Entry& destination, const Means& means) {
  const MetadataChange change = difference(source, destination, means);
  return {.content = source.target != destination.target || source.rdev != destination.rdev,
          .size = source.kind == Kind::file && source.identity.size != destination.identity.size,
          .mtime = change.mtime,
          .mode = change.mode,
          .owner = change.owner,
          .group = change.group,
          .acl = change.acl,
          .attributes = change.attributes || change.capabilities};
}

Reason reason_of(MetadataChange change, const Entry& source, const Entry& destination,
                 ReasonCode code) {
  return {code, reason::Metadata{.before = values_of(destination),
                                 .after = values_of(source),
                                 .mode = change.mode,
                                 .owner = change.owner,
                                 .group = change.group,
                                 .mtime = change.mtime,
                                 .attributes = change.attributes,
                                 .acl = change.acl,
                                 .capabilities = change.capabilities}};
}

}  // namespace syncline::engine
