// Two observers that are told the same: the log and the terminal of a single run.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "observers/pass_observer.h"

namespace syncline::cli {

class Both final : public PassObserver {
 public:
  Both(PassObserver& first, PassObserver& second) : first_(first), second_(second) {}

  void on_event(const Event& event) override {
    first_.on_event(event);
    second_.on_event(event);
  }
  void pass_began(const Options& options) override {
    first_.pass_began(options);
    second_.pass_began(options);
  }
  void pass_ended(const Summary& summary) override {
    first_.pass_ended(summary);
    second_.pass_ended(summary);
  }
  void pass_failed(std::string_view why) override {
    first_.pass_failed(why);
    second_.pass_failed(why);
  }

 private:
  PassObserver& first_;
  PassObserver& second_;
};

}  // namespace syncline::cli
