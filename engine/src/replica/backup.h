// What is overwritten or deleted, kept: beside its place under another name, or in a tree of its
// own.
//
// What is overwritten gets its second name first, as a hard link, and then loses the first one to
// what takes its place: at no moment is there neither. What is deleted is moved. An older backup
// gives way to a newer one; but a folder where a file shall lie, or the other way round, is not
// deleted for that, as rsync does: it may hold the only copies of much. It is moved aside, which is
// told.
//
// A program that was replaced, for a hole in it perhaps, is not kept as one that anybody may run as
// its owner: backups lose set-id bits and capabilities. A hard link's are those of the file in its
// place, so it loses them once that is another one.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/system_error.h"
#include "pass/folder.h"
#include "pass/handles.h"
#include "replica/disposal.h"

#include "syncline/options.h"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace syncline::engine {

/// The folder that the tree of backups is in.
struct BackupRoot {
  Handles::Handle folder;  ///< nullptr: it would be made, by a pass that does more than tell
  FileId id;
  std::vector<FileId> above;  ///< the folders between it and the destination, if it lies in there
};

/// Thread-safe.
class Backups final : public Disposal {
 public:
  /// Without a root backups lie beside what takes their place.
  Backups(std::string suffix, std::optional<BackupRoot> root)
      : suffix_(std::move(suffix)), root_(std::move(root)) {}

  void make_way(Pass& pass, Folder& folder, const std::string& name) const override;
  void take(Pass& pass, Folder& folder, const std::string& name) const override;

  /// To be called once all that was kept has lost its place: takes from backups what lets a program
  /// run as somebody else.
  void disarm() const;
  /// Those that have it still: what they are of, and why.
  struct StillArmed {
    std::string path;
    std::string why;
  };
  [[nodiscard]] std::vector<StillArmed> still_armed() const;

  [[nodiscard]] bool keeps() const override { return true; }
  [[nodiscard]] bool keeps_beside() const override { return !root_; }
  [[nodiscard]] bool is_kept_beside(const std::string& name) const override {
    return !root_ && name.size() > suffix_.size() && name.ends_with(suffix_);
  }
  [[nodiscard]] bool is_root(const Entry& entry) const override {
    return root_ && entry.identity.id == root_->id;
  }
  [[nodiscard]] bool holds_root(const Entry& entry) const override;

  /// Older backups that had the place of new ones and are of another kind: what these are of, and
  /// where they lie now: "a/b", "../old/a/b~".
  struct MovedAside {
    std::string path;
    std::string now;
  };
  [[nodiscard]] std::vector<MovedAside> moved_aside() const;

 private:
  /// By the word that was given for the folder of all backups.
  [[nodiscard]] static std::string shown_place(Pass& pass, Folder& folder,
                                               const std::string& backup);
  [[noreturn]] void fail(Pass& pass, Folder& folder, const std::string& name,
                         const filesystem::SystemError& error) const;
  [[nodiscard]] bool is_mirrored(Pass& pass, Folder& folder, const std::string& backup) const;
  void refuse_mirrored(Pass& pass, Folder& folder, const std::string& name) const;
  [[nodiscard]] Handles::Handle place_of(Pass& pass, Folder& folder) const;
  Handles::Handle open_or_make(Pass& pass, Folder& folder, const filesystem::Directory& parent,
                               const std::string& name) const;
  void move_aside(Pass& pass, Folder& folder, const filesystem::Directory& place,
                  const std::string& name) const;
  template <typename Work>
  void with_room(Pass& pass, Folder& folder, const filesystem::Directory& place,
                 const std::string& backup, Work work) const;

  struct Armed {
    Handles::Handle place;
    std::string backup;
    FileId id;
    std::string path;
  };
  void note_armed(Armed armed) const;
  void disarm_those_apart() const;

  const std::string suffix_;
  const std::optional<BackupRoot> root_;
  mutable std::mutex mutex_;  ///< what is in the way is moved by one at a time
  mutable std::vector<MovedAside> moved_aside_;
  mutable std::vector<Armed> armed_;  ///< backups that have set-id bits or capabilities yet
  mutable std::vector<StillArmed> still_armed_;
};

/// By which things leave a replica: kept by `backups`, if there are any.
const Disposal& disposal_by(const Backups* backups);

}  // namespace syncline::engine
