// What one pass is to do, as the command line says it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments/command_line.h"

#include "syncline/options.h"

#include <string>

namespace syncline::cli {

/// All but what concerns the telling. Reads the lists that are named. Throws Unusable as parse()
/// does.
Options pass_options(const CommandLine& line, const std::string& source,
                     const std::string& destination);

/// What "apply" takes of it: the plan says all else.
Options apply_options(const CommandLine& line);

/// `text`, or std::invalid_argument.
std::string non_empty(const std::string& text);

/// `path`, or a refusal that calls it `what` where it is empty or another machine's.
std::string local_root(const char* what, const std::string& path);

}  // namespace syncline::cli
