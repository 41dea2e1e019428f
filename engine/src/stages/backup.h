// What is overwritten or deleted, kept: beside its place under another name, or in a tree of its
// own.
//
// What is overwritten gets its second name first, as a hard link, and then loses the first one to
// what takes its place: at no moment is there neither. What is deleted is moved.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "stages/folder.h"
#include "stages/handles.h"

#include "syncline/options.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace syncline::stages {

class Pass;

/// The folder that the tree of backups is in.
struct BackupRoot {
  Handles::Handle folder;
  FileId id;
  std::vector<FileId> above;  ///< the folders between it and the destination, if it lies in there
};

/// Thread-safe.
class Backups {
 public:
  /// Without a root backups lie beside what takes their place.
  Backups(std::string suffix, std::optional<BackupRoot> root)
      : suffix_(std::move(suffix)), root_(std::move(root)) {}

  /// Before something takes the place of `name`, no folder, in the destination's `folder`; does
  /// nothing where there is none. Throws SystemError.
  void keep(Pass& pass, Folder& folder, const std::string& name) const;
  /// Takes `name`, no folder, away. Throws SystemError.
  void take(Pass& pass, Folder& folder, const std::string& name) const;

  [[nodiscard]] bool are_beside() const { return !root_; }
  /// `entry` of the destination is the folder of all backups.
  [[nodiscard]] bool is_root(const Entry& entry) const {
    return root_ && entry.identity.id == root_->id;
  }
  /// `entry` is or holds backups as far as it shows, and is not to be deleted.
  [[nodiscard]] bool is_kept(const std::string& name, const Entry& entry) const;

 private:
  void refuse_mirrored(Pass& pass, Folder& folder, const std::string& name) const;
  [[nodiscard]] Handles::Handle place_of(Pass& pass, Folder& folder) const;

  const std::string suffix_;
  const std::optional<BackupRoot> root_;
};

}  // namespace syncline::stages
