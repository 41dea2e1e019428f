// A file's content, read in one piece.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "descriptor.h"

#include <cstddef>
#include <limits>
#include <string>

namespace syncline::cli {

/// Of more than `most` bytes so many, and at least one more, that it shows. Throws
/// std::system_error, also where `file` is not open, errno telling why.
std::string read_whole(const Descriptor& file,
                       std::size_t most = std::numeric_limits<std::size_t>::max());

}  // namespace syncline::cli
