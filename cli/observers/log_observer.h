// Everything that happens, as lines of the log.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "observers/pass_observer.h"

#include <spdlog/logger.h>

#include <cstdint>

namespace syncline::cli {

class LogObserver final : public PassObserver {
 public:
  explicit LogObserver(spdlog::logger& log) : log_(log) {}

  void on_event(const Event& event) override;
  void pass_began(const Options& options) override;
  void pass_ended(const Summary& summary) override;
  void pass_failed(std::string_view why) override;

 private:
  spdlog::logger& log_;
  std::uint64_t pass_ = 0;
  bool dry_run_ = false;
};

}  // namespace syncline::cli
