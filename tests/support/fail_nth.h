// A kernel in which one system call fails, and a pass under it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/syscalls.h"

#include "syncline/mirror.h"
#include "syncline/progress.h"

#include <atomic>
#include <optional>
#include <string>
#include <vector>

namespace syncline::test {

/// Fails one call, counted over all kinds, and only that one.
class FailNth : public filesystem::syscalls::Hook {
 public:
  /// `probe`: of the pass that it is for.
  FailNth(int number, int error, const ProgressProbe& probe)
      : left_(number), error_(error), probe_(probe) {
    filesystem::syscalls::install(this);
  }
  FailNth(const FailNth&) = delete;
  FailNth& operator=(const FailNth&) = delete;
  ~FailNth() override { filesystem::syscalls::install(nullptr); }

  int before(filesystem::syscalls::Call call) override {
    if (left_.fetch_sub(1) != 1) return 0;
    failed_ = call;
    const auto progress = probe_.sample();
    was_under_way_ = progress && progress->stage != Stage::opening;
    return error_;
  }

  /// What failed; nothing if there were fewer calls. Once the pass is over.
  [[nodiscard]] std::optional<filesystem::syscalls::Call> failed() const { return failed_; }
  /// Roots and index were open by then.
  [[nodiscard]] bool was_under_way() const { return was_under_way_; }

 private:
  std::atomic<int> left_;
  const int error_;
  const ProgressProbe& probe_;
  bool was_under_way_ = false;
  std::optional<filesystem::syscalls::Call> failed_;
};

struct FaultyPass {
  int number = 0;
  std::optional<filesystem::syscalls::Call> failed;  ///< none: there were fewer calls
  std::optional<Status> status;                      ///< none: it was refused, or given up
  std::vector<Action> actions;
  std::vector<Failure> failures;
  /// What the pass was ended for, once its roots and its index were open; empty: it was not.
  std::string given_up;

  /// "call 7 failed, of kind 3", and what the pass told of that.
  [[nodiscard]] std::string words() const;
};

/// A pass whose `number`th system call fails with `error`.
FaultyPass run_with_fault(const Options& options, int number, int error);

}  // namespace syncline::test
