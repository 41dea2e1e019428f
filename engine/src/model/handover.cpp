// SPDX-License-Identifier: MIT
#include "model/handover.h"

#include "model/acl.h"

#include <algorithm>
#include <string>

namespace syncline {
namespace {

constexpr std::uint32_t all_rights = 07;

std::string access_list_of(const Entry& entry) {
  const auto found = std::ranges::find(entry.attributes, access_acl, &Attribute::name);
  return found == entry.attributes.end() ? std::string{} : found->value;
}

/// Who but its owner has which rights to an entry.
class Access {
 public:
  Access(std::uint32_t mode, const std::string& list)
      : others_(mode & all_rights), group_(mode >> 3U & all_rights) {
    const std::uint32_t mask = group_;  // what the group bits of a mode mean beside a list
    for (const acl::Entry& entry : acl::entries_of(list)) {
      if (entry.tag == acl::owning_group)
        group_ = entry.rights;
      else if (entry.tag == acl::user || entry.tag == acl::group)
        named_.push_back(entry);
      is_masked_ = is_masked_ || entry.tag == acl::mask;
    }
    if (!is_masked_) return;
    group_ &= mask;
    for (acl::Entry& entry : named_) entry.rights &= mask;
  }

  /// Whether somebody has rights among `which` here that he has not, or may not have, there.
  [[nodiscard]] bool exceeds(const Access& there, std::uint32_t which) const {
    const auto is_lost = [&](std::uint32_t here, std::uint32_t later) {
      return (here & ~later & which) != 0;
    };
    if (is_lost(others_, there.others_) || is_lost(group_, there.group_)) return true;
    const auto is_lost_by = [&](const acl::Entry& entry) {
      return is_lost(most_of(entry.tag, entry.id), there.least_of(entry.tag, entry.id));
    };
    return std::ranges::any_of(named_, is_lost_by) || std::ranges::any_of(there.named_, is_lost_by);
  }

 private:
  [[nodiscard]] const acl::Entry* find(std::uint32_t tag, std::uint32_t id) const {
    const auto is_it = [&](const acl::Entry& entry) { return entry.tag == tag && entry.id == id; };
    const auto found = std::ranges::find_if(named_, is_it);
    return found == named_.end() ? nullptr : &*found;
  }

  // Of whom no entry names: a user may be in any group, a member of a group in no other.
  [[nodiscard]] std::uint32_t most_of(std::uint32_t tag, std::uint32_t id) const {
    if (const acl::Entry* const entry = find(tag, id)) return entry->rights;
    std::uint32_t most = others_;
    if (tag == acl::group) return most;
    most |= group_;
    for (const acl::Entry& entry : named_)
      if (entry.tag == acl::group) most |= entry.rights;
    return most;
  }

  [[nodiscard]] std::uint32_t least_of(std::uint32_t tag, std::uint32_t id) const {
    if (const acl::Entry* const entry = find(tag, id)) return entry->rights;
    std::uint32_t least = others_ & group_;
    for (const acl::Entry& entry : named_)
      if (entry.tag == acl::group) least &= entry.rights;
    return least;
  }

  std::uint32_t others_;
  std::uint32_t group_;
  bool is_masked_ = false;
  std::vector<acl::Entry> named_;
};

bool takes_rights(const Entry& now, const Entry& want, MetadataChange change) {
  constexpr std::uint32_t to_read_and_write = 06;
  const std::string list = access_list_of(now);
  const Access before{now.mode, list};
  const Access after{change.mode ? want.mode : now.mode, change.acl ? access_list_of(want) : list};
  return before.exceeds(after, now.kind == Kind::folder ? all_rights : to_read_and_write);
}

}  // namespace

bool changes_hands(const Entry& now, const Entry& want, MetadataChange change) {
  if (now.kind == Kind::symlink || !change.any()) return false;
  if (change.owner || change.group) return true;
  if (now.kind == Kind::file && change.mode && (want.mode & ~now.mode & set_id_bits) != 0)
    return true;
  if (change.capabilities && has(want.attributes, capability)) return true;
  return (change.mode || change.acl) && takes_rights(now, want, change);
}

}  // namespace syncline
