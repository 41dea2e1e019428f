// SPDX-License-Identifier: MIT
#include "walk/batch_links.h"

#include "pass/admission.h"
#include "replica/exceptions.h"
#include "replica/keep.h"
#include "replica/unchanged.h"
#include "walk/needs.h"

#include <variant>

namespace syncline::engine {

bool has_more_names(const std::optional<Entry>& source) {
  return source && source->kind != Kind::folder && source->links > 1;
}

bool BatchLinks::follows(const LinkedName& it) {
  const auto led = pass_.replica.links.find({.source = it.source.identity.id});
  if (led) follow(it, *led);
  return led.has_value();
}

bool BatchLinks::leads(const LinkedName& it, bool may_lead) {
  may_lead = may_lead && !is_planned_as_link(it);
  const index::LinkGroup group{.source = it.source.identity.id};
  if (may_lead && pass_.replica.links.lead(group, whole_path_of(folder_, it.name), it.destination,
                                           apart_from_others(it)))
    return true;
  // By now another name may lead.
  const auto led = may_lead ? pass_.replica.links.find(group) : std::nullopt;
  follow(it, led.value_or(index::LinkGroups::Led{}));
  return false;
}

// Whichever is met first: what was planned is done.
bool BatchLinks::is_planned_as_link(const LinkedName& it) const {
  Admission* const admission = pass_.replica.admission;
  return admission != nullptr &&
         admission->planned_as(path_of(folder_, it.name).whole()) == PlannedAs::link;
}

bool BatchLinks::may_keep(const Verdict& verdict, const std::optional<Entry>& source,
                          const std::optional<Entry>& destination, const Means& means) {
  if (!source || source->kind == Kind::folder || !destination || destination->links < 2)
    return true;
  const bool stays = std::holds_alternative<verdict::Same>(verdict) ||
                     (std::holds_alternative<verdict::Prove>(verdict) &&
                      !difference(*source, *destination, means).any());
  return !stays || pass_.replica.links.claim(destination->identity.id, source->identity.id);
}

void BatchLinks::follow(const LinkedName& it, const index::LinkGroups::Led& led) {
  rows_.folder(it.name);
  auto known = known_by(it);
  const auto leader = led.ended ? std::optional{led.ended->destination.id} : led.walked;
  const bool is_linked = it.destination && leader == it.destination->identity.id;
  if (is_linked && led.ended && is_remembered(it.source, known)) {
    tell_unchanged(pass_, folder_, it.name, it.source, steps_.events, led.first);
    return;
  }
  const bool is_apart = leader && it.destination && !is_linked && was_apart(it, led, *leader);
  if (is_apart && (it.source.kind != Kind::file || known == index::Follower::Known::proved) &&
      stays_apart(it))
    return;
  const bool was_once_apart = is_apart || (it.known != nullptr && it.known->stands_apart);
  if (was_once_apart && known == index::Follower::Known::moved && it.destination &&
      it.known->destination.id.inode == it.destination->identity.id.inode &&
      is_unmoved(it.known->destination, it.destination->identity, IdentityRule::size_and_mtime))
    known = index::Follower::Known::apart;
  const bool displaces = it.destination && it.destination->kind == Kind::folder;
  if (displaces && !removals_.may_displace(it.name, *it.destination)) return;
  ++pass_.books.links;
  steps_.followers.push_back(
      {.name = it.name, .source = it.source.identity.id, .kind = it.source.kind, .known = known});
  if (displaces) removals_.remove_folder(it.name, *it.destination, true);
}

// What the index says of that.
std::optional<std::uint64_t> BatchLinks::apart_from_others(const LinkedName& it) const {
  if (it.known != nullptr && it.known->stands_apart) return index::any_inode;
  if (it.exception == nullptr || !it.destination) return std::nullopt;
  return apart_from(pass_, folder_, it.exception, *it.destination);
}

// By what is remembered of it or of the leader. Of files nobody remembers from which others.
bool BatchLinks::was_apart(const LinkedName& it, const index::LinkGroups::Led& led,
                           FileId leader) const {
  const auto own = apart_from_others(it);
  if (!own && !led.apart_from) return false;
  return it.source.kind == Kind::file ||
         own.value_or(lasting_number(folder_, it.destination->identity.id)) ==
             led.apart_from.value_or(lasting_number(folder_, leader));
}

// True: it is as it was left, which is counted. To try again could change things: a link that Btrfs
// refuses moves the ctime of both.
bool BatchLinks::stays_apart(const LinkedName& it) {
  Entry source = it.source;
  std::optional<Entry> destination = it.destination;
  int unreadable = 0;
  if (needs_attributes(source, Standing::proved, it.known) &&
      (!look_.look_at_source_attributes(it.name, source) ||
       !look_.look_at_destination_attributes(it.name, source.kind, destination, unreadable) ||
       unreadable != 0))
    return false;
  const Means means = means_for(pass_, folder_, it.exception, source, destination);
  const Verdict verdict = compare(source, destination, means, Standing::proved);
  if (!std::holds_alternative<verdict::Same>(verdict) ||
      !may_keep(verdict, source, destination, means))
    return false;
  pass_.books.unkept.add(Aspect::hard_link, folder_, it.name);
  count_unkept(pass_, folder_, it.name, source, *destination, means);
  return true;
}

index::Follower::Known BatchLinks::known_by(const LinkedName& it) const {
  using Known = index::Follower::Known;
  if (it.known == nullptr || !it.known->fingerprint ||
      it.known->source.id.inode != it.source.identity.id.inode)
    return Known::nothing;
  const bool is_proved =
      standing_in(it.known, it.source, it.destination, trust_) == Standing::proved;
  return is_proved ? Known::proved : Known::moved;
}

bool BatchLinks::is_remembered(const Entry& source, index::Follower::Known known) const {
  return source.kind != Kind::file || known == index::Follower::Known::proved ||
         !pass_.memory.is_usable() || folder_.row.key == index::no_row;
}

}  // namespace syncline::engine
