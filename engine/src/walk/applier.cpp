// SPDX-License-Identifier: MIT
#include "walk/applier.h"

#include "filesystem/discard.h"
#include "filesystem/own_names.h"
#include "filesystem/system_error.h"
#include "model/wanted.h"
#include "replica/disposal.h"
#include "replica/exceptions.h"
#include "replica/intentions.h"
#include "replica/keep.h"
#include "replica/link_notes.h"
#include "replica/shut.h"
#include "replica/touch.h"
#include "walk/apply.h"
#include "walk/moves.h"
#include "walk/write_down.h"

#include <cerrno>
#include <memory>
#include <mutex>
#include <utility>

namespace syncline::engine {
namespace {

using filesystem::Directory;
using filesystem::OpenFolder;
using filesystem::SystemError;

// Beside, then exchanged: the name is never without an entry.
void supplant(const Directory& parent, const std::string& name, std::uint32_t rights) {
  const std::string beside = filesystem::temporary_name();
  parent.make_folder(beside, rights);
  try {
    if (!parent.look(name)) {  // it had to be moved away to be kept
      parent.rename_to_new(beside, name);
      return;
    }
    if (!parent.exchange(beside, name)) {
      parent.remove_file(name);
      parent.rename(beside, name);
      return;
    }
  } catch (const SystemError&) {
    parent.remove_folder(beside);
    throw;
  }
  parent.remove_file(beside);
}

// The mtime of a folder that is done with, or has not been met, stays what it was.
bool rename(Pass& pass, const Directory& from, const std::string& name, Folder& into,
            const std::string& to, bool exchanges) {
  const auto folder = pass.handles.get(into);
  touch(pass, into);
  if (pass.replica.intentions != nullptr)
    pass.replica.intentions->move(from, name, *folder, to, exchanges);
  const Entry before = from.look();
  bool done = true;
  if (exchanges)
    done = from.exchange(name, *folder, to);
  else
    from.move_to_new(name, *folder, to);
  if (done && before.identity.id != into.there.id) from.set_metadata(before, {.mtime = true});
  return done;
}

// One flush will do for all that were met by the time that the first of them is settled.
void expect_to_settle(Pass& pass, Folder& folder) {
  if (folder.role != Folder::Role::mirrored || !folder.source || !folder.destination) return;
  if (!difference(*folder.source, *folder.destination, pass.terms.means(folder)).any()) return;
  IntentionGroup{pass}.changes(folder);
}

}  // namespace

Handles::View Applier::see(const Entry& /*root_to_be*/) {
  throw SystemError("open", "", ENOENT);
}

void Applier::make_folder(Folder& folder) {
  const auto parent = pass_.handles.get(*folder.parent);
  const std::uint32_t rights = rights_to_create(*folder.source, pass_.terms.options.metadata);
  touch(pass_, *folder.parent);
  Intentions* const intentions = pass_.replica.intentions;
  if (folder.supplants) {
    if (intentions != nullptr) intentions->leave(*folder.parent, folder.name);
    pass_.replica.disposal->make_way(pass_, *folder.parent, folder.name);
    if (intentions != nullptr) intentions->make_folder(folder);
    supplant(*parent, folder.name, rights);
  } else {
    if (intentions != nullptr) intentions->make_folder(folder);
    parent->make_folder(folder.name, rights);
  }
}

bool Applier::move_file(const OpenFolder& from, const std::string& name, Folder& into,
                        const std::string& to, bool exchanges) {
  return rename(pass_, *from.directory(), name, into, to, exchanges);
}

void Applier::move_file_back(const OpenFolder& from, const std::string& name,
                             const OpenFolder& into, const std::string& to) {
  if (pass_.replica.intentions != nullptr)
    pass_.replica.intentions->move(*from.directory(), name, *into.directory(), to, false);
  from.directory()->move_to_new(name, *into.directory(), to);
}

// It is shut before it comes to where somebody else's may not be open. One that stays where it is
// stays as it was.
bool Applier::move_folder(const OpenFolder& from, const std::string& name, const Entry& seen,
                          Folder& folder, bool exchanges) {
  const Directory opened = from.directory()->open_folder_to_enter(name);
  if (opened.look().identity.id != seen.identity.id) throw SystemError("recognise", name, ESTALE);
  Entry found = seen;
  found.attributes = opened.attributes();
  if (pass_.replica.intentions != nullptr) pass_.replica.intentions->changes_anew(folder, opened);
  const bool was_touched = folder.touched;
  const MetadataChange shut = shut_until_settled(pass_, folder, found, opened);
  const auto give_back = [&] {
    folder.touched = was_touched;
    folder.written_down = 0;  // what takes that place is another folder
    if (shut.any()) static_cast<void>(opened.set_metadata(found, shut));
  };
  try {
    if (rename(pass_, *from.directory(), name, *folder.parent, folder.name, exchanges)) return true;
  } catch (const SystemError&) {
    give_back();
    throw;
  }
  give_back();
  return false;
}

// In two steps, since most kernels take a rename to the same entry for done. That `name` is free
// after the first one proves that it was the entry's.
void Applier::respell(Folder& folder, const std::string& name, const std::string& old_name) {
  touch(pass_, folder);
  const auto directory = pass_.handles.get(folder);
  if (pass_.replica.intentions != nullptr)
    pass_.replica.intentions->move(*directory, old_name, *directory, name, false);
  const std::string aside = filesystem::temporary_name();
  directory->rename_to_new(name, aside);
  try {
    directory->rename_to_new(aside, name);
  } catch (const SystemError&) {
    directory->rename_to_new(aside, old_name);
    throw;
  }
}

void Applier::clean(Folder& folder, const std::string& name) {
  touch(pass_, folder);
  filesystem::remove_temporary(*pass_.handles.get(folder), name);
}

void Applier::enter(Folder& folder, const OpenFolder& opened) {
  if (pass_.replica.intentions != nullptr) expect_to_settle(pass_, folder);
  shut_until_settled(pass_, folder, *folder.destination, *opened.directory());
}

void Applier::take(Folder& folder, Steps& steps, bool may_wait) {
  IntentionGroup intentions{pass_};
  write_down(pass_, folder, steps, intentions);
  apply(pass_, folder, steps, may_wait);
}

MetadataResult Applier::set_metadata(Folder& folder, const Entry& want, const Exception* known,
                                     std::vector<index::Edit>& edits) {
  const auto directory = pass_.handles.get(folder);
  if (pass_.replica.intentions != nullptr) pass_.replica.intentions->change(folder);
  // What is just being moved out of it gives it the mtime back that it had before.
  std::unique_lock<std::mutex> pause;
  if (pass_.replica.moves != nullptr) pause = pass_.replica.moves->pause();
  MetadataResult result = keep_folder_metadata(pass_, folder, *directory, want, known);
  note_exception(folder.row.key, {}, known, with_file_system(pass_, folder, result.exception),
                 edits);
  return result;
}

// False: it holds what was kept, and stays.
bool Applier::remove_folder(Folder& folder, const std::string& name) {
  if (pass_.replica.intentions != nullptr) pass_.replica.intentions->remove_folder(folder, name);
  try {
    pass_.handles.get(folder)->remove_folder(name);
  } catch (const SystemError& error) {
    if (!pass_.replica.disposal->keeps_beside() || error.error_number() != ENOTEMPTY) throw;
    return false;
  }
  return true;
}

bool Applier::remove(Folder& folder, const index::Removal& removal, const Entry& now) {
  touch(pass_, folder);
  if (removal.kind == Kind::folder) {
    if (!remove_folder(folder, removal.name)) return false;
  } else {
    const auto directory = pass_.handles.get(folder);
    take_name(pass_, *directory, removal.name, has_other_names(now),
              [&] { pass_.replica.disposal->take(pass_, folder, removal.name); });
  }
  pass_.books.removed.add({.entries = 1, .bytes = content_bytes(removal)});
  return true;
}

}  // namespace syncline::engine
