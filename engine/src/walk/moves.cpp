// SPDX-License-Identifier: MIT
#include "walk/moves.h"

#include "filesystem/system_error.h"
#include "filter/transfer_rules.h"
#include "model/handover.h"
#include "pass/admission.h"
#include "pass/given.h"
#include "pass/select.h"
#include "pass/step_sink.h"
#include "replica/disposal.h"

#include <algorithm>
#include <utility>

namespace syncline::engine {
namespace {

Action moved_action(Kind kind, Path path, Path from, ReasonCode why, const Entry& source,
                    const Preconditions& given) {
  return {.verb = Verb::move,
          .kind = kind,
          .path = std::move(path),
          .reason = {why},
          .bytes = 0,
          .digest = {},
          .properties = properties_of(source),
          .moved_from = std::move(from),
          .given = given};
}

// `found`, which was in `from`, changes places with what is `in_the_way`, if anything is.
Preconditions given_to_move(const Folder& into, const Entry& source, const FileId& from,
                            const Entry& found, const std::optional<Entry>& in_the_way) {
  Preconditions given = engine::given(into, source, found);
  given.from_folder = from;
  if (in_the_way) given.exchanged = precondition_of(*in_the_way);
  return given;
}

ReasonCode why_moved(bool exchanges) {
  return exchanges ? ReasonCode::exchanged : ReasonCode::moved;
}

// What is remembered, though its ctime may have moved.
bool is_still(const Remembered& what, const std::optional<Entry>& entry) {
  return entry && entry->kind == Kind::file &&
         entry->identity.id.inode == what.destination.id.inode &&
         is_unmoved(what.destination, entry->identity, IdentityRule::size_and_mtime);
}

bool holds_the_other(const std::string& a, const std::string& b) {
  return a.starts_with(b + '/') || b.starts_with(a + '/');
}

}  // namespace

Moves::Moves(Pass& pass, index::Index& known, FolderRef root)
    : pass_(pass),
      index_(known),
      root_(std::move(root)),
      brings_folders_(!pass.terms.rules.depend_on_place()),
      lacks_extraneous_(pass.terms.options.delete_before && pass.replica.sink->only_tells()),
      takes_from_others_(!filter::leave_anything_alone(pass.terms.options.transfer)),
      lookup_(known.lookup()),
      rows_(pass.memory, lookup_),
      places_(pass.source, pass.handles, lookup_, root_) {
  if (const auto place = lookup_.folder(index::root_row))
    remembered_device_ = place->row.source.device;
}

template <typename Bring>
auto Moves::guarded(Bring bring) -> decltype(bring()) {
  if (!pass_.memory.is_usable()) return {};
  try {
    return pass_.memory.ask(bring).value_or(decltype(bring()){});
  } catch (const filesystem::SystemError&) {
    return {};
  }
}

// The count goes up even where only a part of it could be done.
template <typename Move>
bool Moves::moving(Move move) {
  if (auto lookup = pass_.memory.begin_apart()) lookup_ = std::move(*lookup);
  try {
    const bool is_done = move();
    ++count_;
    return is_done;
  } catch (const filesystem::SystemError&) {
    ++count_;
    throw;
  }
}

void Moves::meet(const Folder& folder) {
  const std::scoped_lock lock{mutex_};
  note_walked(folder.row.key);
}

void Moves::note_walked(index::RowKey folder) {
  const auto at = static_cast<std::size_t>(folder);
  if (at >= walked_.size()) walked_.resize(at + at / 2 + 1);
  walked_[at] = true;
}

bool Moves::is_walked(index::RowKey folder) const {
  const auto at = static_cast<std::size_t>(folder);
  return at < walked_.size() && walked_[at];
}

std::optional<Action> Moves::bring(Folder& folder, std::int64_t born_ns) {
  return guarded([&]() -> std::optional<Action> {
    const std::scoped_lock lock{mutex_};
    std::optional<Action> action;
    if (!try_to_bring(folder, born_ns, action)) rows_.claim(folder, born_ns);
    note_walked(folder.row.key);
    return action;
  });
}

bool Moves::try_to_bring(Folder& folder, std::int64_t born_ns, std::optional<Action>& action) {
  if (!folder.parent || !brings_folders_ || !folder.from->stamping.is_strong()) return false;
  try {
    const auto places = lookup_.folders_of(folder.source->identity.id.inode);
    return std::ranges::any_of(places, [&](const index::FolderPlace& place) {
      return bring_from(place, folder, born_ns, action);
    });
  } catch (const filesystem::SystemError&) {
    return false;
  }
}

bool Moves::bring_from(const index::FolderPlace& place, Folder& folder, std::int64_t born_ns,
                       std::optional<Action>& action) {
  const FileId id = folder.source->identity.id;
  const bool is_other = place.row.born_ns != 0 && born_ns != 0 && place.row.born_ns != born_ns;
  if (place.row.key == index::root_row || place.row.is_mount_point || is_other ||
      !is_same_device(place.row.source.device, id.device))
    return false;
  // Others may have been brought or displaced since it was met.
  const std::optional<Entry> in_the_way = look_by_now(*folder.parent, folder.name);
  const bool is_folder_there = in_the_way && in_the_way->kind == Kind::folder;
  if (place.parent == folder.parent->row.key && place.name == folder.name) {
    if (is_folder_there) folder.destination = in_the_way;
    folder.came_along = is_folder_there;  // an exchange has brought it
    rows_.take(place, folder, born_ns);
    return true;
  }
  const auto path = places_.path_to(place.parent);
  if (!path || is_walked(place.row.key)) return false;
  const auto still = places_.look_in_source(*path, place.name);
  if (still ? still->identity.id == id : lacks_extraneous_) return false;
  const auto found = places_.look(place.parent, *path, place.name);
  if (!found) {
    // A run that ended before its row was written has brought it already.
    if (!is_folder_there) return false;
    folder.destination = in_the_way;
    rows_.take(place, folder, born_ns);
    return true;
  }
  if (found->kind != Kind::folder || !may_leave(*path, place.name, *found)) return false;
  // Nothing can change places with what it lies in.
  const bool exchanges = in_the_way || folder.supplants;
  if (exchanges && holds_the_other(join(*path, place.name), whole_path_of(folder))) return false;
  // What is overwritten would be kept among the backups under another name than its own.
  if (exchanges && !is_folder_there && pass_.replica.disposal->keeps()) return false;
  const auto from = places_.open(place.parent, *path);
  if (found->identity.id.device != folder.parent->there.id.device) return false;
  const Preconditions given =
      given_to_move(*folder.parent, *folder.source, from->look().identity.id, *found, in_the_way);
  const Verbs may = allowed(
      pass_, [&] { return path_of(folder); }, [&] { return given; });
  if (!may.has(Verb::move)) return false;
  const bool is_done = moving([&] {
    return pass_.replica.sink->move_folder(*from, place.name, *found, folder, exchanges);
  });
  if (!is_done) {
    leave(pass_, path_of(folder));
    return false;
  }
  folder.destination = look_by_now(*folder.parent, folder.name);
  if (folder.destination) folder.destination->mode = found->mode;  // but for having been shut
  if (exchanges && !is_folder_there) rows_.displace(place, folder, *in_the_way, *from);
  rows_.take(place, folder, born_ns);
  places_.forget();
  folder.supplants = false;
  folder.came_along = true;
  ++pass_.books.moved_folders;
  action = moved_action(Kind::folder, path_of(folder), shown_path(join(*path, place.name)),
                        why_moved(exchanges), *folder.source, given);
  return true;
}

std::optional<Entry> Moves::look_by_now(Folder& folder, const std::string& name) {
  return pass_.handles.view(folder)->look(name);
}

std::optional<BroughtFile> Moves::bring(Folder& folder, const std::string& name,
                                        const Entry& source) {
  if (!folder.from->stamping.is_strong()) return {};
  return guarded([&]() -> std::optional<BroughtFile> {
    prepare();
    const std::uint64_t inode = source.identity.id.inode;
    if (!index_.has_inode(inode)) return {};
    const std::scoped_lock lock{mutex_};
    for (const index::FilePlace& place : lookup_.files_of(inode))
      if (auto brought = bring_from(place, folder, name, source)) return brought;
    return {};
  });
}

std::optional<BroughtFile> Moves::bring_from(const index::FilePlace& place, Folder& folder,
                                             const std::string& name, const Entry& source) {
  const Remembered& what = place.what;
  if (!is_unmoved(what.source, source.identity, IdentityRule::size_and_mtime)) return {};
  if (place.folder == folder.row.key && place.name == name) {
    const auto now = look_by_now(folder, name);
    if (!is_still(what, now)) return {};
    return BroughtFile{.known = what, .destination = *now, .action = {}};
  }
  const auto path = places_.path_to(place.folder);
  if (!path) return {};
  const auto still = places_.look_in_source(*path, place.name);
  const bool is_left =
      still ? still->identity.id != source.identity.id && takes_from_others_ : !lacks_extraneous_;
  if (!is_left) return {};
  const auto found = places_.look(place.folder, *path, place.name);
  if (!is_still(what, found) || found->links > 1 || !may_leave(*path, place.name, *found))
    return {};
  const auto in_the_way = look_by_now(folder, name);
  if (in_the_way && in_the_way->kind == Kind::folder) return {};
  // What is overwritten would be kept among the backups under another name than its own.
  const bool exchanges = in_the_way.has_value();
  if (exchanges && pass_.replica.disposal->keeps()) return {};
  const auto from = places_.open(place.folder, *path);
  if (!from || would_change_hands(folder, name, source, *from, place.name, *found)) return {};
  const Preconditions given =
      given_to_move(folder, source, from->look().identity.id, *found, in_the_way);
  if (!is_allowed(folder, name, given)) return {};
  auto brought = take(place, *path, *found, folder, name, in_the_way);
  if (!brought) leave(pass_, path_of(folder, name));
  if (brought)
    brought->action =
        moved_action(Kind::file, path_of(folder, name), shown_path(join(*path, place.name)),
                     why_moved(exchanges), source, given);
  return brought;
}

bool Moves::is_allowed(Folder& folder, const std::string& name, const Preconditions& given) const {
  return allowed(
             pass_, [&] { return path_of(folder, name); }, [&] { return given; })
      .has(Verb::move);
}

bool Moves::would_change_hands(Folder& folder, const std::string& name, const Entry& source,
                               const filesystem::OpenFolder& at, const std::string& found_as,
                               Entry found) {
  Entry want = source;
  want.attributes = pass_.source.attributes(folder, name);
  pass_.terms.adapt_attributes(folder, want);
  pass_.terms.adapt_to(want, found);
  found.attributes = at.attributes(found_as);
  return changes_hands(found, want, difference(want, found, pass_.terms.means(folder)));
}

// What is `found` there, into the new place.
std::optional<BroughtFile> Moves::take(const index::FilePlace& place, const Parts& path,
                                       const Entry& found, Folder& folder, const std::string& name,
                                       const std::optional<Entry>& in_the_way) {
  const Remembered& what = place.what;
  const ReplicaSide& side = folder.there;
  const FileId id = found.identity.id;
  const auto from = places_.open(place.folder, path);
  ++count_;
  if (claimed_.contains(id)) return {};
  const bool is_done = id.device == side.id.device && moving([&] {
                         return pass_.replica.sink->move_file(*from, place.name, folder, name,
                                                              in_the_way.has_value());
                       });
  if (!is_done) return {};
  const auto into = pass_.handles.view(folder);
  const auto now = into->look(name);
  if (!is_still(what, now) || now->uid != found.uid || now->gid != found.gid) {
    // Somebody has put something else in its old place right before.
    if (!in_the_way) pass_.replica.sink->move_file_back(*into, name, *from, place.name);
    ++count_;
    return {};
  }
  BroughtFile brought{.known = what, .destination = *now, .action = {}};
  brought.known.destination = now->identity;
  brought.known.destination_proved =
      what.destination_proved && is_unmoved(what.destination, found.identity, side.stamping.rule);
  const auto displaced = in_the_way ? from->look(place.name) : std::nullopt;
  rows_.move(place, folder, name, brought.known, in_the_way, displaced);
  pass_.memory.note_stamp(now->identity.ctime);
  if (!displaced || !pass_.replica.deferred.succeed(id, *displaced)) forget_removal(id);
  return brought;
}

void Moves::prepare() {
  std::call_once(prepared_, [&] { pass_.memory.prepare_lookup(); });
}

bool Moves::may_have(Folder& folder, const std::string& name, const Entry& source) {
  return guarded([&] {
    prepare();
    const std::uint64_t size = source.identity.size;
    if (!index_.has_size(size)) return false;
    const std::scoped_lock lock{mutex_};
    return std::ranges::any_of(lookup_.files_of_size(size, name, most_alike),
                               [&](const index::ContentPlace& known) {
                                 return alike_at(known.place, folder).has_value();
                               });
  });
}

SameBeginning Moves::bring_alike(Folder& folder, const std::string& name, const Entry& source,
                                 const Fingerprint& first_chunk, bool may_move) {
  // What the source seems to lack may only be out of sight.
  const bool moves = may_move && !pass_.brakes.suppresses_deletions();
  return guarded([&] {
    const std::scoped_lock lock{mutex_};
    SameBeginning same;
    for (const index::ContentPlace& known :
         lookup_.files_of_size(source.identity.size, name, most_alike)) {
      if (match(known.first_chunk, first_chunk) == Match::other) continue;
      const index::FilePlace& place = known.place;
      const auto alike = alike_at(place, folder);
      if (!alike) continue;
      const auto from = places_.open(place.folder, alike->path);
      const bool stays_in_hands =
          from && !would_change_hands(folder, name, source, *from, place.name, alike->found);
      const bool may_bring = moves && alike->leaves && stays_in_hands;
      Preconditions given;
      if (may_bring)
        given = given_to_move(folder, source, from->look().identity.id, alike->found, std::nullopt);
      if (may_bring && is_allowed(folder, name, given))
        same.brought = take(place, alike->path, alike->found, folder, name, {});
      if (same.brought) {
        claim(same.brought->destination.identity.id);
        // Of this file of the source nothing is remembered.
        same.brought->known.source = {.id = {}, .size = source.identity.size};
        same.brought->known.source_proved = false;
        same.brought->action = moved_action(Kind::file, path_of(folder, name),
                                            shown_path(join(alike->path, place.name)),
                                            ReasonCode::moved_by_content, source, given);
        break;
      }
      if (!alike->clones || !same.twin.empty()) continue;
      same.twin = alike->path;
      same.twin.push_back(place.name);
    }
    return same;
  });
}

std::optional<Moves::Alike> Moves::alike_at(const index::FilePlace& place, Folder& folder) {
  const Remembered& what = place.what;
  const ReplicaSide& side = folder.there;
  if (!what.destination_proved || what.is_rotten) return {};
  auto path = places_.path_to(place.folder);
  if (!path) return {};
  auto found = places_.look(place.folder, *path, place.name);
  if (!is_still(what, found) || found->identity.id.device != side.id.device ||
      !is_unmoved(what.destination, found->identity, side.stamping.rule))
    return {};
  const bool clones =
      pass_.terms.options.reflink != Reflink::never && side.unheld && !side.unheld->clones;
  const bool leaves = found->links == 1 && !places_.look_in_source(*path, place.name) &&
                      may_leave(*path, place.name, *found);
  if (!leaves && !clones) return {};
  return Alike{
      .path = std::move(*path), .found = std::move(*found), .leaves = leaves, .clones = clones};
}

bool Moves::may_leave(const Parts& path, const std::string& name, const Entry& entry) const {
  if (entry.mount_root || pass_.replica.disposal->holds_root(entry)) return false;
  Parts parts = path;
  parts.push_back(name);
  return !is_protected(pass_, parts, entry.kind == Kind::folder);
}

// A device has another number after it was mounted anew.
bool Moves::is_same_device(std::uint64_t remembered, std::uint64_t now) const {
  return (remembered == remembered_device_ ? pass_.terms.roots.source.device : remembered) == now;
}

void Moves::forget_removal(FileId moved) {
  if (const auto removal = pass_.replica.deferred.withdraw(moved))
    pass_.census.extraneous.subtract({.entries = 1, .bytes = content_bytes(*removal)});
}

}  // namespace syncline::engine
