// SPDX-License-Identifier: MIT
#include "pass/handles.h"

#include "filesystem/file_system_type.h"
#include "filesystem/system_error.h"
#include "pass/told_names.h"

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

// Where its number does not last, that it is a folder on the same file system must do.
void require_same(const Folder& folder, Side side, const filesystem::OpenFolder& opened,
                  std::uint32_t user) {
  const Entry now = opened.look();
  if (!may_be_same(opened, folder.side(side).id, now.identity.id) ||
      !has_its_owner(folder, side, now, user))
    throw filesystem::SystemError("open again", folder.name, ESTALE);
}

}  // namespace

bool may_be_same(const filesystem::OpenFolder& folder, FileId then, FileId now) {
  const filesystem::Directory* const there = folder.directory();
  return there != nullptr ? filesystem::may_be_same(there->descriptor(), then, now) : then == now;
}

Handles::View Handles::keep(Folder& folder, View opened) {
  remember(folder, opened, asked_for_);
  return opened;
}

Handles::View Handles::open(const View& parent, Folder& folder) {
  if (is_made(folder)) return told_->made(folder);
  return keep(folder, open_below(*parent, folder));
}

Handles::View Handles::open_below(const filesystem::OpenFolder& parent, Folder& folder) {
  const filesystem::Directory* const there = parent.directory();
  if (side_ == Side::destination && opens_up_ && !user_.any_access) open_up(*there, folder);
  if (side_ == Side::destination || !folder.wanted.is_all_named())
    return parent.open_below(folder.name);
  try {
    return parent.open_below(folder.name);
  } catch (const filesystem::SystemError& error) {
    if (error.error_number() != EACCES) throw;
    return std::make_shared<const filesystem::Directory>(there->open_folder_to_enter(folder.name));
  }
}

// Not for the sake of writing, which a pass that changes nothing has no need of.
void Handles::open_up(const filesystem::Directory& parent, Folder& folder) {
  if (folder.touched) return;
  constexpr std::uint32_t list_and_search = 0500;
  auto seen = folder.destination;
  if (!seen) {
    seen = parent.look(folder.name);
    if (!seen || !filesystem::may_be_same(parent.descriptor(), folder.there.id, seen->identity.id))
      return;
  }
  if (!user_.is_shut_out(*seen, list_and_search)) return;
  Entry opened_up = *seen;
  opened_up.mode |= Privileges::all_of_owner;
  parent.set_metadata(folder.name, *seen, opened_up, {.mode = true});
  folder.touched = true;
}

Handles::Handle Handles::get(Folder& folder) {
  const View seen = view(folder);
  const filesystem::Directory* const there = seen->directory();
  if (there == nullptr) throw filesystem::SystemError("open", folder.name, ENOENT);
  return {seen, there};
}

Handles::View Handles::view(Folder& folder) {
  std::vector<Folder*> closed;
  View view;
  for (Folder* at = &folder; at != nullptr; at = at->parent.get()) {
    view = find(*at);
    if (view) break;
    closed.push_back(at);
  }
  if (!view) throw filesystem::SystemError("open again", folder.name, EBADF);
  for (auto next = closed.rbegin(); next != closed.rend(); ++next) {
    Folder* const at = *next;
    auto opened = open_below(*view, *at);
    require_same(*at, side_, *opened, user_.user);
    remember(*at, opened, at == closed.front() ? asked_for_ : on_the_way_);
    view = std::move(opened);
  }
  return view;
}

// It only would be there.
bool Handles::is_made(const Folder& folder) const {
  return told_ != nullptr && told_->has_made(folder.there.id);
}

Handles::View Handles::find(Folder& folder) {
  if (is_made(folder)) return told_->made(folder);
  const std::scoped_lock lock{mutex_};
  return folder.side(side_).handle.lock();
}

void Handles::remember(Folder& folder, const View& view, Kept& among) {
  View oldest;  // closed after the lock is released
  const std::scoped_lock lock{mutex_};
  folder.side(side_).handle = view;
  among.push_back(view);
  if (asked_for_.size() + on_the_way_.size() <= most_open_) return;
  const bool is_on_the_way = on_the_way_.size() > most_open_ / 4 * 3 || asked_for_.size() == 1;
  Kept& from = is_on_the_way ? on_the_way_ : asked_for_;
  oldest = std::move(from.front());
  from.pop_front();
}

}  // namespace syncline::engine
