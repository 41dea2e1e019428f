// The command line, made one plain value.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/options.h"

#include <chrono>
#include <optional>
#include <string>

namespace syncline::cli {

struct Arguments {
  Options options;
  std::string log;  ///< path; "-": standard output; "": none was named
  std::optional<std::chrono::nanoseconds> interval;  ///< set: a loop
  bool verbose = false;
  bool quiet = false;
  std::string answer;  ///< not empty: to be printed, and nothing else to be done
};

/// Changes nothing; reads the lists that are named. Throws Unusable with one line that names what
/// is wrong: Status::usage, or Status::files_unusable for such a list.
Arguments parse(int argc, const char* const* argv);

}  // namespace syncline::cli
