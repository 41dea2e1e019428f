// Mirrors one folder onto another, shows how far it is, and ends cleanly on Ctrl-C.
// SPDX-License-Identifier: MIT
#include <syncline/mirror.h>
#include <syncline/progress.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <thread>

static volatile std::sig_atomic_t interrupted = 0;
struct Failures final : syncline::Observer {
  void on_event(const syncline::Event& event) override {
    if (const auto* failure = std::get_if<syncline::Failure>(&event))
      std::cerr << failure->path << ": " << to_string(failure->code) << '\n';
  }
};
int main(int argc, char** argv) try {
  if (argc != 3) return 1;
  std::signal(SIGINT, [](int) { interrupted = 1; });
  syncline::Options options;
  options.source = argv[1];
  options.destination = argv[2];
  options.index = syncline::usual_index_place();
  Failures failures;
  syncline::ProgressProbe probe;
  std::stop_source stop;
  const std::jthread watcher{[&](const std::stop_token& over) {
    for (; !over.stop_requested(); std::this_thread::sleep_for(std::chrono::milliseconds{100})) {
      if (interrupted != 0) stop.request_stop();
      if (const auto now = probe.sample()) std::cerr << now->bytes_written << " bytes written\r";
    }
  }};
  const auto summary = syncline::mirror(options, failures, stop.get_token(), &probe);
  std::cout << summary.created.entries << " created, " << summary.removed.entries << " removed\n";
  return static_cast<int>(summary.status());
} catch (const syncline::Unusable& unusable) {
  std::cerr << unusable.what() << '\n';
  return static_cast<int>(unusable.status());
}
