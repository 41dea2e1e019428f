// SPDX-License-Identifier: MIT
#pragma once

#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <cstddef>
#include <mutex>
#include <optional>

namespace syncline::engine {

/// So many threads for a pass.
class Threads {
 public:
  explicit Threads(int number) {
    const std::scoped_lock lock{mutex};
    keep_workers();
    limit_.emplace(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(number));
    arena_.emplace(number);
    arena_->initialize();
  }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  ~Threads() {
    const std::scoped_lock lock{mutex};
    arena_.reset();
    limit_.reset();
  }

  [[nodiscard]] tbb::task_arena& arena() { return *arena_; }

 private:
  // oneTBB's workers end with the last arena, and so with the thread that called mirror(). What
  // they had of malloc's arenas others take over, a little elsewhere each time: a program with a
  // thread of its own for each pass grew by 50 KiB and a mapping or two with each ten. Never
  // destroyed, for at the end of the process oneTBB may be gone before.
  static void keep_workers() {
    static const auto* const kept = [] {
      auto* const arena = new tbb::task_arena{1};
      arena->initialize();
      return arena;
    }();
    static_cast<void>(kept);
  }

  // The first arena of a process looks up the limits without oneTBB's lock, so no other pass may
  // set or lift its own meanwhile.
  static inline std::mutex mutex;
  // Either of the two alone is silently capped at the number of cores.
  std::optional<tbb::global_control> limit_;
  std::optional<tbb::task_arena> arena_;
};

}  // namespace syncline::engine
