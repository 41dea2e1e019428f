// What a person at a terminal, or cron, gets to see of a single run: trouble on standard error, the
// rest on standard output where it is wanted.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "observers/pass_observer.h"

namespace syncline::cli {

class TerminalObserver final : public PassObserver {
 public:
  struct Wanted {
    bool notices = true;
    bool actions = false;
    bool proofs = false;
    bool summary = false;
  };
  explicit TerminalObserver(Wanted wanted) : wanted_(wanted) {}

  void on_event(const Event& event) override;
  void pass_began(const Options& options) override { dry_run_ = options.dry_run; }
  void pass_ended(const Summary& summary) override;
  /// The caller's to print: such a run says one line and ends.
  void pass_failed(std::string_view) override {}

 private:
  Wanted wanted_;
  bool dry_run_ = false;
};

}  // namespace syncline::cli
