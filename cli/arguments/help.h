// What --help and --version print.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/digest.h"

#include <string>

namespace syncline::cli {

std::string help_text();
std::string version_text();
/// With what computes digests on this processor.
std::string detailed_version_text(DigestBackend backend);

}  // namespace syncline::cli
