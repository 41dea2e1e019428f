// Shows how far a pass has come, for as long as it runs: a thread that looks at it now and then.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "tell/headway.h"
#include "tell/pass_observer.h"

#include "syncline/progress.h"

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

namespace syncline::cli {

/// Where it is shown. Both functions are called by one thread at a time.
struct ProgressPlace {
  std::chrono::milliseconds first;     ///< after so long, for what is shorter needs none
  std::chrono::milliseconds interval;  ///< and then every so often
  std::function<void(const Headway& headway, const std::string& path)> show;
  std::function<void()> end = [] {};  ///< the pass is over
};

/// One line at the foot of the terminal that is standard error.
ProgressPlace progress_on_terminal();
/// A line on standard error every few seconds, to be kept in a log.
ProgressPlace progress_in_lines();

/// An object on standard output each second.
ProgressPlace progress_as_json();

class ProgressObserver final : public PassObserver {
 public:
  /// `probe` must outlive it, and be the one that the passes are given.
  ProgressObserver(const ProgressProbe& probe, ProgressPlace place)
      : probe_(probe), place_(std::move(place)) {}
  ~ProgressObserver() override { end(); }

  void on_event(const Event& event) override;
  void pass_began(const Options& options) override;
  void pass_ended(const Summary&) override { end(); }
  void pass_failed(Status, const Refusal&) override { end(); }

 private:
  void end();
  void watch(const std::stop_token& over);

  const ProgressProbe& probe_;
  const ProgressPlace place_;
  std::mutex mutex_;
  std::string path_;  ///< of the last action
  std::optional<std::jthread> watcher_;
};

}  // namespace syncline::cli
