// The command line, with what completes it, made one plain value.
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

/// `environment` as in environ(7). Reads the file that --config names and touches nothing. Throws
/// Unusable (Status::usage) with one line that names what is wrong.
Arguments parse(int argc, const char* const* argv, const char* const* environment);

}  // namespace syncline::cli
