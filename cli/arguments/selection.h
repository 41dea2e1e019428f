// Which entries take part, as the command line says it: filter rules in the order they were given
// in, and lists read from files.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments/command_line.h"

#include "syncline/options.h"

namespace syncline::cli {

/// Sets what of `options` says which entries take part. Reads the files that are named, each once;
/// "-" is standard input. Throws Unusable: Status::usage for what is wrong with a rule or an
/// option, Status::files_unusable for a file that cannot be read.
void set_selection(const CommandLine& line, Options& options);

}  // namespace syncline::cli
