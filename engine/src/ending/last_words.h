// What is told of a pass that hangs in a file system, by somebody else than itself.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/calls.h"

#include "syncline/mirror.h"

#include <functional>
#include <mutex>
#include <utility>

namespace syncline {

/// That it waits.
Notice notice_of(const filesystem::LateCall& call, const HangLimits& limits);
/// That it is given up on.
Failure failure_of(const filesystem::LateCall& call);

/// How far a run has come, told while it hangs. Thread-safe.
class LastWords {
 public:
  using Say = std::function<Summary()>;

  /// There is a pass while it lives: `give_up` ends it and tells, and is waited for. `at_its_end`
  /// tells what is left of it afterwards.
  class Known {
   public:
    Known(LastWords& words, Say give_up, Say at_its_end)
        : words_(words), at_its_end_(std::move(at_its_end)) {
      words_.set(std::move(give_up));
    }
    Known(const Known&) = delete;
    Known& operator=(const Known&) = delete;
    ~Known() {
      words_.set([summary = at_its_end_()] { return summary; });
    }

   private:
    LastWords& words_;
    const Say at_its_end_;
  };

  /// Nothing was done before the first pass is known.
  [[nodiscard]] Summary say() const {
    const std::scoped_lock lock{mutex_};
    return say_ ? say_() : Summary{};
  }

 private:
  void set(Say say) {
    const std::scoped_lock lock{mutex_};
    say_ = std::move(say);
  }

  mutable std::mutex mutex_;
  Say say_;
};

}  // namespace syncline
