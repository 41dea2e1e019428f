// SPDX-License-Identifier: MIT
#include "replica/backup.h"

#include "filesystem/discard.h"
#include "filesystem/explained.h"
#include "filesystem/own_names.h"
#include "filesystem/paths.h"
#include "filesystem/system_error.h"
#include "pass/failures.h"
#include "pass/pass.h"
#include "pass/select.h"
#include "replica/touch.h"

#include <algorithm>
#include <cerrno>
#include <stdexcept>

namespace syncline::engine {
namespace {

using filesystem::Directory;
using filesystem::SystemError;

// Like the destination's folder of that name, whose content it takes in.
Handles::Handle make_like(Pass& pass, Folder& folder, const Directory& parent,
                          const std::string& name) {
  const auto original = pass.handles.get(folder);
  Entry want = original->look();
  want.attributes = original->attributes();
  want.mode |= Privileges::all_of_owner;
  parent.make_folder(name);
  auto made = std::make_shared<const Directory>(parent.open_folder(name));
  Entry found = made->look();
  found.attributes = made->attributes();
  MetadataChange change = difference(want, found, pass.terms.means_for_wanted(folder));
  change.mtime = false;  // it moves with what is put there
  made->set_metadata(want, change);
  return made;
}

// In place of an older backup. False where the file system has no hard links.
bool link(const Directory& folder, const std::string& name, const Directory& place,
          const std::string& backup) {
  try {
    folder.link(name, place, backup);
    return true;
  } catch (const SystemError& error) {
    const int why = error.error_number();
    if (why == EPERM || why == EOPNOTSUPP || why == ENOSYS) return false;
    if (why != EEXIST) throw;
  }
  const auto linked = folder.look(name);
  const std::string temporary = filesystem::temporary_name();
  folder.link(name, place, temporary);
  const FileId id = linked ? linked->identity.id : FileId{};
  try {
    place.rename(temporary, backup);
  } catch (const SystemError&) {
    filesystem::discard_name(place, temporary, id);
    throw;
  }
  // Where the backup is a link to that very file already, the rename did nothing (rename(2)).
  filesystem::discard_name(place, temporary, id);
  return true;
}

constexpr std::uint32_t executable = 0111;

bool is_armed(const Directory& folder, const std::string& name, const Entry& entry) {
  if (entry.kind != Kind::file) return false;
  if ((entry.mode & set_id_bits) != 0) return true;
  return (entry.mode & executable) != 0 && has(folder.attributes(name), capability);
}

constexpr const char* has_other_links = "it has other hard links";

// Empty: done, or not there any more.
std::string disarm_one(const Directory& place, const std::string& backup, FileId id) {
  try {
    const auto now = place.look(backup);
    if (!now || now->identity.id != id) return {};
    if (now->links > 1) return has_other_links;
    Entry want = *now;
    want.mode &= ~set_id_bits;
    want.attributes = place.attributes(backup);
    const auto had = std::erase_if(want.attributes,
                                   [](const Attribute& each) { return each.name == capability; });
    const auto changed =
        place.set_metadata(backup, *now, want, {.mode = true, .capabilities = had > 0});
    return changed.refusal.pieces.any() ? "that was refused" : "";
  } catch (const SystemError& error) {
    return error.code().message();
  }
}

[[noreturn]] void refuse_long(const std::string& backup) {
  throw Refused(FailureCode::backup_name_too_long, backup);
}

std::optional<Entry> look_if_possible(Source& source, Folder& folder, const std::string& name) {
  try {
    return source.look_at({folder}, name);
  } catch (const SystemError& error) {
    if (error.error_number() != ENAMETOOLONG) throw;
    return std::nullopt;
  }
}

}  // namespace

std::vector<Backups::MovedAside> Backups::moved_aside() const {
  const std::scoped_lock lock{mutex_};
  return moved_aside_;
}

std::string Backups::shown_place(Pass& pass, Folder& folder, const std::string& backup) {
  return filesystem::join_path(pass.terms.options.backup->folder, path_of(folder, backup));
}

void Backups::fail(Pass& pass, Folder& folder, const std::string& name,
                   const SystemError& error) const {
  const std::string backup = name + suffix_;
  if (error.error_number() == ENAMETOOLONG) refuse_long(backup);
  throw filesystem::ExplainedError(
      "keep a backup of it as '" + shown_place(pass, folder, backup) + '\'', name,
      error.error_number(), filesystem::reason_of(error));
}

// Where backups lie beside it still is one by its name, and so protected.
void Backups::move_aside(Pass& pass, Folder& folder, const Directory& place,
                         const std::string& name) const {
  const std::string ending = suffix_.empty() ? "~" : suffix_;
  for (std::string other = name + ending;; other += ending) {
    if (place.look(other) || is_mirrored(pass, folder, other)) continue;
    place.move_to_new(name, place, other);
    moved_aside_.push_back({path_of(folder, name), shown_place(pass, folder, other)});
    return;
  }
}

// A symlink may be the backup of one: like a file it is moved aside, and never followed.
Handles::Handle Backups::open_or_make(Pass& pass, Folder& folder, const Directory& parent,
                                      const std::string& name) const {
  const auto there = parent.look(name);
  if (there && there->kind == Kind::folder)
    return std::make_shared<const Directory>(parent.open_folder(name));
  const std::scoped_lock lock{mutex_};
  const auto now = parent.look(name);  // another worker may have been faster
  if (now && now->kind == Kind::folder)
    return std::make_shared<const Directory>(parent.open_folder(name));
  if (now) move_aside(pass, *folder.parent, parent, name);
  return make_like(pass, folder, parent, name);
}

// Does `work`, which gives `backup` to something else than a folder, or replaces what else has it.
template <typename Work>
void Backups::with_room(Pass& pass, Folder& folder, const Directory& place,
                        const std::string& backup, Work work) const {
  try {
    work();
    return;
  } catch (const SystemError&) {
    const std::scoped_lock lock{mutex_};
    const auto there = place.look(backup);
    if (!there || there->kind != Kind::folder) throw;
    move_aside(pass, folder, place, backup);
  }
  work();
}

// By the names that people know: a folder that gave way has a temporary one by now.
Handles::Handle Backups::place_of(Pass& pass, Folder& folder) const {
  if (!root_) return pass.handles.get(folder);
  std::vector<Folder*> path;
  for (Folder* at = &folder; at->parent; at = at->parent.get()) path.push_back(at);
  Handles::Handle place = root_->folder;
  for (auto next = path.rbegin(); next != path.rend(); ++next) {
    Folder& at = **next;
    place = open_or_make(pass, at, *place, at.shown_as.empty() ? at.name : at.shown_as);
    if (place->look().identity.id == pass.terms.roots.source)
      throw Refused(FailureCode::backup_in_source);
  }
  return place;
}

// What the source has of the name that a backup beside would take.
bool Backups::is_mirrored(Pass& pass, Folder& folder, const std::string& backup) const {
  if (!keeps_beside() || folder.role != Folder::Role::mirrored) return false;
  // A name that is too long for SRC is one that it does not have.
  const auto mirrored = look_if_possible(pass.source, folder, backup);
  return mirrored && !is_hidden(pass, folder, backup, mirrored->kind == Kind::folder);
}

void Backups::refuse_mirrored(Pass& pass, Folder& folder, const std::string& name) const {
  if (is_mirrored(pass, folder, name + suffix_))
    throw Refused(FailureCode::backup_name_taken, name + suffix_);
}

// Few files are programs of that kind, and fewer have not lost their place yet: so few folders are
// kept open for them.
void Backups::note_armed(Armed armed) const {
  constexpr std::size_t most = 32;
  const std::scoped_lock lock{mutex_};
  armed_.push_back(std::move(armed));
  if (armed_.size() >= most) disarm_those_apart();
}

void Backups::disarm_those_apart() const {
  std::erase_if(armed_, [&](const Armed& each) {
    std::string why = disarm_one(*each.place, each.backup, each.id);
    if (why == has_other_links) return false;
    if (!why.empty()) still_armed_.push_back({each.path, std::move(why)});
    return true;
  });
}

void Backups::disarm() const {
  const std::scoped_lock lock{mutex_};
  disarm_those_apart();
  for (const Armed& each : armed_) still_armed_.push_back({each.path, has_other_links});
  armed_.clear();
}

std::vector<Backups::StillArmed> Backups::still_armed() const {
  const std::scoped_lock lock{mutex_};
  return still_armed_;
}

void Backups::make_way(Pass& pass, Folder& folder, const std::string& name) const {
  const auto directory = pass.handles.get(folder);
  const auto old = directory->look(name);
  if (!old || old->kind == Kind::folder) return;
  refuse_mirrored(pass, folder, name);
  if (!root_) touch(pass, folder);
  const bool armed = is_armed(*directory, name, *old);
  try {
    const auto place = place_of(pass, folder);
    const std::string backup = name + suffix_;
    with_room(pass, folder, *place, backup, [&] {
      if (!link(*directory, name, *place, backup)) directory->move(name, *place, backup);
    });
    if (armed) note_armed({place, backup, old->identity.id, path_of(folder, name)});
  } catch (const SystemError& error) {
    fail(pass, folder, name, error);
  }
}

void Backups::take(Pass& pass, Folder& folder, const std::string& name) const {
  const auto directory = pass.handles.get(folder);
  if (is_kept_beside(name)) {
    directory->remove_file(name);
    return;
  }
  refuse_mirrored(pass, folder, name);
  const auto old = directory->look(name);
  const bool armed = old && is_armed(*directory, name, *old);
  const std::string backup = name + suffix_;
  try {
    const auto place = place_of(pass, folder);
    with_room(pass, folder, *place, backup, [&] { directory->move(name, *place, backup); });
    if (armed) note_armed({place, backup, old->identity.id, path_of(folder, name)});
  } catch (const SystemError& error) {
    fail(pass, folder, name, error);
  }
}

bool Backups::holds_root(const Entry& entry) const {
  if (!root_) return false;
  return is_root(entry) || std::ranges::find(root_->above, entry.identity.id) != root_->above.end();
}

const Disposal& disposal_by(const Backups* backups) {
  if (backups != nullptr) return *backups;
  return unlinking();
}

}  // namespace syncline::engine
