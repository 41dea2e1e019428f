// Calls to the kernel while they are under way. A file system whose daemon stopped, or whose server
// is gone, answers none, and who waits in one can only be seen from outside.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/call.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace syncline::filesystem {

/// "open", "read", ...: what the manual pages call it, or what it does.
const char* to_string(syscalls::Call call);

/// A call that has not come back yet.
struct LateCall {
  std::uint64_t number = 0;  ///< tells it from all others
  syscalls::Call call{};
  /// What it was made for, from the root of all on, as the kernel has it; of two, the new name.
  std::string path;
  std::chrono::steady_clock::duration age{};  ///< so long at least
};

/// What one thread is waiting for. It alone writes to it: to enter and to leave costs a few stores,
/// which a call to the kernel costs a hundred times.
class CallSlot {
 public:
  void enter(syscalls::Call call, int fd, const char* name) {
    call_.store(call, std::memory_order_release);
    fd_.store(fd, std::memory_order_release);
    name_.store(name, std::memory_order_release);
    turns_.store(turns_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }
  void leave() {
    turns_.store(turns_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

 private:
  friend class Calls;
  std::atomic<std::uint64_t> turns_{0};  ///< odd while a call is under way
  std::atomic<syscalls::Call> call_{};
  std::atomic<int> fd_{-1};
  std::atomic<const char*> name_{nullptr};
  // Of who looks.
  std::uint64_t seen_ = 0;
  std::chrono::steady_clock::time_point since_;
  std::uint64_t number_ = 0;
};

/// Those of one pass, on whatever threads. Thread-safe, but for late().
class Calls {
 public:
  /// The calls that this thread makes belong to `calls` while it lives. They may be nested.
  class Scope {
   public:
    explicit Scope(Calls& calls);
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope();

   private:
    Calls& calls_;
    CallSlot* const own_;
    CallSlot* const before_;
  };

  /// Those that were under way when this was last asked, and are still. By one thread.
  std::vector<LateCall> late(std::chrono::steady_clock::time_point now);

  /// What the calling thread enters, if it is in a scope.
  static CallSlot* of_this_thread() { return current; }

 private:
  CallSlot* take();
  void give_back(CallSlot* slot);

  static constinit inline thread_local CallSlot* current = nullptr;

  std::mutex mutex_;
  std::deque<CallSlot> slots_;
  std::vector<CallSlot*> free_;
  std::uint64_t numbers_ = 0;
};

}  // namespace syncline::filesystem
