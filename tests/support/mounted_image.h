// A file system of a kind of its own, for what the usual one cannot show: another kind's habits, a
// full disk, reflinks, mount options.
//
// It lives in a sparse file that is loop-mounted, in memory where possible.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "support/temporary_folder.h"

#include <cstdint>
#include <string>
#include <vector>

namespace syncline::test {

/// Mounted while it lives. Only root may do that, and not in every sandbox: a test asks whether it
/// is done, and skips with why it is not.
class MountedImage {
 public:
  /// `kind` as mount names it: "xfs" (which takes no less than 300 MiB), "ext4", "btrfs", "tmpfs".
  MountedImage(std::string kind, std::uint64_t bytes,
               const std::vector<std::string>& mkfs_options = {}, std::string mount_options = {});
  /// Its image a file in `place`, which may be on another one.
  MountedImage(std::string kind, std::uint64_t bytes, const TemporaryFolder& place);
  MountedImage(const MountedImage&) = delete;
  MountedImage& operator=(const MountedImage&) = delete;
  ~MountedImage();

  [[nodiscard]] bool done() const { return why_.empty(); }
  [[nodiscard]] const std::string& why() const { return why_; }
  /// Its root. On ext4 there is a lost+found in it.
  [[nodiscard]] const std::string& path() const { return path_; }

  /// Away and back, so that nothing is there but what the disk holds. Throws where something in it
  /// is still open. Not for tmpfs, which would forget all.
  void remount() const;
  /// The two halves of that.
  void unmount() const;
  void mount_again() const;

 private:
  void make(std::uint64_t bytes, const std::vector<std::string>& mkfs_options);
  /// Empty, or why it cannot be.
  [[nodiscard]] std::string mount() const;

  const TemporaryFolder home_;
  const std::string image_ = home_ / "image";
  const std::string path_ = home_ / "mounted";
  const std::string kind_;
  std::string options_;
  std::string why_;
};

}  // namespace syncline::test
