// The command line completed by the environment and by a file of settings.
//
// What stands there becomes words of one command line, which is then read as if a person had typed
// it all. So a setting needs no code of its own: each option can be set, and means the same
// wherever it was. The command line goes before the environment, and that before the file: an
// option that one of them names, the next one has no say in.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments/command_line.h"
#include "arguments/setting.h"

#include <string>
#include <string_view>
#include <vector>

namespace syncline::cli {

struct Completed {
  std::vector<std::string> words;  ///< of a command line, after the program's name
  std::vector<Setting> settings;   ///< those that were made words, keys as messages call them:
                                   ///< "--threads", SRC, DST

  /// "FILE, line 3: " where `complaint` names an option that line 3 gave; empty where it is about
  /// the command line alone.
  [[nodiscard]] std::string origins(std::string_view complaint) const;
};

/// `line` is what came of `words`, `environment` as in environ(7). Reads the file that --config or
/// SYNCLINE_CONFIG names, if any. Throws Unusable (Status::usage).
Completed complete(const CommandLine& line, const std::vector<std::string>& words,
                   const char* const* environment);

}  // namespace syncline::cli
