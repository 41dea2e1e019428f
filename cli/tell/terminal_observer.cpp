// SPDX-License-Identifier: MIT
#include "tell/terminal_observer.h"

#include "outlets/standard_streams.h"
#include "tell/failure_words.h"
#include "tell/notice_words.h"
#include "tell/summary.h"
#include "tell/wording.h"
#include "text/escape.h"

#include <optional>
#include <string>
#include <variant>

namespace syncline::cli {

void TerminalObserver::pass_began(const Options& options) {
  dry_run_ = options.dry_run;
  keeps_ = options.undo.has_value();
  gone_ = {};
  repeats_ = {};
  source_ = options.source;
  destination_ = options.destination;
}

void TerminalObserver::tell(const Action& action) {
  if (wanted_.stats) counts_.add(action);
  if (!wanted_.actions) return;
  if (!wanted_.format)
    say(describe(action, dry_run_));
  else if (const auto line =
               wanted_.format->line(action, action.verb == Verb::remove ? destination_ : source_))
    say(*line);
}

void TerminalObserver::tell(const Failure& failure) {
  if (!gone_.deserves_line(failure) || !repeats_.deserves_line(failure)) return;
  complain(escape(failure.path) + ": " + one_line(failure_words(failure)));
}

void TerminalObserver::tell(const Proof& proof) const {
  if (wanted_.proofs) say(describe(proof));
}

void TerminalObserver::tell(const Notice& notice) {
  if (!wanted_.notices || !repeats_.deserves_line(notice)) return;
  complain((notice.path.empty() ? "" : escape(notice.path) + ": ") +
           one_line(notice_words(notice)));
}

void TerminalObserver::on_event(const Event& event) {
  std::visit([this](const auto& what) { tell(what); }, event);
}

void TerminalObserver::tell_rest() {
  for (const std::string& line : repeats_.rest()) complain(line + "; " + wanted_.all_trouble);
}

void TerminalObserver::pass_ended(const Summary& summary) {
  tell_rest();
  if (wanted_.summary) {
    for (const std::string& line : summary_for_people(summary, wanted_.index)) say(line);
    if (const auto name = keeps_ ? name_line(summary) : std::nullopt) say(*name);
  }
  if (wanted_.stats) {
    for (const std::string& line : statistics(summary, counts_, wanted_.human_readable)) say(line);
  }
  if (wanted_.deletions && !summary.dry_run && summary.removed.entries != 0)
    complain(deletions_line(summary, keeps_));
  for (const std::string& line : shortcomings(summary, keeps_)) complain(line);
}

}  // namespace syncline::cli
