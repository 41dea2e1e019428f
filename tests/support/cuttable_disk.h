// A disk whose power can be cut: what was not flushed is gone, and what is being done to it fails.
//
// Its file system is made to stop without writing its log, as it would on a machine that lost its
// power; mounting it again replays what the log had. With a write cache, the disk is a file on
// another file system, which is stopped instead: so every kind can be tried, and of what the inner
// one wrote only that is sure to be there for whose arrival it waited.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "support/mounted_image.h"

#include <iosfwd>
#include <optional>
#include <string>

namespace syncline::test {

struct KindOfDisk {
  const char* file_system;
  bool has_write_cache;
};

/// As GoogleTest shows it.
void PrintTo(const KindOfDisk& kind, std::ostream* out);

class CuttableDisk {
 public:
  explicit CuttableDisk(const KindOfDisk& kind);

  [[nodiscard]] bool done() const { return why().empty(); }
  [[nodiscard]] const std::string& why() const;
  [[nodiscard]] const std::string& path() const { return inner().path(); }

  void cut_power() const;
  /// Mounted again. Nothing may be open there.
  void bring_back() const;

 private:
  [[nodiscard]] const MountedImage& inner() const { return inner_ ? *inner_ : outer_; }

  const MountedImage outer_;
  std::optional<TemporaryFolder> place_;
  std::optional<MountedImage> inner_;
};

/// Stops the ext4 or xfs that is mounted at `path`, its log unwritten.
void shut_down(const std::string& path);

}  // namespace syncline::test
