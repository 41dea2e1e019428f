// What --help and --version print.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace syncline::cli {

std::string help_text();
std::string version_text();

}  // namespace syncline::cli
