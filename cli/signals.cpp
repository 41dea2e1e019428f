// SPDX-License-Identifier: MIT
#include "signals.h"

#include <signal.h>

#include <csignal>
#include <utility>

namespace syncline::cli {
namespace {

bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t signals_to_take() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGUSR1);
  // Linux queues a blocked signal even where it is ignored, so an ignored one must not be blocked.
  for (const int signal : {SIGINT, SIGHUP}) {
    if (!is_ignored(signal)) sigaddset(&set, signal);
  }
  return set;
}

}  // namespace

Signals::Signals(Calls calls) {
  const sigset_t set = signals_to_take();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGUSR1, SIG_DFL);  // what is ignored is not waited for
  waiter_ = std::jthread(
      [set, stop = stop_, calls = std::move(calls)](const std::stop_token& over) mutable {
        for (int signal = 0; ::sigwait(&set, &signal) == 0 && !over.stop_requested();) {
          if (signal == SIGHUP) {
            calls.on_hangup();
          } else if (signal == SIGUSR1) {
            calls.on_inquiry();
          } else {
            stop.request_stop();
          }
        }
      });
}

Signals::~Signals() {
  waiter_.request_stop();
  // Blocked as it is, this ends the wait and nothing else.
  ::pthread_kill(waiter_.native_handle(), SIGTERM);  // NOLINT(bugprone-bad-signal-to-kill-thread)
}

}  // namespace syncline::cli
