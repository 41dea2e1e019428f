// Where a quarantine lies: a folder of ours at the root of the replica, and one at the root of each
// other file system that is mounted in it, since nothing can be moved from one to another; or one
// folder elsewhere.
//
//   .syncline/passes                      the journal (of the whole replica)
//   .syncline/held/20261126T070000Z       a folder: the undo that passes wait for
//   .syncline/20261125T084751Z.7/3/19     what pass 7 took as its item 19
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "kept/operation.h"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>

namespace syncline::kept {

/// Thread-safe. Members throw SystemError.
class Store {
 public:
  using Handle = std::shared_ptr<const filesystem::Directory>;

  /// `elsewhere`: the one folder, where it is not in `root`; else nullptr.
  Store(Handle root, Handle elsewhere) : root_(std::move(root)), elsewhere_(std::move(elsewhere)) {}

  [[nodiscard]] const filesystem::Directory& root() const { return *root_; }
  [[nodiscard]] bool is_elsewhere() const { return elsewhere_ != nullptr; }

  /// The folder that the journal is in; nullptr: there is none.
  [[nodiscard]] Handle home() const;
  /// Likewise, made where it is missing: then `root_before` becomes what the root was before that,
  /// which moves its mtime.
  [[nodiscard]] Handle make_home(bool flush, std::optional<Entry>& root_before) const;

  /// The folder that an item of that pass lies in, by its number; nullptr: there is none.
  Handle folder_of(const Item& item, const std::string& pass);
  /// Likewise, made where it is missing.
  Handle make_folder_of(const Item& item, const std::string& pass);
  static std::string name_of(const Item& item) { return std::to_string(item.number); }

  /// The undo that passes onto the replica are held since; nullopt: they are not.
  [[nodiscard]] std::optional<std::string> held_since() const;
  /// They are from now on, whatever happens to the machine.
  void hold(const std::string& undo) const;
  /// False: they were not.
  bool release() const;  // NOLINT(modernize-use-nodiscard): some only want it so

  /// All that the pass has at `place` is gone for good.
  void remove(const std::string& place, const std::string& pass);

 private:
  [[nodiscard]] Handle home_at(const std::string& place, bool make) const;
  Handle folder(const Item& item, const std::string& pass, bool make);

  const Handle root_;
  const Handle elsewhere_;

  std::mutex mutex_;  // for all that follows
  std::map<std::tuple<std::string, std::string, std::uint64_t>, Handle> folders_;
};

/// The folder of that path below `root`, "" for itself. nullptr: it is not there, or what has that
/// name is no folder.
Store::Handle open_beneath(const Store::Handle& root, const std::string& path);

}  // namespace syncline::kept
