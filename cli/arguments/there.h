// What is there under a path that was typed.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace syncline::cli {

/// Both follow symlinks; what cannot be looked at is not there.
bool exists(const std::string& path);
bool is_folder(const std::string& path);

}  // namespace syncline::cli
