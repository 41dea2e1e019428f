// The command line, made one plain value.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/options.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace syncline::cli {

enum class ProgressMode : std::uint8_t {
  automatic,  ///< live on a terminal that shows nothing else than this run
  live,       ///< so too, else in lines
  lines,      ///< one every few seconds
  none,
};

struct Arguments {
  Options options;
  std::string log;  ///< path; "-": standard output; "": none was named
  std::optional<std::chrono::nanoseconds> interval;  ///< set: a loop
  bool verbose = false;
  bool quiet = false;
  ProgressMode progress = ProgressMode::automatic;
  std::string answer;  ///< not empty: to be printed, and nothing else to be done
};

/// Touches nothing. Throws Unusable (Status::usage) with one line that names what is wrong.
Arguments parse(int argc, const char* const* argv);

}  // namespace syncline::cli
