// Which file may be a log.
//
// The log's path comes from a command line, often root's, and is written to for years. So it is
// never anything but a plain file of our own: a symlink or a hard link may lead elsewhere, a file
// with other content is somebody's data, and one inside a root would be mirrored away or copied
// while it grows. All of that is found out before a byte is written, and a path that is refused
// leaves nothing behind.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "outlets/descriptor.h"

#include "syncline/options.h"

#include <string>

namespace syncline::cli {

struct LogPlace {
  std::string path;
  std::string source;  ///< the roots that it must not lie in; the destination need not exist yet
  std::string destination;
};

/// Opened for appending, created where it is missing. Throws Unusable (Status::files_unusable).
Descriptor open_log(const LogPlace& place);

}  // namespace syncline::cli
