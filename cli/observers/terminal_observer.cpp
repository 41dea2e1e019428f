// SPDX-License-Identifier: MIT
#include "observers/terminal_observer.h"

#include "escape.h"
#include "observers/wording.h"
#include "standard_streams.h"
#include "summary.h"

#include <string>
#include <variant>

namespace syncline::cli {
namespace {

struct Printer {
  TerminalObserver::Wanted wanted;
  bool dry_run;

  void operator()(const Action& action) const {
    if (wanted.actions) say(describe(action, dry_run));
  }
  void operator()(const Failure& failure) const {
    complain(escape(failure.path) + ": " + one_line(failure.detail));
  }
  void operator()(const Proof& proof) const {
    if (wanted.proofs) say(describe(proof));
  }
  void operator()(const Notice& notice) const {
    if (!wanted.notices) return;
    complain((notice.path.empty() ? "" : escape(notice.path) + ": ") + one_line(notice.text));
  }
};

}  // namespace

void TerminalObserver::on_event(const Event& event) {
  std::visit(Printer{wanted_, dry_run_}, event);
}

void TerminalObserver::pass_ended(const Summary& summary) {
  if (wanted_.summary) {
    for (const std::string& line : summary_for_people(summary)) say(line);
  }
  for (const std::string& line : shortcomings(summary)) complain(line);
}

}  // namespace syncline::cli
