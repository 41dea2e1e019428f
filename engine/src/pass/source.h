// The side that is only read.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/storage.h"
#include "pass/file_systems.h"
#include "pass/handles.h"

#include <cstdint>
#include <map>
#include <mutex>

namespace syncline::engine {

/// Thread-safe.
class Source {
 public:
  explicit Source(Handles& handles) : handles_(handles) {}

  FileSystems file_systems;

  /// How files in `folder` are best read.
  filesystem::Access access(Folder& folder);

 private:
  Handles& handles_;
  std::mutex mutex_;
  std::map<std::uint64_t, filesystem::Access> access_;  ///< by device
};

}  // namespace syncline::engine
