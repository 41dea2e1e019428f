// SPDX-License-Identifier: MIT
#include "judge/compare.h"

#include "model/handover.h"

#include <cassert>
#include <cstdio>

namespace syncline::engine {
namespace {

std::string arrow(const std::string& what, const std::string& from, const std::string& to) {
  return what + ' ' + from + "→" + to;
}

std::string octal(std::uint32_t mode) {
  char text[8];
  std::snprintf(text, sizeof text, "%03o", mode);
  return text;
}

Verdict metadata_verdict(const Entry& source, const Entry& destination, MetadataChange change) {
  if (!change.any()) return verdict::Same{};
  // Another name of that inode, perhaps outside the root, would change with it.
  if (destination.links > 1)
    return verdict::Overwrite{describe(change, source, destination) + ", linked elsewhere"};
  if (changes_hands(destination, source, change))
    return verdict::Overwrite{describe_handover(change, source, destination), true};
  return verdict::SetMetadata{change};
}

Verdict compare_files(const Entry& source, const Entry& destination, const Means& means,
                      Standing standing) {
  if (source.identity.size != destination.identity.size)
    return verdict::Overwrite{arrow("size", std::to_string(destination.identity.size),
                                    std::to_string(source.identity.size))};
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
    return verdict::Overwrite{"the destination's symlink cannot be read"};
  if (source.kind == Kind::symlink && source.target != destination.target)
    return verdict::Overwrite{"other target"};
  if (is_device && source.rdev != destination.rdev) return verdict::Overwrite{"other device"};
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
  return verdict::Overwrite{std::string("was a ") + to_string(destination->kind)};
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

std::string describe(MetadataChange change, const Entry& source, const Entry& destination) {
  std::string text;
  const auto add = [&text](const std::string& part) {
    if (!text.empty()) text += ", ";
    text += part;
  };
  if (change.mode) add(arrow("mode", octal(destination.mode), octal(source.mode)));
  if (change.owner)
    add(arrow("owner", std::to_string(destination.uid), std::to_string(source.uid)));
  if (change.group)
    add(arrow("group", std::to_string(destination.gid), std::to_string(source.gid)));
  if (change.mtime) add("mtime");
  if (change.attributes) add("attributes");
  if (change.acl) add("ACL");
  if (change.capabilities) add("capabilities");
  return text;
}

std::string describe_handover(MetadataChange change, const Entry& source,
                              const Entry& destination) {
  return describe(change, source, destination) +
         ": a fresh one, for the old one stays with whoever has it open";
}

}  // namespace syncline::engine
