// SPDX-License-Identifier: MIT
#include "stages/late_folders.h"

#include "filesystem/system_error.h"

#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace syncline::stages {
namespace {

using filesystem::SystemError;

constexpr std::size_t most_known_folders = 4096;

bool means_absent(int error_number) {
  return error_number == ENOENT || error_number == ENOTDIR || error_number == ESTALE ||
         error_number == ELOOP;
}

FolderRef make_folder(const FolderRef& parent, index::FolderKey key, const index::LateFolder& row) {
  auto folder =
      std::make_shared<Folder>(parent, row.moved_to.empty() ? row.name : row.moved_to,
                               row.source ? Folder::Role::mirrored : Folder::Role::doomed);
  folder->late_key = key;
  if (!row.moved_to.empty()) folder->shown_as = row.name;
  folder->gives_way = row.is_obstacle;
  folder->side(Side::destination).id = row.destination;
  if (row.source) folder->side(Side::source).id = *row.source;
  return folder;
}

}  // namespace

FolderRef LateFolders::at(index::FolderKey key) {
  const std::scoped_lock lock{mutex_};
  std::vector<std::pair<index::FolderKey, index::LateFolder>> missing;
  FolderRef folder;
  while (!folder) {
    if (const auto found = known_.find(key); found != known_.end()) {
      folder = found->second;
      break;
    }
    auto row = pass_.late.folder(key);
    if (row.parent == index::no_folder) {
      folder = root_;
    } else {
      const auto parent = row.parent;
      missing.emplace_back(key, std::move(row));
      key = parent;
    }
  }
  if (known_.size() > most_known_folders) known_.clear();
  for (auto next = missing.rbegin(); next != missing.rend(); ++next) {
    folder = make_folder(folder, next->first, next->second);
    known_.emplace(next->first, folder);
  }
  return folder;
}

void LateFolders::names_changed() {
  const std::scoped_lock lock{mutex_};
  known_.clear();
}

Handles::Handle open_if_there(Pass& pass, Folder& folder, Side side) {
  try {
    return pass.handles.get(folder, side);
  } catch (const SystemError& error) {
    if (means_absent(error.error_number())) return nullptr;
    throw;
  }
}

}  // namespace syncline::stages
