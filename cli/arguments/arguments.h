// The command line, with what completes it, made one plain value.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments/command.h"

namespace syncline::cli {

/// `environment` as in environ(7). Changes nothing; reads the file that --config names, and the
/// lists that are named. Throws Unusable with one line that names what is wrong: Status::usage, or
/// Status::files_unusable for such a list.
Command parse(int argc, const char* const* argv, const char* const* environment);

}  // namespace syncline::cli
