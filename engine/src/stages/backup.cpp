// SPDX-License-Identifier: MIT
#include "stages/backup.h"

#include "filesystem/atomic_file.h"
#include "filesystem/own_names.h"
#include "filesystem/system_error.h"
#include "stages/pass.h"
#include "stages/select.h"
#include "stages/touch.h"

#include <algorithm>
#include <cerrno>
#include <stdexcept>

namespace syncline::stages {
namespace {

using filesystem::Directory;
using filesystem::SystemError;

// Like the destination's folder of that name, whose content it takes in.
Handles::Handle make_like(Pass& pass, Folder& folder, const Directory& parent,
                          const std::string& name) {
  const auto original = pass.handles.get(folder, Side::destination);
  Entry want = original->look();
  want.attributes = original->attributes();
  want.mode |= Privileges::all_of_owner;
  parent.make_folder(name);
  auto made = std::make_shared<const Directory>(parent.open_folder(name));
  Entry found = made->look();
  found.attributes = made->attributes();
  MetadataChange change = difference(want, found, pass.means_for_wanted(folder));
  change.mtime = false;  // it moves with what is put there
  made->set_metadata(want, change);
  return made;
}

Handles::Handle open_or_make(Pass& pass, Folder& folder, const Directory& parent,
                             const std::string& name) {
  if (!parent.look(name)) {
    try {
      return make_like(pass, folder, parent, name);
    } catch (const SystemError& error) {
      if (error.error_number() != EEXIST) throw;  // another worker was faster
    }
  }
  return std::make_shared<const Directory>(parent.open_folder(name));
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
  const std::string temporary = filesystem::temporary_name();
  folder.link(name, place, temporary);
  try {
    place.rename(temporary, backup);
  } catch (const SystemError&) {
    filesystem::discard_temporary(place, temporary);
    throw;
  }
  // Where the backup is a link to that very file already, the rename did nothing (rename(2)).
  filesystem::discard_temporary(place, temporary);
  return true;
}

[[noreturn]] void refuse_long(const std::string& backup) {
  throw std::runtime_error("the name of its backup, '" + backup +
                           "', is too long for DST: left alone. Say a shorter --suffix, or "
                           "--backup-dir without one");
}

std::optional<Entry> look_if_possible(const Directory& folder, const std::string& name) {
  try {
    return folder.look(name);
  } catch (const SystemError& error) {
    if (error.error_number() != ENAMETOOLONG) throw;
    return std::nullopt;
  }
}

}  // namespace

// By the names that people know: a folder that gave way has a temporary one by now.
Handles::Handle Backups::place_of(Pass& pass, Folder& folder) const {
  if (!root_) return pass.handles.get(folder, Side::destination);
  std::vector<Folder*> path;
  for (Folder* at = &folder; at->parent; at = at->parent.get()) path.push_back(at);
  Handles::Handle place = root_->folder;
  for (auto next = path.rbegin(); next != path.rend(); ++next) {
    Folder& at = **next;
    place = open_or_make(pass, at, *place, at.shown_as.empty() ? at.name : at.shown_as);
    if (place->look().identity.id == pass.roots.source)
      throw std::runtime_error("its backup would lie in the source, which is mounted there");
  }
  return place;
}

// What the source has of the name that a backup beside would take.
void Backups::refuse_mirrored(Pass& pass, Folder& folder, const std::string& name) const {
  if (!are_beside() || folder.role != Folder::Role::mirrored || !folder.source) return;
  // A name that is too long for SRC is one that it does not have.
  const auto mirrored = look_if_possible(*pass.handles.get(folder, Side::source), name + suffix_);
  if (mirrored && !is_hidden(pass, folder, name + suffix_, mirrored->kind == Kind::folder))
    throw std::runtime_error("its backup would take the place of '" + name + suffix_ +
                             "', which the source has too: left alone. Say --backup-dir, or "
                             "another --suffix");
}

void Backups::keep(Pass& pass, Folder& folder, const std::string& name) const {
  const auto directory = pass.handles.get(folder, Side::destination);
  const auto old = directory->look(name);
  if (!old || old->kind == Kind::folder) return;
  refuse_mirrored(pass, folder, name);
  if (!root_) touch(pass, folder);
  try {
    const auto place = place_of(pass, folder);
    if (!link(*directory, name, *place, name + suffix_))
      directory->move(name, *place, name + suffix_);
  } catch (const SystemError& error) {
    if (error.error_number() == ENAMETOOLONG) refuse_long(name + suffix_);
    throw SystemError("keep a backup of", name, error.error_number());
  }
}

void Backups::take(Pass& pass, Folder& folder, const std::string& name) const {
  refuse_mirrored(pass, folder, name);
  const auto directory = pass.handles.get(folder, Side::destination);
  try {
    directory->move(name, *place_of(pass, folder), name + suffix_);
  } catch (const SystemError& error) {
    if (error.error_number() == ENAMETOOLONG) refuse_long(name + suffix_);
    throw;
  }
}

bool Backups::is_kept(const std::string& name, const Entry& entry) const {
  if (!root_) return name.size() > suffix_.size() && name.ends_with(suffix_);
  return is_root(entry) || std::ranges::find(root_->above, entry.identity.id) != root_->above.end();
}

}  // namespace syncline::stages
