// A kernel that tells of other stamps and file systems than there are: coarser clocks, stamps that
// stand still or lie ahead, file systems that are not at hand.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/syscalls.h"

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <utility>

namespace syncline::test {

class BentKernel : public filesystem::syscalls::Hook {
 public:
  BentKernel() { filesystem::syscalls::install(this); }
  BentKernel(const BentKernel&) = delete;
  BentKernel& operator=(const BentKernel&) = delete;
  ~BentKernel() override { filesystem::syscalls::install(nullptr); }

  int before(filesystem::syscalls::Call call) override {
    if (call == filesystem::syscalls::Call::read) ++reads_;
    if (call == filesystem::syscalls::Call::flush_filesystem) ++flushes_;
    if (call == filesystem::syscalls::Call::rename && at_first_rename_ &&
        !has_renamed_.exchange(true))
      at_first_rename_();
    return refuses_links_ && call == filesystem::syscalls::Call::link ? EPERM : 0;
  }
  std::int64_t ctime_ns(std::int64_t true_ns) override { return bend_ ? bend_(true_ns) : true_ns; }
  std::uint32_t file_system_type(std::uint32_t true_type) override {
    return type_ != 0 ? type_ : true_type;
  }

  /// ctimes come from a clock that ticks so rarely.
  void tick_every(std::int64_t nanoseconds) {
    bend_ = [nanoseconds](std::int64_t true_ns) { return true_ns - true_ns % nanoseconds; };
  }
  /// ctimes stand still, whatever is written.
  void stop_the_clock() {
    bend_ = [](std::int64_t) { return 1'600'000'000'000'000'001; };
  }
  void set_clock_ahead(std::int64_t nanoseconds) {
    bend_ = [nanoseconds](std::int64_t true_ns) { return true_ns + nanoseconds; };
  }
  /// Every file system is one of that magic number.
  void pretend_type(std::uint32_t type) { type_ = type; }

  /// No file system has hard links.
  void refuse_links() { refuses_links_ = true; }

  /// Before anything gets another name.
  void at_first_rename(std::function<void()> what) { at_first_rename_ = std::move(what); }

  [[nodiscard]] std::uint64_t reads() const { return reads_; }
  [[nodiscard]] std::uint64_t flushes() const { return flushes_; }

 private:
  std::function<std::int64_t(std::int64_t)> bend_;
  std::function<void()> at_first_rename_;
  std::atomic<bool> has_renamed_{false};
  std::uint32_t type_ = 0;
  bool refuses_links_ = false;
  std::atomic<std::uint64_t> reads_{0};
  std::atomic<std::uint64_t> flushes_{0};
};

}  // namespace syncline::test
