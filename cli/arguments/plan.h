// What "plan" is to do, as the command line says it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments/command.h"
#include "arguments/command_line.h"

#include <string>
#include <vector>

namespace syncline::cli {

/// It is to show a plan or to cut one: SRC and DST are not asked for.
bool is_about_a_plan(const CommandLine& line);

/// `positions`: SRC and DST, or beside --only and --without FILE. Throws Unusable (Status::usage).
Plan plan_of(const CommandLine& line, const std::vector<std::string>& positions);

}  // namespace syncline::cli
