// What a run tells, and where to, as the command line says it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments/command.h"
#include "arguments/command_line.h"

#include <string>

namespace syncline::cli {

/// Sets what of `mirror` concerns the terminal and standard output. Throws Unusable
/// (Status::usage).
void set_telling(const CommandLine& line, Mirror& mirror);

/// Likewise what concerns the log, once it is known whether there is one.
void set_log_detail(const CommandLine& line, Mirror& mirror);

/// Likewise what of its options says which events there are; the rest of it is set.
void set_events(const CommandLine& line, Mirror& mirror);

}  // namespace syncline::cli
