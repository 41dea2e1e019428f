// Something that happens at a moment of a pass which is told by its system calls.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/syscalls.h"

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace syncline::test {

/// Does something once, right before the so manieth call of a pass, or of one kind, on the thread
/// that makes it. That call then fails with `error`, where there is one.
class Interference : public filesystem::syscalls::Hook {
 public:
  using Call = filesystem::syscalls::Call;

  Interference(int number, std::function<void()> deed, std::optional<Call> kind = {}, int error = 0)
      : left_(number), deed_(std::move(deed)), kind_(kind), error_(error) {
    filesystem::syscalls::install(this);
  }
  Interference(const Interference&) = delete;
  Interference& operator=(const Interference&) = delete;
  ~Interference() override { filesystem::syscalls::install(nullptr); }

  int before(Call call) override {
    if (kind_ && call != *kind_) return 0;
    if (left_.fetch_sub(1) != 1) return 0;
    deed_();
    return error_;
  }
  /// Once the pass is over.
  [[nodiscard]] bool happened() const { return left_ <= 0; }

 private:
  std::atomic<int> left_;
  const std::function<void()> deed_;
  const std::optional<Call> kind_;
  const int error_;
};

/// Likewise right before the so manieth call upon that name, in whatever folder.
class AtName : public filesystem::syscalls::Hook {
 public:
  using Call = filesystem::syscalls::Call;

  AtName(std::string name, int number, std::function<void()> deed)
      : name_(std::move(name)), left_(number), deed_(std::move(deed)) {
    filesystem::syscalls::install(this);
  }
  AtName(const AtName&) = delete;
  AtName& operator=(const AtName&) = delete;
  ~AtName() override { filesystem::syscalls::install(nullptr); }

  int before(Call /*call*/) override { return 0; }
  int before_at(Call /*call*/, int /*fd*/, const char* name) override {
    if (name_ == name && left_.fetch_sub(1) == 1) deed_();
    return 0;
  }
  /// Once the pass is over.
  [[nodiscard]] bool happened() const { return left_ <= 0; }

 private:
  const std::string name_;
  std::atomic<int> left_;
  const std::function<void()> deed_;
};

}  // namespace syncline::test
