// Numbers of steps by other numbers, on disk: there may be as many as a tree has folders.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/file.h"
#include "filesystem/scratch_folder.h"

#include <cstdint>
#include <utility>

namespace syncline::planning {

/// For one thread. Throws SystemError.
class StepNumbers {
 public:
  StepNumbers();

  void note(std::uint64_t key, std::uint64_t number);
  /// 0: none was noted.
  [[nodiscard]] std::uint64_t of(std::uint64_t key) const;

 private:
  filesystem::ScratchFolder folder_;
  filesystem::File file_;
  mutable std::pair<std::uint64_t, std::uint64_t> last_{0, 0};  ///< most ask for one many times
};

}  // namespace syncline::planning
