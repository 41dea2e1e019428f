// Reading small files: their bytes into their group's buffer. Where the destination's bytes decide,
// they are compared here. And they are tagged here: until their MD5 is taken, those of many others
// have been read.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "pass/pass.h"

namespace syncline::engine {

/// Reads every file of `group`, whose buffer is set; each ends up loaded, equal, changed, failed or
/// dropped.
void read_group(FileGroup& group);

}  // namespace syncline::engine
