// What "undo" is to do, as the command line says it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments/command.h"
#include "arguments/command_line.h"

#include <string>
#include <vector>

namespace syncline::cli {

/// `positions`: DST, and perhaps PASS or, beside --list, PATH. Throws Unusable (Status::usage).
TakeBack take_back_of(const CommandLine& line, const std::vector<std::string>& positions);

}  // namespace syncline::cli
