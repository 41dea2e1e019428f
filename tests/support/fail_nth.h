// A kernel in which one system call fails.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/syscalls.h"

#include <atomic>
#include <optional>

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

}  // namespace syncline::test
