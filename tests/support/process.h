// A program run as a user would run it: its output, its exit status, signals to it. Every wait has
// a deadline, and a process that is still there at the end of a test is killed.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "support/sanitizers.h"

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace syncline::test {

struct Exit {
  int status = -1;  ///< as the shell counts: 128 + n after signal n
  std::string out;
  std::string err;
  long peak_kib = 0;  ///< of memory in use
};

class Process {
 public:
  /// arguments[0] is the program's path. Standard input is /dev/null, standard output and error are
  /// collected.
  explicit Process(const std::vector<std::string>& arguments);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  void signal(int number) const;

  /// Nothing where it is still running after `limit`.
  std::optional<Exit> wait(std::chrono::milliseconds limit);

 private:
  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  int handle_ = -1;  ///< a pidfd: readable once the process has ended
  bool reaped_ = false;
  Exit exit_;
};

/// What no run takes that does not hang. On a busy machine the thread sanitizer makes more than a
/// minute of ten seconds.
constexpr std::chrono::minutes longest_run{is_sanitized ? 8 : 1};

/// Runs it to its end. A test fails where that takes the longest run's time.
Exit run(const std::vector<std::string>& arguments);

}  // namespace syncline::test
