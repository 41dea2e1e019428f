// SPDX-License-Identifier: MIT
#include "support/cuttable_disk.h"

#include "support/descriptor.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdint>
#include <ostream>

namespace syncline::test {
namespace {

constexpr std::uint64_t bytes = 320'000'000;  // xfs takes no less
constexpr std::uint64_t outer_bytes = 2 * bytes;

// EXT4_IOC_SHUTDOWN and EXT4_GOING_FLAGS_NOLOGFLUSH of the kernel's include/uapi/linux/ext4.h,
// XFS_IOC_GOINGDOWN and XFS_FSOP_GOING_FLAGS_NOLOGFLUSH of its fs/xfs/libxfs/xfs_fs.h: the same
// numbers. Older systems' headers have neither.
constexpr unsigned long stop_file_system = _IOR('X', 125, std::uint32_t);
constexpr std::uint32_t without_writing_the_log = 2;

}  // namespace

void PrintTo(const KindOfDisk& kind, std::ostream* out) {
  *out << kind.file_system << (kind.has_write_cache ? " with a write cache" : "");
}

void shut_down(const std::string& path) {
  const Descriptor root(checked(::open(path.c_str(), O_RDONLY | O_CLOEXEC), "open " + path));
  std::uint32_t how = without_writing_the_log;
  checked(::ioctl(root.get(), stop_file_system, &how), "shut down " + path);
}

CuttableDisk::CuttableDisk(const KindOfDisk& kind)
    : outer_(kind.has_write_cache ? "ext4" : kind.file_system,
             kind.has_write_cache ? outer_bytes : bytes) {
  if (!kind.has_write_cache || !outer_.done()) return;
  place_.emplace(outer_.path());
  inner_.emplace(kind.file_system, bytes, *place_);
  // The inner one's image and place are not what is to be lost.
  const Descriptor root(checked(::open(outer_.path().c_str(), O_RDONLY | O_CLOEXEC), "open"));
  checked(::syncfs(root.get()), "syncfs");
}

const std::string& CuttableDisk::why() const {
  return outer_.done() ? inner().why() : outer_.why();
}

void CuttableDisk::cut_power() const {
  shut_down(outer_.path());
}

void CuttableDisk::bring_back() const {
  if (inner_) inner_->unmount();
  outer_.remount();
  if (inner_) inner_->mount_again();
}

}  // namespace syncline::test
