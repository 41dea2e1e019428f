// The destination as it would be after what was told of: its folders are seen through this, and
// nothing in it is touched.
//
// A folder that would be moved keeps its inode, and what is in it is noted by that, so it is the
// same by whatever path it is reached.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/open_folder.h"
#include "index/told_places.h"
#include "model/entry.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace syncline::engine {

struct Folder;

/// Thread-safe. Outlives every view that it hands out. Members throw SystemError and SqliteError.
class ToldNames {
 public:
  using View = std::shared_ptr<const filesystem::OpenFolder>;

  /// Numbers of their own for folders that have none yet begin here. Whatever numbers a file system
  /// gives: it has 2^64 of them, and those made here are few.
  static constexpr std::uint64_t first_made = std::uint64_t{1} << 63U;

  ToldNames() = default;
  ToldNames(const ToldNames&) = delete;
  ToldNames& operator=(const ToldNames&) = delete;

  // Before anything else.

  /// The root, which is there.
  View see(View root);
  /// The root, which would be made.
  View see(const Entry& root_to_be);

  /// `folder` would be made in one of that device.
  void make(Folder& folder, std::uint64_t device);
  [[nodiscard]] bool has_made(FileId folder) const { return folder.inode - first_made < made_; }
  /// One that would be.
  [[nodiscard]] View made(const Folder& folder) const;

  /// What is `name` in `from` would be `to` in `into`, and if it `exchanges` the other way round.
  void move(const filesystem::OpenFolder& from, const std::string& name,
            const filesystem::OpenFolder& into, const std::string& to, bool exchanges);
  /// There would be nothing of that name.
  void remove(const filesystem::OpenFolder& from, const std::string& name);

 private:
  class Seen;

  /// An entry where it is.
  struct Place {
    View folder;
    std::string name;
  };
  Place open(const std::string& path) const;

  std::atomic<std::uint64_t> made_{0};

  mutable index::ToldPlaces places_;
  View root_;  ///< nullptr: it would be made

  mutable std::mutex mutex_;  // for all that follows
  mutable std::string last_path_;
  mutable View last_opened_;  ///< that one: most are near
};

}  // namespace syncline::engine
