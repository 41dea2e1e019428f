// Locks where no stranger reaches: for each folder that is locked an empty file in a state folder,
// named after it. Every run takes them too, beside the locks on the folders themselves,
// which anybody can hold. They last as long as the run, and so do the files.
//
// A file is taken away only by who has it locked alone. Lest anybody take that moment for another
// run, whoever takes or leaves such locks has the state folder locked meanwhile.
//
// A file is named after device and inode number: both stand still while the run has the folder
// open, and two folders never share them, be the file system as weak as it likes.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/descriptor.h"
#include "filesystem/directory.h"
#include "filesystem/file_lock.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace syncline::filesystem {

class OwnLocks {
 public:
  /// In the folder `path`, which is made where it is missing. nullopt where there can be none,
  /// others could write to it, it is kept by another machine or lies in `root`, which holds nothing
  /// but the mirror.
  static std::optional<OwnLocks> in(const std::optional<std::string>& path, const Directory& root);

  OwnLocks(OwnLocks&&) = default;
  OwnLocks& operator=(OwnLocks&& other) noexcept {
    std::swap(folder_, other.folder_);
    std::swap(gate_, other.gate_);
    std::swap(held_, other.held_);
    return *this;
  }
  /// Takes the files away that no other run shares.
  ~OwnLocks();

  /// False where another run's is in the way. Throws SystemError, also where the file system cannot
  /// lock.
  bool try_lock(FileId locked, LockMode mode);

  /// Takes away what runs left that were killed. Never fails.
  void remove_left_behind();

  /// Who keeps us from it, as FileLock::holder has it.
  [[nodiscard]] std::optional<std::string> holder(FileId locked, LockMode mode) const;

  /// What a walk must not take for part of a root: the files, and the folder they come and go in.
  [[nodiscard]] std::vector<FileId> files() const;
  [[nodiscard]] FileId folder() const { return folder_.look().identity.id; }

 private:
  explicit OwnLocks(Directory folder);
  std::optional<FileLock> lock_file(const std::string& name, LockMode mode);

  class Alone;
  struct Held {
    std::string name;
    FileLock lock;
  };
  Directory folder_;
  Descriptor gate_;
  std::vector<Held> held_;
};

}  // namespace syncline::filesystem
