// A folder for what is needed until the end of a run and no longer, in the system's place for that
// ($TMPDIR, else /var/tmp, else /tmp), for this user alone.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace syncline::filesystem {

/// Gone with all that is in it when it is destroyed.
class ScratchFolder {
 public:
  /// Throws SystemError.
  ScratchFolder();
  ScratchFolder(ScratchFolder&& other) noexcept;
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ~ScratchFolder();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;  ///< empty: moved from
};

}  // namespace syncline::filesystem
