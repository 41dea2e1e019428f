// A file's content, read in one piece.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "outlets/descriptor.h"

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

namespace syncline::cli {

/// Of more than `most` bytes so many, and at least one more, that it shows. Throws
/// std::system_error, also where `file` is not open, errno telling why.
std::string read_whole(const Descriptor& file,
                       std::size_t most = std::numeric_limits<std::size_t>::max());

/// `content` without what editors of other systems put before UTF-8.
std::string_view after_byte_order_mark(std::string_view content);

}  // namespace syncline::cli
