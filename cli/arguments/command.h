// What was asked for, as plain values: one of these is what the program does.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "tell/log_observer.h"
#include "tell/out_format.h"

#include "syncline/options.h"
#include "syncline/plan.h"
#include "syncline/undo.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace syncline::cli {

/// A text to be printed, and nothing else to be done.
struct Answer {
  std::string text;
};

/// One entry to be explained.
struct Explain {
  Options options;
  std::string path;  ///< relative to the roots
};

enum class ProgressMode : std::uint8_t {
  automatic,  ///< live on a terminal that shows nothing else than this run
  live,       ///< so too, else in lines
  lines,      ///< one every few seconds
  none,
};

/// One pass, or one after the other.
struct Mirror {
  const char* verb = "mirror";  ///< in whose place it is
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
};

/// Something with passes that are kept.
struct TakeBack {
  struct Release {
    UndoPlace place;
  };
  struct ListPasses {
    UndoPlace place;
  };
  struct ListVersions {
    UndoPlace place;
    std::string path;  ///< below the destination
  };
  std::variant<UndoOptions, BringBack, Release, ListPasses, ListVersions> what;
  bool verbose = false;
  bool quiet = false;
  bool json = false;
};

/// A plan to be made, or one that is there.
struct Plan {
  struct Show {
    std::string file;
  };
  struct Cut {
    std::string from;
    std::string to;
    PlanCut cut;
  };
  std::variant<PlanOptions, Show, Cut> what;
  bool verbose = false;
  bool quiet = false;
  bool json = false;  ///< the lines of the plan, and nothing else, on standard output
};

/// A plan to be applied.
struct Apply {
  std::string file;
  bool all_or_nothing = false;
  bool without_undo = false;
  /// How, and how it is told. The roots are the plan's.
  Mirror how;
};

using Command = std::variant<Answer, Explain, TakeBack, Plan, Apply, Mirror>;

}  // namespace syncline::cli
