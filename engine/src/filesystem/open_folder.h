// An open folder as it is read: one on a file system, or what a pass that only tells takes for one.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/listing.h"
#include "model/entry.h"

#include <memory>
#include <optional>
#include <string>

namespace syncline::filesystem {

class Directory;

/// Thread-safe but for list(). Every member throws SystemError; ENOENT is a value only where the
/// result says so.
class OpenFolder {
 public:
  virtual ~OpenFolder() = default;

  /// The folder itself.
  [[nodiscard]] virtual Entry look() const = 0;
  /// The entry of that name; nullopt when there is none. A symlink's target is included, and stays
  /// empty, as no target is, where it cannot be read: read_link() tells why.
  [[nodiscard]] virtual std::optional<Entry> look(const std::string& name) const = 0;
  /// Whether something is mounted there, which is told of what cannot be looked at, too. False
  /// where the kernel does not tell.
  [[nodiscard]] virtual bool is_mount_root(const std::string& name) const = 0;
  /// The target of the symlink of that name.
  [[nodiscard]] virtual std::string read_link(const std::string& name) const = 0;
  /// Those of the folder itself, and of the entry of that name, that a mirror keeps.
  [[nodiscard]] virtual Attributes attributes() const = 0;
  [[nodiscard]] virtual Attributes attributes(const std::string& name) const = 0;
  /// Its names. Once for each that was opened, whose position in the folder it uses up.
  [[nodiscard]] virtual Listing list() const = 0;
  /// Its names, once more.
  [[nodiscard]] virtual Listing list_again() const = 0;
  [[nodiscard]] virtual std::shared_ptr<const OpenFolder> open_below(
      const std::string& name) const = 0;

  /// Where what has that name lies, and what it is called there: here and so, unless it only would.
  /// nullopt: nowhere.
  struct Place {
    std::shared_ptr<const OpenFolder> folder;  ///< nullptr: this one
    std::string name;
  };
  [[nodiscard]] virtual std::optional<Place> place_of(const std::string& name) const {
    return Place{nullptr, name};
  }

  /// Itself on its file system, as long as this lives; nullptr where it is on none.
  [[nodiscard]] virtual const Directory* directory() const = 0;

 protected:
  OpenFolder() = default;
  OpenFolder(const OpenFolder&) = default;
  OpenFolder(OpenFolder&&) = default;
  OpenFolder& operator=(const OpenFolder&) = default;
  OpenFolder& operator=(OpenFolder&&) = default;
};

}  // namespace syncline::filesystem
