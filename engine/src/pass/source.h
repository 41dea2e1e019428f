// The side that is only read: a folder of this machine (source/local_source.h), or whoever else can
// answer these questions.
//
// Questions and answers are values and come in batches, so that each may be one message to somebody
// far away: a folder with all that is to be known of it, a batch of names. Folders are named by
// what the walk knows of them; what is kept open for one is nobody's business but the source's.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/file_to_read.h"
#include "filesystem/listing.h"
#include "filesystem/mount_limits.h"
#include "filesystem/storage.h"
#include "filesystem/system_error.h"
#include "model/attributes.h"
#include "model/entry.h"
#include "model/proof.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace syncline::engine {

class Durability;
struct Folder;

/// A failure as a value.
using SourceError = std::shared_ptr<const filesystem::SystemError>;

/// A folder that is walked, or one `below` it, by the names on the way.
struct SourcePlace {
  Folder& folder;
  std::span<const std::string> below{};
};

/// What a look at one name came to.
struct SourceLook {
  std::optional<Entry> entry;  ///< none: nothing has that name, or see `error`
  /// Why it could not be looked at, or where there is an entry, why a symlink's target could not be
  /// read.
  SourceError error{};
};

/// An entry of a folder that was listed.
struct SourceName {
  Folder* folder;
  const std::string* name;
};

struct ListRequest {
  /// Of Options::one_file_system: a folder on another device than this, or on which something is
  /// mounted, is left alone once that is seen.
  std::optional<std::uint64_t> only_on{};
  /// Its birth matters, unless it has this inode number.
  bool asks_birth = false;
  std::optional<std::uint64_t> known_inode{};
};

/// A folder that was opened and listed.
struct SourceFolder {
  Entry entry;                 ///< with its attributes, unless it is left alone
  bool is_left_alone = false;  ///< see ListRequest::only_on; what follows is not told then
  /// Of its file system. How far that one's clock may be from ours is part of it.
  Stamping stamping{};
  filesystem::MountLimits limits{};
  std::int64_t born_ns = 0;     ///< since the epoch; 0 where that is not known, or does not matter
  filesystem::Listing names{};  ///< sorted
  SourceError error{};          ///< it was opened, but not all of this could be had
};

/// Thread-safe. Members throw SystemError, with the errno that the same would have here. A folder
/// must have been listed, or have its identity (SourceSide::id) from an earlier walk, before
/// anything else is asked of it; ESTALE where another one has taken its place.
///
/// **Identities.** Those of one source can be compared with each other, and where it is not of this
/// kernel bear the mark of that (of_another_kernel()), so that none ever equals one of ours.
class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  /// `root`, which is nothing so far but a name for it, stands for the source's root from here on.
  /// Its entry, without attributes. Each time it can be listed once.
  virtual Entry open_root(Folder& root) = 0;

  /// Opens `folder` anew and lists it. Throws where it cannot be opened. Of one that can be entered
  /// and not listed, what it has of the names that Options::files names is listed.
  virtual SourceFolder list(Folder& folder, const ListRequest& request) = 0;
  /// The names that a folder has by now.
  virtual filesystem::Listing names(Folder& folder) = 0;
  /// False: it is not there any more.
  [[nodiscard]] virtual bool has(Folder& folder) = 0;

  /// Looks at each of the `names` there, in order, and calls `take` with its number and what that
  /// came to, as long as that returns true. Never throws SystemError. A place `below` that is not
  /// there has no names.
  using TakeLook = std::function<bool(std::size_t, SourceLook)>;
  virtual void look(const SourcePlace& at, std::span<const std::string* const> names,
                    const TakeLook& take) = 0;
  /// Likewise of one; a symlink's target stays empty where it cannot be read.
  std::optional<Entry> look_at(const SourcePlace& at, const std::string& name);

  /// Those that a mirror keeps of the entry of that name.
  virtual Attributes attributes(Folder& folder, const std::string& name) = 0;
  /// Whether something is mounted there, which is told of what cannot be looked at, too.
  [[nodiscard]] virtual bool is_mount_root(Folder& folder, const std::string& name) = 0;

  /// Small files that are about to be opened and read whole, one after the other: who is far away
  /// sends them all in one go. Never throws.
  virtual void expect(std::span<const SourceName> files) = 0;
  /// Refused with ELOOP, ENXIO or EISDIR for what is not a regular file.
  virtual filesystem::FileToRead open_file(Folder& folder, const std::string& name) = 0;
  /// How files in `folder` are best read. Never throws.
  virtual filesystem::Access access(Folder& folder) = 0;
  /// Whether no power cut can take back what a file in `folder` held when it changed last, at
  /// `ctime`. A file system of this kernel may be flushed for that, by `ours`. Never throws.
  virtual bool is_on_disk(Folder& folder, const Timestamp& ctime, Durability& ours) = 0;
};

}  // namespace syncline::engine
