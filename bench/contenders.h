// Who is timed: Syncline with several numbers of workers, the tools that people use instead where
// they are installed, and the bare system calls.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace syncline::bench {

struct Contender {
  using Mirror = std::function<void(const std::filesystem::path& source,
                                    const std::filesystem::path& destination)>;

  std::string name;
  /// Makes one the mirror of the other. Throws where that fails.
  Mirror mirror;
};

/// Who can copy into an empty place, the bare loop first.
std::vector<Contender> copiers();
/// Who can bring a mirror up to date.
std::vector<Contender> updaters();
/// Who can look whether there is anything to do, the bare walk first.
std::vector<Contender> checkers();

/// Who can read both sides of every file again, the bare loop first.
std::vector<Contender> rereaders();

/// Where a contender that remembers keeps its index of `copy`.
std::string index_beside(const std::filesystem::path& copy);

/// Processor time of this process, its threads and its finished children, in seconds.
double cpu_seconds();

}  // namespace syncline::bench
