// SPDX-License-Identifier: MIT
#include "replica/intentions.h"

#include "filesystem/path_of.h"
#include "filesystem/system_error.h"
#include "pass/record.h"
#include "pass/select.h"

#include <cerrno>

namespace syncline::engine {
namespace {

using filesystem::Directory;
using filesystem::SystemError;
using kept::Deed;
using kept::Operation;

// By the names that lead there now, not by those that people know.
std::string path_in_replica(const Folder& folder) {
  std::string path;
  for (const Folder* at = &folder; at->parent; at = at->parent.get())
    path.insert(0, path.empty() ? at->name : at->name + '/');
  return path;
}

// As the kernel has it. Of a folder that is not walked nothing else is known.
std::string path_in_replica(const filesystem::Directory& folder,
                            const filesystem::Directory& root) {
  const std::string top = filesystem::path_of(root.descriptor());
  const std::string path = filesystem::path_of(folder.descriptor());
  if (path == top) return {};
  const std::string head = top.ends_with('/') ? top : top + '/';
  if (top.empty() || !path.starts_with(head)) throw SystemError("find the path of", {}, ESTALE);
  return path.substr(head.size());
}

// Attributes cost a call each: only where all metadata is to come back.
Entry look_whole(const filesystem::Directory& folder, const std::string& name) {
  auto entry = folder.look(name);
  if (!entry) throw SystemError("look at", name, ENOENT);
  entry->attributes = folder.attributes(name);
  return *std::move(entry);
}

}  // namespace

kept::Left left_as(const Folder& folder, const Entry& entry, bool keeps_mtime) {
  kept::Left left{.kind = entry.kind,
                  .inode = 0,
                  .size = entry.kind == Kind::file ? entry.identity.size : 0,
                  .mtime = {}};
  if (folder.there.stamping.is_strong()) left.inode = entry.identity.id.inode;
  if (keeps_mtime) left.mtime = entry.identity.mtime;
  return left;
}

Notice expired(const kept::PassRow& pass) {
  return {.path = {},
          .code = NoticeCode::expired,
          .name = pass.name,
          .numbers = {pass.removed + pass.replaced, pass.bytes_kept}};
}

kept::Left left_with(const Folder& folder, const Entry& now, const Entry& want,
                     MetadataChange change) {
  kept::Left left = left_as(folder, now, true);
  if (change.mtime) left.mtime = want.identity.mtime;
  return left;
}

std::string Intentions::place_of(Folder& folder) const {
  if (is_elsewhere_) return {};
  const Folder* top = &folder;
  while (!has_reserved_name(*top)) top = top->parent.get();
  return path_in_replica(*top);
}

void Intentions::note(Operation operation) {
  const auto mark = recording_.note(operation);
  const std::scoped_lock lock{mutex_};
  written_[{std::move(operation.at.folder), std::move(operation.at.name)}] = {
      .mark = mark, .item = std::move(operation.item)};
}

std::optional<Written> Intentions::take(Folder& folder, const std::string& name) {
  const std::scoped_lock lock{mutex_};
  const auto found = written_.find({path_in_replica(folder), name});
  if (found == written_.end()) return std::nullopt;
  Written written = std::move(found->second);
  written_.erase(found);
  return written;
}

void Intentions::arrives(Folder& folder, const std::string& name, const kept::Left& what) {
  changes(folder);
  const auto old = folder.pass->handles.get(folder)->look(name);
  if (old && old->kind == Kind::folder) return;  // it is changed for that one later
  Operation operation{.deed = old ? Deed::replaced : Deed::made,
                      .at = {.folder = path_in_replica(folder), .name = name},
                      .before = old,
                      .after = what};
  if (old) operation.item.place = place_of(folder);
  note(std::move(operation));
}

void Intentions::leaves(Folder& folder, const std::string& name, const Entry& now) {
  changes(folder);
  Operation operation{.deed = Deed::took,
                      .at = {.folder = path_in_replica(folder), .name = name},
                      .item = {.place = place_of(folder)},
                      .before = now};
  note(std::move(operation));
}

void Intentions::makes_folder(Folder& made) {
  if (made.written_down != 0) return;
  changes(*made.parent);
  Operation operation{.deed = Deed::made_folder,
                      .at = {.folder = path_in_replica(*made.parent), .name = made.name},
                      .after = kept::Left{.kind = Kind::folder}};
  if (made.supplants) operation.before = made.pass->handles.get(*made.parent)->look(made.name);
  made.written_down = recording_.note(operation);
}

void Intentions::removes_folder(Folder& parent, const std::string& name) {
  changes(parent);
  Operation operation{.deed = Deed::removed_folder,
                      .at = {.folder = path_in_replica(parent), .name = name},
                      .before = look_whole(*parent.pass->handles.get(parent), name)};
  note(std::move(operation));
}

void Intentions::sets_metadata(Folder& folder, const std::string& name, const Entry& before,
                               const kept::Left& after) {
  Entry whole = before;
  whole.attributes = folder.pass->handles.get(folder)->attributes(name);
  Operation operation{.deed = Deed::set_metadata,
                      .at = {.folder = path_in_replica(folder), .name = name},
                      .before = std::move(whole),
                      .after = after};
  note(std::move(operation));
}

// One that was made by this pass goes away as a whole.
void Intentions::changes(Folder& folder) {
  if (folder.written_down == 0)
    changes(folder, *folder.pass->handles.get(folder), path_in_replica(folder));
}

void Intentions::changes(Folder& folder, const Directory& opened, const std::string& path) {
  Entry before = opened.look();
  before.attributes = opened.attributes();
  Operation operation{.deed = Deed::set_metadata,
                      .at = {.folder = path, .name = {}},
                      .before = before,
                      .after = left_as(folder, before, false)};
  folder.written_down = recording_.note(operation);
}

void Intentions::changes_anew(Folder& folder, const Directory& opened) {
  changes(folder, opened, path_in_replica(opened, root_));
}

template <typename Note>
void Intentions::ensure(Folder& folder, const std::string& name, Note note) {
  const Key key{path_in_replica(folder), name};
  const auto find = [&]() -> std::optional<kept::Recording::Mark> {
    const std::scoped_lock lock{mutex_};
    const auto found = written_.find(key);
    return found == written_.end() ? std::nullopt : std::optional{found->second.mark};
  };
  auto mark = find();
  if (!mark) {
    note();
    mark = find();
  }
  if (mark) recording_.secure(*mark);
}

void Intentions::arrive(Folder& folder, const std::string& name, const kept::Left& what) {
  ensure(folder, name, [&] { arrives(folder, name, what); });
}

void Intentions::has_come(Folder& folder, const std::string& name, const kept::Left& what) {
  Operation operation{
      .deed = Deed::made, .at = {.folder = path_in_replica(folder), .name = name}, .after = what};
  recording_.note(operation);
}

void Intentions::leave(Folder& folder, const std::string& name) {
  ensure(folder, name, [&] {
    const auto now = folder.pass->handles.get(folder)->look(name);
    if (now && now->kind != Kind::folder) leaves(folder, name, *now);
  });
}

void Intentions::make_folder(Folder& made) {
  makes_folder(made);
  recording_.secure(made.written_down);
}

void Intentions::remove_folder(Folder& parent, const std::string& name) {
  ensure(parent, name, [&] { removes_folder(parent, name); });
  take(parent, name);
}

void Intentions::set_metadata(Folder& folder, const std::string& name, const Entry& before,
                              const kept::Left& after) {
  ensure(folder, name, [&] { sets_metadata(folder, name, before, after); });
  take(folder, name);
}

void Intentions::change(Folder& folder) {
  changes(folder);
  recording_.secure(folder.written_down);
}

void Intentions::change(Folder& folder, const Directory& opened) {
  if (folder.written_down == 0) changes_anew(folder, opened);
  recording_.secure(folder.written_down);
}

void Intentions::move(const Directory& from, const std::string& name, const Directory& into,
                      const std::string& to, bool exchanges) {
  const auto moved = from.look(name);
  if (!moved) throw SystemError("look at", name, ENOENT);
  Operation operation{.deed = exchanges ? Deed::exchanged : Deed::moved,
                      .at = {.folder = path_in_replica(from, root_), .name = name},
                      .to = {.folder = path_in_replica(into, root_), .name = to},
                      .before = moved,
                      .after = kept::Left{.kind = moved->kind,
                                          .inode = moved->identity.id.inode,
                                          .size = moved->identity.size,
                                          .mtime = moved->identity.mtime}};
  recording_.secure(recording_.note(operation));
}

void Intentions::exchange(Folder& folder, const std::string& a, const std::string& b) {
  changes(folder);
  const auto directory = folder.pass->handles.get(folder);
  const std::string path = path_in_replica(folder);
  const auto first = directory->look(a);
  const auto second = directory->look(b);
  if (!first || !second) throw SystemError("look at", first ? b : a, ENOENT);
  Operation made{.deed = Deed::made,
                 .at = {.folder = path, .name = b},
                 .after = left_as(folder, *second, second->kind != Kind::folder)};
  recording_.note(made);
  Operation exchanged{.deed = Deed::exchanged,
                      .at = {.folder = path, .name = a},
                      .to = {.folder = path, .name = b},
                      .before = first,
                      .after = left_as(folder, *first, first->kind != Kind::folder)};
  recording_.secure(recording_.note(exchanged));
}

bool Intentions::make_room(Pass& pass) {
  const auto gone = recording_.make_room();
  if (!gone) return false;
  pass.recorder->record(expired(*gone));
  return true;
}

IntentionGroup::~IntentionGroup() {
  for (const auto& [folder, name] : said_) all_->take(*folder, name);
}

template <typename Say>
void IntentionGroup::say(Folder& folder, const std::string& name, Say say) {
  if (all_ == nullptr) return;
  try {
    say();
    if (!name.empty()) said_.emplace_back(folder.shared_from_this(), name);
  } catch (const SystemError&) {
    // See above.
  }
}

void IntentionGroup::arrives(Folder& folder, const std::string& name, const kept::Left& what) {
  say(folder, name, [&] { all_->arrives(folder, name, what); });
}

void IntentionGroup::leaves(Folder& folder, const std::string& name, const Entry& now) {
  say(folder, name, [&] { all_->leaves(folder, name, now); });
}

void IntentionGroup::makes_folder(Folder& made) {
  say(made, {}, [&] { all_->makes_folder(made); });
}

void IntentionGroup::removes_folder(Folder& parent, const std::string& name) {
  say(parent, name, [&] { all_->removes_folder(parent, name); });
}

void IntentionGroup::sets_metadata(Folder& folder, const std::string& name, const Entry& before,
                                   const kept::Left& after) {
  say(folder, name, [&] { all_->sets_metadata(folder, name, before, after); });
}

void IntentionGroup::changes(Folder& folder) {
  say(folder, {}, [&] { all_->changes(folder); });
}

void IntentionGroup::secure() {
  if (all_ == nullptr) return;
  try {
    all_->secure();
  } catch (const SystemError&) {
    // See above.
  }
}

}  // namespace syncline::engine
