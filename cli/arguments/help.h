// What --help and --version print.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/digest.h"

#include <string>

namespace syncline::cli {

/// Of mirroring, with all verbs: two screens.
std::string help_text();
/// One screen.
std::string explain_help_text();
/// Likewise.
std::string undo_help_text();
std::string plan_help_text();
std::string apply_help_text();
std::string version_text();
/// With what computes digests on this processor.
std::string detailed_version_text(DigestBackend backend);

}  // namespace syncline::cli
