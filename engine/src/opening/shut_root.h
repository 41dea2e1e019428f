// A destination whose mode keeps even its owner from listing it, as 0300 does: the source has it
// so. Like the folders in it, it is opened up for a pass, and closed again (replica/touch.h).
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace syncline {

class ShutRoot {
 public:
  /// nullopt where the folder at `path` is not one that this user may not list and could. Throws
  /// SystemError.
  static std::optional<ShutRoot> open_up(const std::string& path);

  ShutRoot(ShutRoot&& other) noexcept
      : folder_(std::move(other.folder_)), mode_(std::exchange(other.mode_, std::nullopt)) {}
  ShutRoot& operator=(ShutRoot&&) = delete;
  /// Gives it its mode back, unless that was left to somebody else.
  ~ShutRoot();

  [[nodiscard]] const filesystem::Directory& folder() const { return folder_; }
  /// The mode that it had: from here on the caller's to give back.
  std::uint32_t hand_over() { return *std::exchange(mode_, std::nullopt); }

 private:
  ShutRoot(filesystem::Directory folder, std::uint32_t mode)
      : folder_(std::move(folder)), mode_(mode) {}

  filesystem::Directory folder_;
  std::optional<std::uint32_t> mode_;
};

}  // namespace syncline
