// SPDX-License-Identifier: MIT
#include "run/signals.h"

#include <signal.h>

#include <csignal>
#include <utility>

namespace syncline::cli {
namespace {

bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

/// `always` and, unless it is ignored, `other`: Linux queues a blocked signal even where it is
/// ignored, so an ignored one must not be blocked.
sigset_t signals_to_take(int always, int other) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, always);
  if (!is_ignored(other)) sigaddset(&set, other);
  return set;
}

/// Hands each signal of `set` to `take`; `one` of them wakes the thread where it is to end.
std::jthread waiter_for(const sigset_t& set, int one, std::function<void(int)> take) {
  return std::jthread([set, one, take = std::move(take)](const std::stop_token& over) {
    // Blocked as it is, the signal ends the wait and nothing else.
    const std::stop_callback on_end(over,
                                    [one, self = ::pthread_self()] { ::pthread_kill(self, one); });
    for (int signal = 0; ::sigwait(&set, &signal) == 0 && !over.stop_requested();) take(signal);
  });
}

}  // namespace

Signals::Signals(Calls calls) {
  const sigset_t that_stop = signals_to_take(SIGTERM, SIGINT);
  const sigset_t that_call = signals_to_take(SIGUSR1, SIGHUP);
  for (const sigset_t& set : {that_stop, that_call}) ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGUSR1, SIG_DFL);  // what is ignored is not waited for
  stopper_ = waiter_for(that_stop, SIGTERM, [stop = stop_](int) mutable { stop.request_stop(); });
  caller_ = waiter_for(that_call, SIGUSR1, [calls = std::move(calls)](int signal) {
    signal == SIGHUP ? calls.on_hangup() : calls.on_inquiry();
  });
}

}  // namespace syncline::cli
