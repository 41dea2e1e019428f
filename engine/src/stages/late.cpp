// SPDX-License-Identifier: MIT
#include "stages/late.h"

#include "filesystem/atomic_file.h"
#include "filesystem/own_names.h"
#include "stages/failures.h"

#include <cerrno>
#include <memory>

namespace syncline::stages {
namespace {

using filesystem::Directory;
using filesystem::SystemError;

std::string join(const std::vector<std::string>& path, const std::string& name = {}) {
  std::string text;
  for (const std::string& part : path) text += (text.empty() ? "" : "/") + part;
  if (!name.empty()) text += (text.empty() ? "" : "/") + name;
  return text.empty() ? "." : text;
}

bool means_absent(int error_number) {
  return error_number == ENOENT || error_number == ENOTDIR || error_number == ELOOP;
}

// Folder by folder from the root down; nothing where one of them is missing or no folder.
Handles::Handle open_below(Pass& pass, Folder& root, Side side,
                           const std::vector<std::string>& path) {
  auto at = pass.handles.get(root, side);
  for (const std::string& name : path) {
    try {
      at = std::make_shared<const Directory>(at->open_folder(name));
    } catch (const SystemError& error) {
      if (means_absent(error.error_number())) return nullptr;
      throw;
    }
  }
  return at;
}

void exchange_or_move(const Directory& folder, const std::string& temporary,
                      const std::string& name) {
  if (folder.exchange(temporary, name)) return;
  const std::string aside = filesystem::temporary_name();
  folder.rename(name, aside);
  folder.rename(temporary, name);
  folder.rename(aside, temporary);
}

void replace(Pass& pass, Folder& root, const index::Replacement& replacement) {
  const auto late_folder = pass.late.folder(replacement.folder);
  const auto folder = open_below(pass, root, Side::destination, late_folder.path);
  if (!folder) throw SystemError("find its folder again for", replacement.name, ENOENT);
  const auto old = folder->look(replacement.name);
  exchange_or_move(*folder, replacement.temporary, replacement.name);
  if (!old) return;
  pass.late.note_moved_aside(replacement.folder, replacement.name, replacement.temporary,
                             old->identity);
}

void discard(Pass& pass, Folder& root, const index::Replacement& replacement) {
  const auto late_folder = pass.late.folder(replacement.folder);
  const auto folder = open_below(pass, root, Side::destination, late_folder.path);
  if (folder) filesystem::discard_temporary(*folder, replacement.temporary);
}

// What could not be put into its place is removed again, as far as that goes; else it is litter for
// the next run.
void put_in_place(Pass& pass, Folder& root, const index::Replacement& replacement) {
  try {
    replace(pass, root, replacement);
  } catch (const SystemError&) {
    discard(pass, root, replacement);
    throw;
  }
}

// A folder's size and times move as it is emptied: it is recognised by what it is.
bool is_still(const Entry& now, const index::Removal& removal) {
  if (now.kind != removal.kind || now.identity.id != removal.seen.id) return false;
  return now.kind == Kind::folder ||
         (now.identity.size == removal.seen.size && now.identity.mtime_ns == removal.seen.mtime_ns);
}

class Remover {
 public:
  Remover(Pass& pass, const index::LateFolder& folder, Handles::Handle source,
          Handles::Handle destination, std::vector<Event>& events)
      : pass_(pass),
        folder_(folder),
        source_(std::move(source)),
        destination_(std::move(destination)),
        events_(events) {}

  // The last name of the page; nothing when it was the last page.
  std::optional<std::string> remove_page(const std::string& after) {
    const auto removals = pass_.late.removals_in(folder_.key, after, late_page_names);
    for (const index::Removal& removal : removals) {
      if (pass_.stopping()) return std::nullopt;
      remove(removal);
    }
    if (removals.size() < late_page_names) return std::nullopt;
    return removals.back().name;
  }

 private:
  void remove(const index::Removal& removal) {
    try {
      const auto now = destination_->look(removal.name);
      if (!now) return;
      if (source_ && source_->look(removal.name))
        keep(removal, "appeared in the source since it was walked: not deleted");
      else if (!is_still(*now, removal))
        keep(removal, "changed in the destination since it was walked: not deleted");
      else
        unlink(removal);
    } catch (const SystemError& error) {
      events_.emplace_back(failure_of(join(folder_.shown, removal.name), error));
    }
  }

  void keep(const index::Removal& removal, const char* why) {
    events_.emplace_back(Notice{.path = join(folder_.shown, removal.name), .text = why});
  }

  void unlink(const index::Removal& removal) {
    if (removal.kind == Kind::folder)
      destination_->remove_folder(removal.name);
    else
      destination_->remove_file(removal.name);
    if (removal.gave_way) return;  // told of when its place was taken
    events_.emplace_back(Action{.verb = Verb::remove,
                                .kind = removal.kind,
                                .path = join(folder_.shown, removal.name),
                                .reason = "not in source",
                                .bytes = removal.kind == Kind::file ? removal.seen.size : 0,
                                .digest = {}});
  }

  Pass& pass_;
  const index::LateFolder& folder_;
  Handles::Handle source_;
  Handles::Handle destination_;
  std::vector<Event>& events_;
};

}  // namespace

std::vector<Event> replace_folders(Pass& pass, Folder& root, bool allowed) {
  std::vector<Event> events;
  for (const index::Replacement& replacement : pass.late.replacements()) {
    const std::string path = join(pass.late.folder(replacement.folder).shown, replacement.name);
    try {
      if (!allowed || pass.stopping()) {
        discard(pass, root, replacement);
        continue;
      }
      put_in_place(pass, root, replacement);
      events.emplace_back(Action{.verb = Verb::replace,
                                 .kind = replacement.kind,
                                 .path = path,
                                 .reason = "was a folder",
                                 .bytes = replacement.bytes,
                                 .digest = {}});
    } catch (const SystemError& error) {
      events.emplace_back(failure_of(path, error));
    }
  }
  return events;
}

LatePage finish_late(Pass& pass, Folder& root, index::FolderKey key, const std::string& after,
                     bool allowed) {
  LatePage page;
  const auto folder = pass.late.folder(key);
  try {
    const auto destination = open_below(pass, root, Side::destination, folder.path);
    if (!destination || destination->look().identity.id != folder.destination) return page;
    if (allowed && !pass.stopping()) {
      Remover remover{pass, folder, open_below(pass, root, Side::source, folder.path), destination,
                      page.events};
      page.after = remover.remove_page(after);
    }
    if (!page.after && folder.settle_as)
      destination->set_metadata(
          *folder.settle_as, difference(*folder.settle_as, destination->look(), pass.privileges));
  } catch (const SystemError& error) {
    page.events.emplace_back(failure_of(join(folder.shown), error));
  }
  return page;
}

}  // namespace syncline::stages
