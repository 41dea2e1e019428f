// Mirrors one folder onto another, shows how far it is, and ends cleanly on Ctrl-C.
//
// SPDX-License-Identifier: MIT
#include <syncline/mirror.h>
#include <syncline/progress.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <iostream>
#include <stop_token>
#include <thread>
#include <variant>

namespace {

volatile std::sig_atomic_t interrupted = 0;

class Failures final : public syncline::Observer {
  void on_event(const syncline::Event& event) override {
    if (const auto* failure = std::get_if<syncline::Failure>(&event))
      std::cerr << failure->path << ": " << to_string(failure->code) << '\n';
  }
};

// Ten times a second, until the pass is over.
void watch(const std::stop_token& over, const std::stop_source& stop,
           const syncline::ProgressProbe& probe) {
  for (; !over.stop_requested(); std::this_thread::sleep_for(std::chrono::milliseconds{100})) {
    if (interrupted != 0) stop.request_stop();
    if (const auto now = probe.sample())
      std::cerr << to_string(now->stage) << ": " << now->bytes_written << " bytes written\r";
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) return 1;
  std::signal(SIGINT, [](int) { interrupted = 1; });
  syncline::Options options;
  options.source = argv[1];
  options.destination = argv[2];
  options.index = syncline::usual_index_place();

  Failures failures;
  syncline::ProgressProbe probe;
  const std::stop_source stop;
  const std::jthread watcher(watch, stop, std::cref(probe));
  const syncline::Summary summary = syncline::mirror(options, failures, stop.get_token(), &probe);
  std::cout << "created " << summary.created.entries << ", updated " << summary.updated.entries
            << ", removed " << summary.removed.entries << '\n';
  return static_cast<int>(summary.status());
} catch (const syncline::Unusable& unusable) {
  std::cerr << unusable.what() << '\n';
  return static_cast<int>(unusable.status());
}
