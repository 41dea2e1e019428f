// A folder under way: from the moment its parent's batch finds it until everything in it is done
// and it is settled.
//
// Its count starts at one, the walker's own; each piece of work adds one before it is handed on.
// Whoever brings the count to zero settles the folder and then counts down its parent.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "filesystem/mount_limits.h"
#include "filter/listed.h"
#include "index/rows.h"
#include "model/entry.h"
#include "model/exception.h"
#include "model/proof.h"
#include "pass/merge.h"

#include "syncline/path.h"
#include "syncline/precondition.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace syncline::engine {

enum class Side : std::uint8_t { source, destination };

/// What a file system was found unable to hold, by trying, or is known to be.
struct Unheld {
  std::atomic<bool> owner{false};
  std::atomic<bool> group{false};
  std::atomic<bool> mode{false};
  std::atomic<bool> takes_owner{false};  ///< it was seen to
  std::atomic<bool> takes_group{false};
  std::atomic<bool> takes_mode{false};
  std::atomic<bool> was_tried{false};  ///< what it holds of owners and modes: see holding.h
  std::atomic<bool> user_attributes{false};
  std::atomic<bool> trusted_attributes{false};
  std::atomic<bool> acl{false};
  std::atomic<bool> capabilities{false};
  std::atomic<bool> clones{false};         ///< of its own files
  std::atomic<bool> source_clones{false};  ///< of the source's files
  std::atomic<bool> unnamed{false};        ///< files without a name
};

/// One side of a folder: what it is, and its handle as long as somebody holds that open (Handles).
struct FolderSide {
  FileId id;
  Stamping stamping;
  std::weak_ptr<const filesystem::OpenFolder> handle;
};
struct SourceSide : FolderSide {
  filesystem::MountLimits limits;  ///< of its mount
};
struct ReplicaSide : FolderSide {
  std::shared_ptr<Unheld> unheld;  ///< of its file system; none: all is held as far as is known
};

/// The first folders of a path.
struct PathHead {
  std::string text;
  std::uint32_t folders = 0;
};

struct Pass;

struct Folder : std::enable_shared_from_this<Folder> {
  enum class Role : std::uint8_t {
    mirrored,    ///< the source has it
    extraneous,  ///< only the destination has it: walked so that the guard knows what would go
  };

  /// `told_as`: the name that it is told of by, if another.
  Folder(std::shared_ptr<Folder> parent_folder, std::string folder_name, Role folder_role,
         std::string told_as = {});
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();

  std::shared_ptr<Folder> parent;  ///< none for the root
  Pass* pass;                      ///< of the replica that it is a folder of; that of its parent
  std::string name;
  const std::string shown_as;  ///< the name it is told of by, if another
  const std::uint32_t depth;
  const Role role;
  /// The topmost folder that the source lacks, of those that it lies in, itself included; nullptr
  /// for a mirrored one.
  const Folder* const top_extraneous;
  const std::uint64_t path_bytes;  ///< of its path; 0 for the root
  /// Of a path that is shown shortened, what it begins with: it is that of all folders below it.
  const std::shared_ptr<const PathHead> path_head;

  // Written by the walker before any name in the folder is handed out, constant from then on.

  std::optional<Entry> source;       ///< absent for an extraneous folder
  std::optional<Entry> destination;  ///< absent where it is not there
  /// Of the source's folder, which is one and the same for all replicas that are walked together;
  /// nothing is known of one that it lacks.
  std::shared_ptr<SourceSide> from;
  ReplicaSide there;
  bool supplants = false;  ///< the destination has something else of that name, which gives way
  std::optional<Kind> replaced;            ///< the kind of that
  std::optional<Precondition> supplanted;  ///< and what it was when it was met
  bool gives_way =
      false;  ///< it is extraneous, or above it one is, for something else to be put there
  filter::Wanted wanted;    ///< what of it takes part, as far as that is listed
  bool came_along = false;  ///< it was moved here, or a folder above it was
  bool listed = false;
  bool created = false;
  bool usable = false;     ///< opened and listed on every side that has it
  index::FolderRow row;    ///< in the index; as remembered until it is listed
  ExceptionRef exception;  ///< what the index remembers of its own metadata
  bool has_row = false;    ///< false: new there, so that nothing in it is remembered either
  Merge names;             ///< what is still to be handed out
  std::string handed_out;  ///< the last name that was handed out of them

  std::atomic<std::int64_t> pending{1};
  std::atomic<bool> holds_protected{
      false};  ///< it is extraneous, and something in it is to be kept
  /// Where it was written down what it was, or that it will be made (Intentions); 0: nowhere.
  std::atomic<std::uint64_t> written_down{0};
  std::atomic<bool> touched{false};  ///< we changed which entries it holds: its mtime moved
  std::atomic<std::int64_t> deferred_key{0};  ///< its row in the deferred list, 0 for none

  [[nodiscard]] FolderSide& side(Side which) {
    return which == Side::source ? static_cast<FolderSide&>(*from) : there;
  }
  [[nodiscard]] const FolderSide& side(Side which) const {
    return which == Side::source ? static_cast<const FolderSide&>(*from) : there;
  }
};

using FolderRef = std::shared_ptr<Folder>;

/// As it is told. What is shortened costs no more the deeper it is.
Path path_of(const Folder& folder);
Path path_of(const Folder& folder, const std::string& name);
/// All of it, whatever its length.
std::string whole_path_of(const Folder& folder);
std::string whole_path_of(const Folder& folder, const std::string& name);
/// Its last `most` names.
std::string end_of_path(const Folder& folder, std::size_t most);
/// A path that is known as a whole, as it is told.
Path shown_path(std::string whole);

}  // namespace syncline::engine
