// The command line completed by the environment and by a file of settings.
//
// Options that stand there become words of one command line, which is then read as if a person had
// typed it all. So a setting needs no code of its own: each option can be set, and means the same
// wherever it was. The command line goes before the environment, and that before the file: an
// option that one of them names, the next one has no say in.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments/command_line.h"
#include "arguments/setting.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::cli {

class Settings {
 public:
  /// Those of `line` and `environment` (environ(7)). Reads the file that --config or
  /// SYNCLINE_CONFIG names, if any. `leaves_roots`: whether SRC and DST are for the settings to
  /// say. Throws Unusable (Status::usage). Refers to `line` as long as it lives.
  Settings(const CommandLine& line, const char* const* environment, bool leaves_roots);

  /// SRC and DST, as far as settings name them and may.
  [[nodiscard]] const std::vector<std::string>& roots() const { return roots_; }

  /// The words of a command line that says what `words` do, and before it which options are set.
  [[nodiscard]] std::vector<std::string> before(const std::vector<std::string>& words) const;

  /// "FILE, line 3: " where `complaint` names an option that line 3 gave; empty where it is about
  /// the command line alone.
  [[nodiscard]] std::string origins(std::string_view complaint) const;

 private:
  /// The next in rank.
  void add(const std::vector<Setting>& settings);
  [[nodiscard]] std::optional<std::string> only(std::string_view position) const;

  const CommandLine& line_;
  std::set<std::string> closed_;   ///< what those of a higher rank have said
  std::vector<Setting> settings_;  ///< keys as messages call them: "--threads", SRC, DST
  std::vector<std::string> roots_;
};

}  // namespace syncline::cli
