// A kernel in which one system call fails, and a pass under it.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/syscalls.h"

#include "syncline/mirror.h"

#include <atomic>
#include <optional>
#include <string>
#include <vector>

namespace syncline::test {

/// Fails one call, counted over all kinds, and only that one.
class FailNth : public filesystem::syscalls::Hook {
 public:
  FailNth(int number, int error) : left_(number), error_(error) {
    filesystem::syscalls::install(this);
  }
  FailNth(const FailNth&) = delete;
  FailNth& operator=(const FailNth&) = delete;
  ~FailNth() override { filesystem::syscalls::install(nullptr); }

  int before(filesystem::syscalls::Call call) override {
    if (left_.fetch_sub(1) != 1) return 0;
    failed_ = call;
    return error_;
  }

  /// What failed; nothing if there were fewer calls. Once the pass is over.
  [[nodiscard]] std::optional<filesystem::syscalls::Call> failed() const { return failed_; }

 private:
  std::atomic<int> left_;
  const int error_;
  std::optional<filesystem::syscalls::Call> failed_;
};

struct FaultyPass {
  int number = 0;
  std::optional<filesystem::syscalls::Call> failed;  ///< none: there were fewer calls
  std::optional<Status> status;                      ///< none: it was refused, or given up
  std::vector<Action> actions;

  /// "call 7 failed, of kind 3".
  [[nodiscard]] std::string words() const;
};

/// A pass whose `number`th system call fails with `error`.
FaultyPass run_with_fault(const Options& options, int number, int error);

}  // namespace syncline::test
