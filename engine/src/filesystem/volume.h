// Which volume a folder is on, where its file system's inode numbers tell nothing: two camera cards
// of one size are alike in all that statfs(2) says.
//
// Sources: FAT_IOCTL_GET_VOLUME_ID in the kernel's <linux/msdos_fs.h>; /dev/disk/by-uuid, which
// udev(7) keeps, for exFAT and NTFS.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"

#include <cstdint>
#include <string>

namespace syncline::filesystem {

/// Its serial number; empty where that is not known, or where lasting_id() needs no help. Never
/// fails.
std::string volume_of(const Directory& folder);

/// The name in `links`, a folder of links to block devices, of the one that is `device`; empty
/// where there is none.
std::string name_of_device(const std::string& links, std::uint64_t device);

}  // namespace syncline::filesystem
