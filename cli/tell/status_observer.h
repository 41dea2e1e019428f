// How the passes of a service go, in one line for whoever asks the service manager.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "tell/pass_observer.h"

#include <cstdint>

namespace syncline::cli {

class StatusObserver final : public PassObserver {
 public:
  void on_event(const Event& /*event*/) override {}
  void pass_began(const Options& options) override;
  void pass_ended(const Summary& summary) override;
  void pass_failed(Status, const Refusal& why) override;

 private:
  std::uint64_t pass_ = 0;
};

}  // namespace syncline::cli
