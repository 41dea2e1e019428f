// A path that a person named, opened: a root, a folder for backups, the folder of an index, a list.
//
// Whoever may write to a folder on the way may put a symlink there, and send a privileged run
// wherever he likes: what was to be written below /home/u/backup comes to lie in /etc. So a symlink
// is followed only if root or this user owns it, wherever in the path it stands (rsync 3.5 has the
// same rule). Each is opened itself and looked at before it is read, so that nobody can exchange it
// in between.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/descriptor.h"

#include <sys/types.h>

#include <string>

namespace syncline::filesystem {

/// As open(2), and closed on exec. Throws SystemError; for another user's symlink too, whose code's
/// message says so.
Descriptor open_named(const std::string& path, int flags, mode_t mode = 0);

}  // namespace syncline::filesystem
