// Signals, made ordinary calls.
//
// In a handler next to nothing is allowed, and any thread may be interrupted by one. So the signals
// are blocked before the first thread starts, all others inherit that, and two threads wait for
// them: a call may wait for a reader of the log, which must not hold up a stop. A second SIGINT
// changes nothing: temporaries have to go first, which is what the run is doing by then.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <stop_token>
#include <thread>

namespace syncline::cli {

class Signals {
 public:
  struct Calls {
    std::function<void()> on_hangup;   ///< SIGHUP
    std::function<void()> on_inquiry;  ///< SIGUSR1
  };
  /// SIGTERM and SIGINT request a stop; the others are calls on a thread of theirs. SIGINT and
  /// SIGHUP stay ignored where they are: nohup and a shell's background jobs set them so.
  explicit Signals(Calls calls);
  ~Signals() = default;
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  [[nodiscard]] std::stop_token stop_token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  std::jthread stopper_;
  std::jthread caller_;
};

}  // namespace syncline::cli
