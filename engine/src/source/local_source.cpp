// SPDX-License-Identifier: MIT
#include "source/local_source.h"

#include "filesystem/stamping.h"
#include "filter/listed.h"
#include "pass/durability.h"
#include "pass/error_meaning.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace syncline::engine {
namespace {

using filesystem::Directory;
using filesystem::EntryType;
using filesystem::Listing;
using filesystem::SystemError;

SourceError as_value(const SystemError& error) {
  return std::make_shared<const SystemError>(error);
}

// Of a folder that can be entered and not listed, what a list names can be had all the same.
Listing names_in(const Folder& folder, const Directory& opened) {
  const filter::Listed* const listed = folder.wanted.listed();
  try {
    return opened.list();
  } catch (const SystemError& error) {
    if (error.error_number() != EACCES || !folder.wanted.is_all_named() || listed == nullptr) throw;
  }
  Listing names;
  for (const auto& [name, child] : listed->children())
    if (const auto entry = opened.look(name))
      names.add(name.c_str(), entry->kind == Kind::folder ? EntryType::folder : EntryType::other);
  names.sort();
  return names;
}

// What stamps are worth changes at mount points alone.
void look_at_file_system(const Folder& folder, const Directory& opened, SourceFolder& out) {
  const SourceSide* const above = folder.parent ? folder.parent->from.get() : nullptr;
  const bool is_on_same = above != nullptr && above->id.device == out.entry.identity.id.device;
  out.stamping = is_on_same ? above->stamping : filesystem::stamping_of(opened);
  out.limits =
      is_on_same && !out.entry.mount_root ? above->limits : filesystem::mount_limits_of(opened);
}

bool is_left_alone(const Folder& folder, const Entry& entry, const ListRequest& request) {
  return request.only_on && folder.parent &&
         (entry.mount_root || entry.identity.id.device != *request.only_on);
}

void read(const Folder& folder, const Directory& opened, const ListRequest& request,
          SourceFolder& out) {
  out.entry.attributes = opened.attributes();
  look_at_file_system(folder, opened, out);
  const bool is_known = request.known_inode == out.entry.identity.id.inode;
  if (request.asks_birth && !is_known) out.born_ns = filesystem::born_ns(opened);
  out.names = names_in(folder, opened);
}

SourceLook look_in(const Directory& folder, const std::string& name) {
  SourceLook look;
  try {
    look.entry = folder.look(name);
    const bool is_unread =
        look.entry && look.entry->kind == Kind::symlink && look.entry->target.empty();
    if (is_unread) look.entry->target = folder.read_link(name);
  } catch (const SystemError& error) {
    look.error = as_value(error);
  }
  return look;
}

}  // namespace

Entry LocalSource::open_root(Folder& root) {
  // Where its names have been read they would end.
  auto opened =
      root_ ? *std::exchange(root_, std::nullopt) : held_open_.back()->directory()->open_again();
  held_open_.push_back(handles_.keep(root, std::move(opened)));
  Entry entry = held_open_.back()->look();
  root.from->id = entry.identity.id;
  return entry;
}

Handles::Handle LocalSource::open_anew(Folder& folder) {
  if (!folder.parent) return get(folder);
  const auto opened = handles_.open(handles_.view(*folder.parent), folder);
  return {opened, opened->directory()};
}

SourceFolder LocalSource::list(Folder& folder, const ListRequest& request) {
  const auto opened = open_anew(folder);
  SourceFolder out;
  try {
    out.entry = opened->look();
    out.is_left_alone = is_left_alone(folder, out.entry, request);
    if (!out.is_left_alone) read(folder, *opened, request, out);
  } catch (const SystemError& error) {
    out.error = as_value(error);
  }
  return out;
}

Listing LocalSource::names(Folder& folder) {
  return get(folder)->open_again().list();
}

bool LocalSource::has(Folder& folder) {
  try {
    get(folder);
    return true;
  } catch (const SystemError& error) {
    if (means_absent(error.error_number())) return false;
    throw;
  }
}

// nullptr where it is gone.
Handles::Handle LocalSource::open(const SourcePlace& at) {
  Handles::Handle handle = get(at.folder);
  if (at.below.empty()) return handle;
  const FileId id = at.folder.from->id;
  {
    const std::scoped_lock lock{mutex_};
    if (last_below_.folder == id && std::ranges::equal(last_below_.path, at.below))
      return last_below_.handle;
  }
  try {
    for (const std::string& name : at.below)
      handle = std::make_shared<const Directory>(handle->open_folder(name));
  } catch (const SystemError& error) {
    if (!means_absent(error.error_number())) throw;
    return nullptr;
  }
  const std::scoped_lock lock{mutex_};
  last_below_ = {.folder = id, .path = {at.below.begin(), at.below.end()}, .handle = handle};
  return handle;
}

void LocalSource::look(const SourcePlace& at, std::span<const std::string* const> names,
                       const TakeLook& take) {
  Handles::Handle folder;
  SourceError error;
  try {
    folder = open(at);
  } catch (const SystemError& failed) {
    error = as_value(failed);
  }
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!take(i, folder ? look_in(*folder, *names[i]) : SourceLook{.entry = {}, .error = error}))
      return;
}

Attributes LocalSource::attributes(Folder& folder, const std::string& name) {
  return get(folder)->attributes(name);
}

bool LocalSource::is_mount_root(Folder& folder, const std::string& name) {
  return get(folder)->is_mount_root(name);
}

filesystem::FileToRead LocalSource::open_file(Folder& folder, const std::string& name) {
  return filesystem::FileToRead{get(folder)->open_file(name)};
}

filesystem::Access LocalSource::access(Folder& folder) {
  const std::uint64_t device = folder.from->id.device;
  {
    const std::scoped_lock lock{mutex_};
    if (const auto known = access_.find(device); known != access_.end()) return known->second;
  }
  try {
    const auto access = filesystem::access_of(*get(folder));
    const std::scoped_lock lock{mutex_};
    return access_.emplace(device, access).first->second;
  } catch (const SystemError&) {
    return filesystem::Access::in_order;  // the folder is out of reach, and so will its files be
  }
}

bool LocalSource::is_on_disk(Folder& folder, const Timestamp& ctime, Durability& ours) {
  return ours.is_on_disk(handles_, folder, ctime);
}

}  // namespace syncline::engine
