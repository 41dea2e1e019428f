// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/file.h"

namespace syncline::filesystem {

/// A file without a name in the place that ScratchFolder has, gone once it is closed. Throws
/// SystemError.
File make_scratch_file();

}  // namespace syncline::filesystem
