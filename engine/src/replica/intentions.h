// What a pass is about to do to a replica, written down first where it can be taken back: a group
// at a time, for a flush is dear.
//
// Whoever does one thing alone says so right before; whoever does many says all of it first, and
// secures it once (IntentionGroup). What was said and then is not done costs nothing: an undo sees
// that.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "kept/recording.h"
#include "pass/folder.h"
#include "pass/pass.h"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace syncline::engine {

/// What was written down for one entry, and not done yet.
struct Written {
  kept::Recording::Mark mark = 0;
  kept::Item item;
};

/// Of one replica. Thread-safe. Members throw SystemError: what was to be done must not be then.
class Intentions {
 public:
  /// `root`: of the replica. `is_elsewhere`: the quarantine is one folder, whatever is mounted. All
  /// must outlive it.
  Intentions(kept::Recording& recording, const filesystem::Directory& root, bool is_elsewhere)
      : recording_(recording), root_(root), is_elsewhere_(is_elsewhere) {}

  // To be written down; secure() comes before it is done.

  /// What is no folder comes to that name, and takes the place of what has it, if that is no folder
  /// either.
  void arrives(Folder& folder, const std::string& name, const kept::Left& what);
  /// What is no folder leaves.
  void leaves(Folder& folder, const std::string& name, const Entry& now);
  void makes_folder(Folder& made);
  void removes_folder(Folder& parent, const std::string& name);
  void sets_metadata(Folder& folder, const std::string& name, const Entry& before,
                     const kept::Left& after);
  /// Of which entries the folder holds, or of its own metadata. Written down once for each.
  void changes(Folder& folder);
  /// Of one that is `opened`, and will come to another place.
  void changes_anew(Folder& folder, const filesystem::Directory& opened);

  void secure() { recording_.secure(); }

  // Written down and secured, unless that was done before.

  void arrive(Folder& folder, const std::string& name, const kept::Left& what);
  void leave(Folder& folder, const std::string& name);
  void make_folder(Folder& made);
  void remove_folder(Folder& parent, const std::string& name);
  void set_metadata(Folder& folder, const std::string& name, const Entry& before,
                    const kept::Left& after);
  void change(Folder& folder);
  /// Of one that is `opened`, and not yet where it will be.
  void change(Folder& folder, const filesystem::Directory& opened);
  void move(const filesystem::Directory& from, const std::string& name,
            const filesystem::Directory& into, const std::string& to, bool exchanges);
  /// Within one folder. What has the name `b` came there without having been written down.
  void exchange(Folder& folder, const std::string& a, const std::string& b);

  /// What came to that name is something else than was written down before: its mtime was refused.
  void has_come(Folder& folder, const std::string& name, const kept::Left& what);

  /// What was written down for that entry, once: nothing else is done by it.
  std::optional<Written> take(Folder& folder, const std::string& name);
  /// An older pass can be taken back no more, so that there is room for a copy, which is told.
  /// False: none may go.
  bool make_room(Pass& pass);
  kept::Store::Handle folder_of(const kept::Item& item) { return recording_.folder_of(item); }

 private:
  using Key = std::pair<std::string, std::string>;

  [[nodiscard]] std::string place_of(Folder& folder) const;
  void note(kept::Operation operation);
  void changes(Folder& folder, const filesystem::Directory& opened, const std::string& path);
  template <typename Note>
  void ensure(Folder& folder, const std::string& name, Note note);

  kept::Recording& recording_;
  const filesystem::Directory& root_;
  const bool is_elsewhere_;

  std::mutex mutex_;  // for all that follows
  std::map<Key, Written> written_;
};

/// What a group is about to do. Nothing here throws: what could not be written down is when its
/// turn comes, or fails then. Does nothing where nothing can be taken back.
class IntentionGroup {
 public:
  explicit IntentionGroup(Pass& pass) : all_(pass.replica.intentions) {}
  IntentionGroup(const IntentionGroup&) = delete;
  IntentionGroup& operator=(const IntentionGroup&) = delete;
  /// What was not done will not be.
  ~IntentionGroup();

  void arrives(Folder& folder, const std::string& name, const kept::Left& what);
  void leaves(Folder& folder, const std::string& name, const Entry& now);
  void makes_folder(Folder& made);
  void removes_folder(Folder& parent, const std::string& name);
  void sets_metadata(Folder& folder, const std::string& name, const Entry& before,
                     const kept::Left& after);
  void changes(Folder& folder);
  void secure();

 private:
  template <typename Say>
  void say(Folder& folder, const std::string& name, Say say);

  Intentions* const all_;
  std::vector<std::pair<std::shared_ptr<Folder>, std::string>> said_;
};

/// Told of a pass that can be taken back no more.
Notice expired(const kept::PassRow& pass);

/// What `entry`, which is known by that number where these last, will be seen as.
kept::Left left_as(const Folder& folder, const Entry& entry, bool keeps_mtime);
/// Likewise of `now` once it was given `change` of `want`.
kept::Left left_with(const Folder& folder, const Entry& now, const Entry& want,
                     MetadataChange change);

}  // namespace syncline::engine
