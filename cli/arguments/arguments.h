// The command line, with what completes it, made one plain value.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "tell/log_observer.h"
#include "tell/out_format.h"

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
  LogDetail log_detail = LogDetail::all;
  std::optional<std::chrono::nanoseconds> interval;  ///< set: a loop
  bool verbose = false;
  bool quiet = false;
  std::optional<OutFormat> out_format;  ///< set: how actions are printed
  bool stats = false;
  bool tells_differences = false;  ///< by the exit status
  unsigned human_readable = 0;     ///< how many times that is asked for
  bool json = false;               ///< events as JSON, and nothing else, on standard output
  ProgressMode progress = ProgressMode::automatic;
  std::optional<std::string> why;  ///< set: that entry is explained, and nothing else done
  std::string answer;              ///< not empty: to be printed, and nothing else to be done
};

/// `environment` as in environ(7). Changes nothing; reads the file that --config names, and the
/// lists that are named. Throws Unusable with one line that names what is wrong: Status::usage, or
/// Status::files_unusable for such a list.
Arguments parse(int argc, const char* const* argv, const char* const* environment);

}  // namespace syncline::cli
