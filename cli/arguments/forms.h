// The positions of a command line that mirrors: SRC DST, or LOG SRC DST INTERVAL; and every
// sentence about positions that are neither.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments/command_line.h"

#include <string>
#include <vector>

namespace syncline::cli {

/// Whether `positions` are one of the forms, and what is there is what its words stand for: SRC a
/// folder, DST one or nothing yet, LOG no folder.
bool is_whole_mirror(const std::vector<std::string>& positions);

/// `positions`, of which there are then as many as one of the forms has. Throws Unusable
/// (Status::usage) where there are not, or an option of `line` is unknown.
std::vector<std::string> checked_form(const CommandLine& line, std::vector<std::string> positions);

/// Throws Unusable (Status::usage) that names the first option which is unknown, if there is one.
void refuse_strangers(const CommandLine& line, const std::vector<std::string>& positions);

/// "--exclude took 'photos' as its pattern": the option that most likely took the very position
/// which is missing; empty if none did.
std::string swallowed(const CommandLine& line);

}  // namespace syncline::cli
