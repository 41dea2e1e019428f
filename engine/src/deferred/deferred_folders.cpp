// SPDX-License-Identifier: MIT
#include "deferred/deferred_folders.h"

#include "filesystem/system_error.h"
#include "pass/error_meaning.h"
#include "pass/failures.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <utility>

namespace syncline::engine {
namespace {

using filesystem::SystemError;

FolderRef make_folder(const FolderRef& parent, index::FolderKey key,
                      const index::DeferredFolder& row) {
  auto folder =
      std::make_shared<Folder>(parent, row.moved_to.empty() ? row.name : row.moved_to,
                               row.source ? Folder::Role::mirrored : Folder::Role::extraneous,
                               row.moved_to.empty() ? std::string{} : row.name);
  folder->deferred_key = key;
  folder->gives_way = row.is_obstacle;
  folder->there.id = row.destination;
  if (row.source) folder->from->id = *row.source;
  folder->row.key = row.row;
  folder->has_row = row.row != index::no_row;
  return folder;
}

}  // namespace

FolderRef DeferredFolders::at(index::FolderKey key) {
  const std::scoped_lock lock{mutex_};
  // Given back as they are used: in a tree of 30,000 levels they are as much as the folders.
  std::deque<std::pair<index::FolderKey, index::DeferredFolder>> missing;
  FolderRef folder;
  while (!folder) {
    if (const auto found = known_.find(key); found != known_.end()) {
      folder = found->second;
      break;
    }
    auto row = pass_.replica.deferred.folder(key);
    if (row.parent == index::no_folder) {
      folder = root_;
    } else {
      const auto parent = row.parent;
      missing.emplace_back(key, std::move(row));
      key = parent;
    }
  }
  if (known_.size() + missing.size() > most_known_) forget_some();
  for (; !missing.empty(); missing.pop_back()) {
    const auto& [at, row] = missing.back();
    folder = make_folder(folder, at, row);
    pass_.source_file_systems.tell(*folder->from);
    pass_.replica.file_systems.tell(folder->there);
    if (looks_) look_at(*folder);
    known_.emplace(at, folder);
  }
  return folder;
}

// Those that no other one lies in: a long way to a deep folder is found only once. Each time at
// least half of what may be known is new, or else it would be looked through too often.
void DeferredFolders::forget_some() {
  std::erase_if(known_, [](const auto& known) { return known.second.use_count() == 1; });
  most_known_ = std::max(most_known_folders, 2 * known_.size());
}

// One that cannot be looked at fails whoever does something in it.
void DeferredFolders::look_at(Folder& folder) {
  attempt(
      folder, {},
      [&] {
        const auto opened = open_if_there(pass_, folder);
        if (!opened) return;
        folder.destination = opened->look();
        folder.destination->attributes = opened->attributes();
      },
      [](const Failure& /*see above*/) {});
  folder.usable = true;
}

void DeferredFolders::names_changed() {
  const std::scoped_lock lock{mutex_};
  known_.clear();
}

Handles::View open_if_there(Pass& pass, Folder& folder) {
  try {
    return pass.handles.view(folder);
  } catch (const SystemError& error) {
    if (means_absent(error.error_number())) return nullptr;
    throw;
  }
}

}  // namespace syncline::engine
