// What could not be kept of the source, counted by kind: said once a kind, not once an entry.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/folder.h"

#include "syncline/mirror.h"

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace syncline::engine {

/// Thread-safe.
class UnkeptCounts {
 public:
  void add(Aspect aspect, const Folder& folder, const std::string& name);
  /// Those that occurred.
  [[nodiscard]] std::vector<Unkept> all() const;

 private:
  mutable std::mutex mutex_;
  std::array<Unkept, aspects> counts_{};
};

}  // namespace syncline::engine
