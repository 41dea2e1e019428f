// What a person at a terminal, or cron, gets to see of a single run: trouble on standard error, the
// rest on standard output where it is wanted.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "tell/gone.h"
#include "tell/out_format.h"
#include "tell/pass_observer.h"
#include "tell/repeats.h"
#include "tell/stats.h"

#include <optional>
#include <string>
#include <utility>

namespace syncline::cli {

class TerminalObserver final : public PassObserver {
 public:
  struct Wanted {
    bool notices = true;
    bool actions = false;
    bool proofs = false;
    bool summary = false;
    bool index = false;     ///< in the summary
    bool deletions = true;  ///< in one line, how many there were
    bool stats = false;
    unsigned human_readable = 0;        ///< of sizes in these
    std::optional<OutFormat> format{};  ///< of actions; none: in words
    std::string all_trouble;            ///< in words, where all of that is told
  };
  explicit TerminalObserver(Wanted wanted) : wanted_(std::move(wanted)) {}

  void on_event(const Event& event) override;
  void pass_began(const Options& options) override;
  void pass_ended(const Summary& summary) override;
  /// Why is the caller's to print: such a run says one line and ends.
  void pass_failed(Status, const Refusal&) override { tell_rest(); }

 private:
  void tell(const Action& action);
  void tell(const Failure& failure);
  void tell(const Proof& proof) const;
  void tell(const Notice& notice);
  void tell_rest();

  Wanted wanted_;
  bool dry_run_ = false;
  bool keeps_ = false;  ///< Options::undo
  std::string source_;
  std::string destination_;
  ActionCounts counts_;
  Gone gone_;
  Repeats repeats_;
};

}  // namespace syncline::cli
