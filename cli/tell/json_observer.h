// Everything that happens, as JSON: an object a line on standard output (syncline-json(5)).
//
// SPDX-License-Identifier: MIT
#pragma once

#include "tell/headway.h"
#include "tell/pass_observer.h"

#include <string>
#include <utility>

namespace syncline::cli {

class JsonObserver final : public PassObserver {
 public:
  /// `verb`: what runs. That of no mirror names itself at its end (Summary::name).
  explicit JsonObserver(bool tells_differences, std::string verb = "mirror")
      : tells_differences_(tells_differences), verb_(std::move(verb)) {}

  void on_event(const Event& event) override;
  void pass_began(const Options& options) override;
  void pass_ended(const Summary& summary) override;
  void pass_failed(Status status, const Refusal& why) override;

 private:
  const bool tells_differences_;
  const std::string verb_;
  bool dry_run_ = false;
  bool keeps_ = false;  ///< Options::undo
  std::string pass_;    ///< its name
};

void say_progress_as_json(const Headway& headway);

}  // namespace syncline::cli
