// The scene of the command line's tests: two roots, a log beside them, and the program to run on
// them.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "support/process.h"
#include "support/temporary_folder.h"
#include "support/watch.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::test {

inline void write(const std::string& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

inline std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// All paths below `folder`.
inline std::set<std::string> paths_in(const std::string& folder) {
  std::set<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    paths.insert(entry.path().string());
  }
  return paths;
}

inline testing::AssertionResult is_log(const std::string& text) {
  static const std::regex shape(
      R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d (info|warning|error) [ -~]+)");
  for (const std::string& line : lines_of(text)) {
    if (!std::regex_match(line, shape))
      return testing::AssertionFailure() << "not a log line: " << line;
  }
  return testing::AssertionSuccess();
}

class Cli : public testing::Test {
 protected:
  Cli() {
    std::filesystem::create_directory(source);
    std::filesystem::create_directory(logs);
    ::setenv("STATE_DIRECTORY", state.path().c_str(), 1);
  }

  [[nodiscard]] static std::vector<std::string> command(const std::vector<std::string>& arguments) {
    std::vector<std::string> words{SYNCLINE_BINARY};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
  }
  [[nodiscard]] static Exit syncline(const std::vector<std::string>& arguments) {
    return run(command(arguments));
  }
  /// With a shell's help: `prelude` is run before the program takes the shell's place; "$@" is it
  /// and its arguments.
  [[nodiscard]] static std::vector<std::string> shell(const std::string& script,
                                                      const std::vector<std::string>& arguments) {
    std::vector<std::string> words{"/bin/sh", "-c", script, "sh"};
    const std::vector<std::string> program = command(arguments);
    words.insert(words.end(), program.begin(), program.end());
    return words;
  }

  [[nodiscard]] std::vector<std::string> loop(const std::string& interval) const {
    return command({log, source, destination, interval});
  }
  [[nodiscard]] bool logged(std::string_view text) const {
    return read(log).find(text) != std::string::npos;
  }

  const TemporaryFolder state;  ///< where the programs that are run keep their indexes
  const TemporaryFolder home;
  const std::string source = home / "source";
  const std::string destination = home / "destination";
  const std::string logs = home / "logs";
  const std::string log = home / "logs/log";
};

/// One line, and not an empty one.
inline testing::AssertionResult is_one_line(const std::string& text) {
  const bool one = lines_of(text).size() == 1 && text.size() > 1 && text.back() == '\n';
  return one ? testing::AssertionSuccess()
             : testing::AssertionFailure() << "not one line: " << text;
}

}  // namespace syncline::test
