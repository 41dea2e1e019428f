// SPDX-License-Identifier: MIT
#include "filesystem/volume.h"

#include "filesystem/file_system_type.h"
#include "filesystem/system_error.h"

#include <linux/msdos_fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

namespace syncline::filesystem {

std::string name_of_device(const std::string& links, std::uint64_t device) {
  try {
    const Listing names = Directory::open_root(links).list();
    for (std::size_t i = 0; i < names.size(); ++i) {
      struct stat status {};
      const std::string path = links + '/' + std::string{names[i]};
      if (::stat(path.c_str(), &status) == 0 && S_ISBLK(status.st_mode) && status.st_rdev == device)
        return std::string{names[i]};
    }
  } catch (const SystemError&) {
    return {};  // there is no udev here
  }
  return {};
}

std::string volume_of(const Directory& folder) {
  if (!is_weak(folder.descriptor())) return {};
  std::uint32_t number = 0;
  if (::ioctl(folder.descriptor(), FAT_IOCTL_GET_VOLUME_ID, &number) == 0 && number != 0)
    return "fat " + std::to_string(number);
  return name_of_device("/dev/disk/by-uuid", folder.look().identity.id.device);
}

}  // namespace syncline::filesystem
