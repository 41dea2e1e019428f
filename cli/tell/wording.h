// Events as text, the same wherever they are shown. All of it is escaped: an event is one line.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"

#include <string>

namespace syncline::cli {

/// `create file "a/b" (new; 1234 bytes; md5 900150983cd24fb0d6963f7d28e17f72)`, or "would create
/// ..." in a dry run.
std::string describe(const Action& action, bool dry_run);

/// `read file "a/b" (ctime changed: same; md5 900150983cd24fb0d6963f7d28e17f72)`
std::string describe(const Proof& proof);

}  // namespace syncline::cli
