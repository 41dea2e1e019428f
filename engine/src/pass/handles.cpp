// SPDX-License-Identifier: MIT
#include "pass/handles.h"

#include "filesystem/file_system_type.h"
#include "filesystem/system_error.h"

#include <cerrno>
#include <cstdint>
#include <utility>
#include <vector>

namespace syncline::engine {
namespace {

// A number is used again at once (ext4): of a folder that the walk has seen the owner tells, too.
// It is what was there, and then ours, until it is settled.
bool has_its_owner(const Folder& folder, Side side, const Entry& now, std::uint32_t user) {
  if (side == Side::source || !folder.source || !folder.destination) return true;
  return now.uid == user || now.uid == folder.source->uid || now.uid == folder.destination->uid;
}

}  // namespace

Handles::Handle Handles::keep(Folder& folder, Side side, filesystem::Directory opened) {
  auto handle = std::make_shared<const filesystem::Directory>(std::move(opened));
  remember(folder, side, handle, asked_for_);
  return handle;
}

Handles::Handle Handles::open(const Handle& parent, Folder& folder, Side side) {
  return keep(folder, side, open_below(*parent, folder, side));
}

filesystem::Directory Handles::open_below(const filesystem::Directory& parent, Folder& folder,
                                          Side side) {
  if (side == Side::destination && opens_up_ && !user_.any_access) open_up(parent, folder);
  if (side == Side::destination || !folder.wanted.is_all_named())
    return parent.open_folder(folder.name);
  try {
    return parent.open_folder(folder.name);
  } catch (const filesystem::SystemError& error) {
    if (error.error_number() != EACCES) throw;
    return parent.open_folder_to_enter(folder.name);
  }
}

// Not for the sake of writing, which a pass that changes nothing has no need of.
void Handles::open_up(const filesystem::Directory& parent, Folder& folder) {
  if (folder.touched) return;
  constexpr std::uint32_t list_and_search = 0500;
  auto seen = folder.destination;
  if (!seen) {
    seen = parent.look(folder.name);
    if (!seen || !filesystem::may_be_same(parent.descriptor(), folder.side(Side::destination).id,
                                          seen->identity.id))
      return;
  }
  if (!user_.is_shut_out(*seen, list_and_search)) return;
  Entry opened_up = *seen;
  opened_up.mode |= Privileges::all_of_owner;
  parent.set_metadata(folder.name, *seen, opened_up, {.mode = true});
  folder.touched = true;
}

Handles::Handle Handles::get(Folder& folder, Side side) {
  std::vector<Folder*> closed;
  Handle handle;
  for (Folder* at = &folder; at != nullptr; at = at->parent.get()) {
    if (side == Side::destination && at->stands_at) at = at->stands_at.get();
    handle = find(*at, side);
    if (handle) break;
    closed.push_back(at);
  }
  if (!handle) throw filesystem::SystemError("open again", folder.name, EBADF);
  for (auto next = closed.rbegin(); next != closed.rend(); ++next) {
    Folder* const at = *next;
    auto opened = std::make_shared<const filesystem::Directory>(open_below(*handle, *at, side));
    // Where its number does not last, that it is a folder on the same file system must do.
    const Entry now = opened->look();
    if (!filesystem::may_be_same(opened->descriptor(), at->side(side).id, now.identity.id) ||
        !has_its_owner(*at, side, now, user_.user))
      throw filesystem::SystemError("open again", at->name, ESTALE);
    remember(*at, side, opened, at == closed.front() ? asked_for_ : on_the_way_);
    handle = std::move(opened);
  }
  return handle;
}

Handles::Handle Handles::find(Folder& folder, Side side) {
  const std::scoped_lock lock{mutex_};
  return folder.side(side).handle.lock();
}

void Handles::remember(Folder& folder, Side side, const Handle& handle, Kept& among) {
  Handle oldest;  // closed after the lock is released
  const std::scoped_lock lock{mutex_};
  folder.side(side).handle = handle;
  among.push_back(handle);
  if (asked_for_.size() + on_the_way_.size() <= most_open_) return;
  const bool is_on_the_way = on_the_way_.size() > most_open_ / 4 * 3 || asked_for_.size() == 1;
  Kept& from = is_on_the_way ? on_the_way_ : asked_for_;
  oldest = std::move(from.front());
  from.pop_front();
}

}  // namespace syncline::engine
