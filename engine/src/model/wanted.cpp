// SPDX-License-Identifier: MIT
#include "model/wanted.h"

#include "model/acl.h"

#include <algorithm>
#include <cstddef>

namespace syncline {
namespace {

constexpr std::uint32_t rights = 0777;
constexpr std::uint32_t search_bits = 0111;
constexpr std::uint32_t all_of_owner = 0700;

/// The three rights of a class, given to all classes.
std::uint32_t spread(std::uint32_t mode, unsigned from) {
  return (mode >> from & 07U) * search_bits;
}

/// Rewrites the permissions of the entries that stand for the mode's.
void fit(std::string& list, std::uint32_t mode) {
  const std::vector<acl::Entry> entries = acl::entries_of(list);
  const bool has_mask = std::ranges::find(entries, acl::mask, &acl::Entry::tag) != entries.end();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::uint32_t tag = entries[i].tag;
    std::optional<unsigned> shift;
    if (tag == acl::owner) shift = 6;
    if (tag == (has_mask ? acl::mask : acl::owning_group)) shift = 3;
    if (tag == acl::others) shift = 0;
    if (shift)
      list[acl::place_of_rights(acl::header_bytes + i * acl::entry_bytes)] =
          static_cast<char>(mode >> *shift & 07U);
  }
}

void take_acl(Entry& to, const Entry& from) {
  std::erase_if(to.attributes,
                [](const Attribute& x) { return class_of(x.name) == AttributeClass::acl; });
  for (const Attribute& attribute : from.attributes)
    if (class_of(attribute.name) == AttributeClass::acl) to.attributes.push_back(attribute);
  std::ranges::sort(to.attributes, {}, &Attribute::name);
}

// One clause, applied to `mode`.
std::uint32_t changed(std::uint32_t mode, const ModeChange& change, bool is_searchable) {
  const std::uint32_t copied =
      change.copy == ModeChange::Copy::none ? 0 : spread(mode, change.copy_from) & change.copy_to;
  mode = (mode & change.keep) | change.add | (is_searchable ? change.search : 0);
  return change.copy == ModeChange::Copy::remove ? mode & ~copied : mode | copied;
}

}  // namespace

std::uint32_t changed_mode(std::uint32_t mode, bool is_folder,
                           const std::vector<ModeChange>& changes) {
  const bool is_searchable = is_folder || (mode & search_bits) != 0;
  for (const ModeChange& change : changes)
    if (is_folder ? change.to_folders : change.to_others)
      mode = changed(mode, change, is_searchable);
  return mode;
}

void adapt(Entry& source, const KeptMetadata& kept) {
  if (kept.owner_instead) source.uid = *kept.owner_instead;
  if (kept.group_instead) source.gid = *kept.group_instead;
  if (source.kind == Kind::symlink) return;
  source.mode = changed_mode(source.mode, source.kind == Kind::folder, kept.mode_changes);
}

void fit_acl(Entry& entry) {
  for (Attribute& attribute : entry.attributes)
    if (class_of(attribute.name) == AttributeClass::acl && attribute.name != default_acl)
      fit(attribute.value, entry.mode);
}

bool is_new(const std::optional<Entry>& old, MetadataChange change) {
  return !old || old->kind == Kind::symlink || change.owner || change.group;
}

std::uint32_t rights_to_create(const Entry& source, const KeptMetadata& kept) {
  const std::uint32_t own =
      source.kind == Kind::folder ? all_of_owner : all_of_owner & ~search_bits;
  return kept.mode ? own : (source.mode & rights) | (source.kind == Kind::folder ? own : 0);
}

// What may not be executed by anybody loses all such rights; what may gets them for all that may
// read it, unless somebody may execute it already (rsync(1), --executability).
std::uint32_t with_executability(std::uint32_t mode, std::uint32_t of_source) {
  if ((of_source & search_bits) == 0) return mode & ~search_bits;
  if ((mode & search_bits) != 0) return mode;
  return mode | (mode & (search_bits << 2U)) >> 2U;
}

Entry wanted(const Entry& source, const std::optional<Entry>& old, const Entry& made, bool is_new,
             const KeptMetadata& kept) {
  Entry want = source;
  const Entry& other = old ? *old : made;
  if (!kept.owner) want.uid = other.uid;
  if (!kept.group) want.gid = other.gid;
  if (kept.mode) return want;
  const bool is_itself = old && old->identity.id == made.identity.id;
  const Entry& giver = is_new ? made : *old;
  take_acl(want, is_new && is_itself ? Entry{} : giver);
  want.mode = giver.mode;
  if (!is_new) {
    if (source.kind == Kind::file && !is_itself) want.mode &= ~set_id_bits | source.mode;
    if (kept.executability && source.kind == Kind::file)
      want.mode = with_executability(want.mode, source.mode);
  } else {
    if (is_itself) want.mode &= source.mode;
    if (source.kind == Kind::folder) want.mode |= all_of_owner;  // whoever makes one works in it
  }
  return want;
}

}  // namespace syncline
