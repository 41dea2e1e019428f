// A lock that is a file of its own, in a folder that only this user can write to.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/descriptor.h"
#include "filesystem/directory.h"
#include "filesystem/flock.h"

#include <optional>
#include <string>
#include <utility>

namespace syncline::filesystem {

/// Held while it lives. Every function throws SystemError.
class FileLock {
 public:
  /// Makes the file `name` in `folder` where it is missing. nullopt where another process holds it.
  static std::optional<FileLock> try_lock(const Directory& folder, const std::string& name,
                                          LockMode mode = LockMode::exclusive);
  /// Makes nothing, and needs no right to write: where there is no such file nobody holds it, nor
  /// does what is returned.
  static std::optional<FileLock> try_lock_existing(const Directory& folder, const std::string& name,
                                                   LockMode mode);

  /// "process 1234, running since 2026-01-02 03:04:05 +0000" for who keeps us from it; nullopt
  /// where nobody does, or that cannot be told.
  static std::optional<std::string> holder(const Directory& folder, const std::string& name,
                                           LockMode mode);

  /// False where the file system cannot lock: then it keeps nobody out.
  [[nodiscard]] bool is_effective() const { return is_effective_; }
  [[nodiscard]] FileId id() const;
  /// Lets go of it, and takes the file away unless others share it. Never fails.
  void remove(const Directory& folder, const std::string& name) &&;

 private:
  FileLock() = default;
  FileLock(Descriptor held, bool is_effective)
      : held_(std::move(held)), is_effective_(is_effective) {}
  static std::optional<FileLock> try_lock(const Directory& folder, const std::string& name,
                                          LockMode mode, int flags);
  Descriptor held_;
  bool is_effective_ = true;
};

}  // namespace syncline::filesystem
