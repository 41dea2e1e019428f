// SPDX-License-Identifier: MIT
#include "deferred/link_group.h"

#include "deferred/choose_leader.h"
#include "filesystem/discard.h"
#include "filesystem/file_system_type.h"
#include "filesystem/own_names.h"
#include "filesystem/storage.h"
#include "judge/compare.h"
#include "pass/admission.h"
#include "pass/error_meaning.h"
#include "pass/given.h"
#include "pass/patience.h"
#include "pass/step_sink.h"
#include "replica/disposal.h"
#include "replica/exceptions.h"
#include "replica/intentions.h"
#include "replica/link_notes.h"
#include "replica/touch.h"
#include "replica/unchanged.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string_view>

namespace syncline::engine {
namespace {

using filesystem::Directory;
using filesystem::SystemError;

const std::string link_operation = "link to";

}  // namespace

void LinkGroupWork::link() {
  const auto led = pass_.replica.links.find(group_);
  if (led && led->failed) {
    for (const index::Follower& follower : followers_) tell_failed(follower, *led->failed);
    return;
  }
  if (pass_.replica.sink->only_tells() && led) {
    for (const index::Follower& follower : followers_) preview(follower, *led);
    return;
  }
  if (!led || !led->ended) {  // what became of a leader was told
    choose();
    return;
  }
  leader_ = *led->ended;
  if (attempt_on(followers_.front(), [&] { find_leader(); }))
    link_all();
  else
    choose();
}

// Nothing is read for that: by one name it was tried.
void LinkGroupWork::tell_failed(const index::Follower& follower, const Failure& why) {
  attempt_on(follower, [&] {
    ++pass_.books.linked;
    Failure failure = why;
    failure.path = path_of(*folders_.at(follower.folder), follower.row.name);
    out_.events.emplace_back(std::move(failure));
    if (why.kind == FailureKind::rot && follower.known != index::Follower::Known::nothing)
      out_.edits.emplace_back(
          index::edit::MarkRotten{.folder = follower.row.folder, .name = follower.row.name});
  });
}

// Throws SystemError.
void LinkGroupWork::find_leader() {
  place_ = open_beneath(folders_.root_handle(), leader_.path);
  if (!leader_.temporary.empty()) place_.name = leader_.temporary;
  held_ = place_.folder->hold(place_.name);
  const auto now = held_.is_open() ? place_.folder->look(place_.name) : std::nullopt;
  if (!now || Directory::look(held_).identity.id != now->identity.id ||
      !filesystem::may_be_same(place_.folder->descriptor(), leader_.destination.id,
                               now->identity.id))
    throw SystemError(changed_operation(), "", ESTALE);
  has_proof_ = leader_.has_proof && now->identity == leader_.destination;
  leader_.destination.id = now->identity.id;
  leader_there_ = *now;
  names_ = now->links;
}

std::string LinkGroupWork::changed_operation() const {
  return "link to '" + shown_path(leader_.path) + "', which somebody changed";
}

// Numbers of inodes are given anew: what was put in the leader's place is somebody else's.
void LinkGroupWork::require_our_work() const {
  if (leader_.is_excepted || leader_there_.uid == pass_.terms.privileges.user) return;
  const MetadataChange change =
      difference(adapted_to(leader_there_, source_, pass_.terms), leader_there_,
                 pass_.terms.means(*folders_.at(followers_.front().folder)));
  if (change.owner || change.group) throw SystemError(changed_operation(), "", ESTALE);
}

void LinkGroupWork::link_all() {
  // Short enough for nobody to write to it and put its mtime back meanwhile.
  constexpr std::size_t slice = 16;
  std::vector<const index::Follower*> linked;
  for (std::size_t i = 0; i < followers_.size() && !pass_.brakes.stopping();) {
    const auto begin = std::chrono::steady_clock::now();
    for (const std::size_t end = std::min(i + slice, followers_.size()); i < end; ++i)
      if (put(followers_[i])) linked.push_back(&followers_[i]);
    look_after(std::chrono::steady_clock::now() - begin < std::chrono::nanoseconds(clock_tick_ns));
  }
  if (!linked.empty() || has_moved_) note_links(linked);
}

// Whether it is a name of the leader's inode now.
bool LinkGroupWork::put(const index::Follower& follower) {
  const Linked result = link_one(follower);
  if (result == Linked::held) {
    out_.held.push_back(follower);
    return false;
  }
  if (result == Linked::apart) {
    index::Follower other = follower;
    ++other.group.part;
    pass_.replica.links.note_follower(other);
    return false;
  }
  ++pass_.books.linked;
  if (result == Linked::alone) stand_alone(follower);
  if (result == Linked::yes && group_.part > 0) count_unkept(follower);
  return result == Linked::yes;
}

void LinkGroupWork::stand_alone(const index::Follower& follower) {
  judged_.push_back({follower, {.group = group_, .apart_from = others()}});
  count_unkept(follower);
}

void LinkGroupWork::count_unkept(const index::Follower& follower) {
  pass_.books.unkept.add(Aspect::hard_link, *folders_.at(follower.folder), follower.row.name);
}

LinkGroupWork::Linked LinkGroupWork::link_one(const index::Follower& follower) {
  const FolderRef folder = folders_.at(follower.folder);
  Linked result = Linked::no;
  attempt(
      *folder, follower.row.name,
      [&] {
        if (is_still_in_source(follower, *folder)) result = put_link(follower, *folder);
      },
      [&](Failure failure) {
        const bool is_refused = failure.operation == link_operation;
        if (is_refused && means_apart(failure.error_number))
          result = Linked::apart;
        else if (is_refused && means_cannot_link(failure.error_number))
          result = Linked::alone;
        else if (may_pass(failure.error_number) && may_hold_ && !is_mounted_)
          result = Linked::held;
        else
          tell(std::move(failure));
        if (result == Linked::apart || result == Linked::alone)
          refused_.emplace(follower.folder, result);
      });
  return result;
}

void LinkGroupWork::tell(Failure failure) {
  if (may_pass(failure.error_number)) explain_held(failure);
  out_.events.emplace_back(std::move(failure));
}

bool LinkGroupWork::is_still_in_source(const index::Follower& follower, Folder& folder) {
  const auto now = pass_.source.look_at({folder}, follower.row.name);
  if (now) {
    source_ = *now;
    pass_.terms.adapt(folder, source_);
    if (is_of_group(folder)) return true;
  }
  out_.events.emplace_back(parted(path_of(folder, follower.row.name), now));
  return false;
}

// What lasts must be the leader's where numbers do not.
bool LinkGroupWork::is_of_group(Folder& folder) {
  if (source_.identity.id == group_.source) return true;
  return is_still_of(group_, folder, source_) && source_.links > 1 &&
         has_shape_of(source_, leader_there_) &&
         !difference(adapted_to(leader_there_, source_, pass_.terms), leader_there_,
                     pass_.terms.means(folder))
              .mtime;
}

LinkGroupWork::Linked LinkGroupWork::put_link(const index::Follower& follower, Folder& folder) {
  const std::string& name = follower.row.name;
  const auto directory = pass_.handles.get(folder);
  const auto now = directory->look(name);
  is_mounted_ = now && now->mount_root;
  if (now && now->identity.id == leader_.destination.id) {
    tell_unchanged(pass_, folder, name, source_, out_.events, shown_path(leader_.path));
    return Linked::yes;
  }
  if (const auto refused = refused_.find(follower.folder); refused != refused_.end())
    return refused->second;
  // A link that Btrfs refuses moves the ctime of both, and what was proved is to be read again.
  if (now && follower.known == index::Follower::Known::apart && group_.part == 0)
    return Linked::apart;
  if (now && is_fuller(*now, name, *directory, folder)) return Linked::apart;
  if (!may_link(follower, folder, now)) return Linked::no;
  require_our_work();
  touch(pass_, folder);
  Intentions* const intentions = pass_.replica.intentions;
  if (intentions != nullptr && !(now && now->kind == Kind::folder))
    intentions->arrive(folder, name, left_as(folder, leader_there_, true));
  if (!now) {
    if (intentions != nullptr) intentions->take(folder, name);
    directory->link(held_, place_.name, name);
    ++names_;
    tell(follower, folder, now);
    return Linked::yes;
  }
  const std::string temporary = filesystem::temporary_name();
  directory->link(held_, place_.name, temporary);
  try {
    if (now->kind == Kind::folder) {
      pass_.replica.deferred.note_replacement({.folder = follower.folder,
                                               .name = name,
                                               .temporary = temporary,
                                               .id = leader_.destination.id,
                                               .kind = follower.kind,
                                               .bytes = 0});
      return Linked::no;  // told of when it takes its place
    }
    take_name(pass_, *directory, name, has_other_names(now), [&] {
      pass_.replica.disposal->make_way(pass_, folder, name);
      directory->rename(temporary, name);
    });
    // Of two names of one inode, as those on FUSE may be that have a number each, rename(2) does
    // away with none.
    filesystem::discard_name(*directory, temporary, leader_.destination.id);
  } catch (const std::exception&) {
    filesystem::discard_name(*directory, temporary, leader_.destination.id);
    throw;
  }
  ++names_;
  tell(follower, folder, now);
  return Linked::yes;
}

// Of two inodes that cannot be one the fuller keeps its names, whichever was met first: else they
// would go to and fro. It is full if it takes no name where the leader is.
bool LinkGroupWork::is_fuller(const Entry& now, const std::string& name, const Directory& directory,
                              Folder& folder) {
  if (now.links <= names_ || source_.links <= now.links || !leader_.temporary.empty() ||
      !has_shape_of(source_, now) ||
      difference(adapted_to(now, source_, pass_.terms), now, pass_.terms.means(folder)).any())
    return false;
  if (full_ == now.identity.id) return true;
  if (takes_name(directory, name, now.identity.id)) return false;
  full_ = now.identity.id;
  return true;
}

// The leader's folder, which may be settled, is left as it was.
bool LinkGroupWork::takes_name(const Directory& directory, const std::string& name, FileId id) {
  const std::scoped_lock lock{trying_};
  const Entry before = place_.folder->look();
  const std::string temporary = filesystem::temporary_name();
  try {
    directory.link(name, *place_.folder, temporary);
  } catch (const SystemError& error) {
    return !means_apart(error.error_number());
  }
  filesystem::discard_name(*place_.folder, temporary, id);
  place_.folder->set_metadata(before, {.mtime = true});
  return true;
}

void LinkGroupWork::tell(const index::Follower& follower, Folder& folder,
                         const std::optional<Entry>& replaced) {
  out_.events.emplace_back(action_on(follower, folder, leader_.path, replaced));
}

// It stays a link to what leads, unless that has to be replaced once it was read.
void LinkGroupWork::tell_undecided(const index::Follower& follower, Folder& folder,
                                   const std::string& first, const std::optional<Entry>& now) {
  Action action = action_on(follower, folder, first, now);
  action.verb = Verb::check;
  out_.events.emplace_back(std::move(action));
}

bool LinkGroupWork::may_link(const index::Follower& follower, Folder& folder,
                             const std::optional<Entry>& replaced) const {
  return allowed(
             pass_, [&] { return path_of(folder, follower.row.name); },
             [&] { return given(folder, source_, replaced); })
      .has(verb_of(follower, replaced));
}

Verb LinkGroupWork::verb_of(const index::Follower& follower, const std::optional<Entry>& replaced) {
  if (!replaced) return Verb::create;
  return replaced->kind == follower.kind ? Verb::update : Verb::replace;
}

Action LinkGroupWork::action_on(const index::Follower& follower, Folder& folder,
                                const std::string& first, const std::optional<Entry>& replaced) {
  Action action{.verb = verb_of(follower, replaced),
                .kind = follower.kind,
                .path = path_of(folder, follower.row.name),
                .reason = {ReasonCode::hard_link},
                .bytes = 0,
                .digest = {},
                .properties = properties_of(source_),
                .target = source_.target,
                .link_of = shown_path(first),
                .given = given(folder, source_, replaced)};
  if (action.verb == Verb::update)
    action.difference = difference_between(source_, *replaced, pass_.terms.means(folder));
  else if (replaced)
    action.replaced = replaced->kind;
  return action;
}

void LinkGroupWork::preview(const index::Follower& follower, const index::LinkGroups::Led& led) {
  attempt_on(follower, [&] {
    ++pass_.books.linked;
    const FolderRef folder = folders_.at(follower.folder);
    if (!is_still_in_source(follower, *folder)) return;
    const auto directory = open_if_there(pass_, *folder);
    const Directory* place = directory ? directory->directory() : nullptr;
    if (place == nullptr) place = folders_.root_view()->directory();  // where it would be made
    if (place != nullptr && !filesystem::may_have_links(*place)) {
      stand_alone(follower);
      return;
    }
    const auto now = directory ? directory->look(follower.row.name) : std::nullopt;
    if (now && led.walked == now->identity.id) {
      const bool is_undecided = !led.ended && follower.kind == Kind::file;
      if (pass_.terms.options.tell_unread && is_undecided)
        tell_undecided(follower, *folder, led.first, now);
      else
        tell_unchanged(pass_, *folder, follower.row.name, source_, out_.events, led.first);
      return;
    }
    if (may_link(follower, *folder, now))
      out_.events.emplace_back(action_on(follower, *folder, led.first, now));
  });
}

// Nobody has written to it meanwhile, as far as its stamps tell. What they are after the last
// link is what holds for all names.
void LinkGroupWork::look_after(bool was_short) {
  std::optional<Entry> now;
  try {
    now = place_.folder->look(place_.name);
  } catch (const SystemError&) {
    // Proved by the next pass.
  }
  if (!now) {
    has_proof_ = false;
    return;
  }
  Identity as_left = leader_.destination;
  as_left.ctime = now->identity.ctime;
  has_proof_ = has_proof_ &&
               (now->identity == leader_.destination || (was_short && now->identity == as_left));
  has_moved_ = has_moved_ || now->identity != leader_.destination;
  leader_.destination = now->identity;
}

void LinkGroupWork::note_links(const std::vector<const index::Follower*>& linked) {
  leader_.has_proof = has_proof_;
  pass_.replica.links.end(group_, leader_);
  if (leader_.row.folder == index::no_row || !pass_.memory.is_usable()) return;
  if (leader_.is_excepted)
    for (const index::Follower* follower : linked)
      out_.edits.emplace_back(index::edit::CopyException{.from_folder = leader_.row.folder,
                                                         .from_name = leader_.row.name,
                                                         .folder = follower->row.folder,
                                                         .name = follower->row.name});
  if (!has_proof_) return;
  if (has_moved_) {
    pass_.memory.note_stamp(leader_.destination.ctime);
    out_.edits.emplace_back(index::edit::MoveDestination{.folder = leader_.row.folder,
                                                         .name = leader_.row.name,
                                                         .destination = leader_.destination});
  }
  for (const index::Follower* follower : linked)
    if (has_moved_ || follower->known != index::Follower::Known::proved)
      out_.edits.emplace_back(index::edit::CopyFile{.from_folder = leader_.row.folder,
                                                    .from_name = leader_.row.name,
                                                    .folder = follower->row.folder,
                                                    .name = follower->row.name});
}

// One of them leads from here on, the others wait for it.
void LinkGroupWork::choose() {
  const Candidate best = choose_leader(pass_, folders_, group_, followers_);
  const index::Follower& first = followers_[best.number];
  for (const index::Follower& follower : followers_)
    if (&follower != &first) pass_.replica.links.note_follower(follower);
  const FolderRef folder = folders_.at(first.folder);
  pass_.replica.links.lead_instead(group_, whole_path_of(*folder, first.row.name),
                                   best.stays() ? std::optional{best.id} : std::nullopt);
  ++pass_.books.linked;
  if (group_.part > 0) pass_.books.unkept.add(Aspect::hard_link, *folder, first.row.name);
  judged_.push_back(
      {.follower = first,
       .chosen = {.group = group_,
                  .leads = true,
                  .apart_from = group_.part > 0 ? std::optional{others()} : std::nullopt,
                  .owned = best.is_owned ? std::optional{best.id} : std::nullopt}});
}

// Chosen::apart_from. Of files it is not remembered.
std::uint64_t LinkGroupWork::others() {
  if (followers_.front().kind == Kind::file) return index::any_inode;
  const auto led = pass_.replica.links.find({.source = group_.source});
  if (!led || !led->ended) return index::any_inode;
  return led->apart_from.value_or(
      lasting_number(*folders_.at(followers_.front().folder), led->ended->destination.id));
}

}  // namespace syncline::engine
