// What two options together cannot mean.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments/command_line.h"

namespace syncline::cli {

/// Throws Unusable (Status::usage) that names both options.
void refuse_contradictions(const CommandLine& line, bool is_loop);

}  // namespace syncline::cli
