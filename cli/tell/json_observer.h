// Everything that happens, as JSON: an object a line on standard output (syncline-json(5)).
//
// SPDX-License-Identifier: MIT
#pragma once

#include "tell/headway.h"
#include "tell/pass_observer.h"

#include <string>

namespace syncline::cli {

class JsonObserver final : public PassObserver {
 public:
  explicit JsonObserver(bool tells_differences) : tells_differences_(tells_differences) {}

  void on_event(const Event& event) override;
  void pass_began(const Options& options) override;
  void pass_ended(const Summary& summary) override;
  void pass_failed(Status status, const Refusal& why) override;

 private:
  const bool tells_differences_;
  bool dry_run_ = false;
  std::string pass_;  ///< its name
};

void say_progress_as_json(const Headway& headway);

}  // namespace syncline::cli
