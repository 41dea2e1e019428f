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

/// How far a pass has come, as long as there is one that can tell. Thread-safe.
class LastWords {
 public:
  using Say = std::function<Summary(const filesystem::LateCall&)>;

  /// While it lives, `say` does; it ends what is being said first.
  class Known {
   public:
    Known(LastWords& words, Say say) : words_(words) { words_.set(std::move(say)); }
    Known(const Known&) = delete;
    Known& operator=(const Known&) = delete;
    ~Known() { words_.set({}); }

   private:
    LastWords& words_;
  };

  /// Of a pass that waits for `call` and has been asked to stop, having told `observer` so.
  [[nodiscard]] Summary say(const filesystem::LateCall& call, Observer& observer) const;

 private:
  void set(Say say) {
    const std::scoped_lock lock{mutex_};
    say_ = std::move(say);
  }

  mutable std::mutex mutex_;
  Say say_;
};

}  // namespace syncline
