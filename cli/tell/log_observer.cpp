// SPDX-License-Identifier: MIT
#include "tell/log_observer.h"

#include "tell/failure_words.h"
#include "tell/notice_words.h"
#include "tell/refusal_words.h"
#include "tell/summary.h"
#include "tell/wording.h"
#include "text/escape.h"

#include "syncline/pass_name.h"

#include <spdlog/fmt/fmt.h>

#include <chrono>
#include <variant>

namespace syncline::cli {

void LogObserver::on_event(const Event& event) {
  tell_begin();
  std::visit([this](const auto& what) { tell(what); }, event);
}

void LogObserver::tell(const Action& action) {
  if (action.verb == Verb::keep) return;
  if (detail_ == LogDetail::all) {
    log_.info("{}", describe(action, dry_run_));
  } else if (detail_ == LogDetail::folder) {
    folders_.add(action);
    if (folders_.is_full()) tell_folders();
  }
}

void LogObserver::tell(const Failure& failure) {
  if (!gone_.deserves_line(failure)) return;
  const bool error = failure.kind != FailureKind::vanished && failure.kind != FailureKind::changed;
  log_.log(error ? spdlog::level::err : spdlog::level::warn, "{}: {}", quote(failure.path),
           one_line(failure_words(failure)));
}

void LogObserver::tell(const Proof& proof) {
  if (detail_ == LogDetail::all) log_.info("{}", describe(proof));
}

void LogObserver::tell(const Notice& notice) {
  log_.warn("{}{}{}", notice.path.empty() ? "" : quote(notice.path),
            notice.path.empty() ? "" : ": ", one_line(notice_words(notice)));
}

void LogObserver::tell_folders() {
  for (const std::string& line : folders_.take())
    log_.info("{}{}", dry_run_ ? "would, " : "", line);
}

void LogObserver::tell_begin() {
  if (!begin_) return;
  log_.log(begin_->at, spdlog::source_loc{}, spdlog::level::info, begin_->line);
  begin_.reset();
}

void LogObserver::pass_began(const Options& options) {
  ++pass_;
  dry_run_ = options.dry_run;
  keeps_ = options.undo.has_value();
  gone_ = {};
  begin_ = {.at = *options.began,
            .line = fmt::format("pass {} began{}: {} onto {}, as {}", pass_,
                                dry_run_ ? " (dry run)" : "", quote(options.source),
                                quote(options.destination), pass_name(*options.began))};
  if (!is_loop_ || pass_ == 1) tell_begin();
}

void LogObserver::pass_ended(const Summary& summary) {
  if (begin_ && is_uneventful(summary)) {
    begin_.reset();
    log_.info("pass {} ended: {}", pass_, uneventful_line(summary));
    return;
  }
  tell_begin();
  tell_folders();
  const bool failed = summary.failures + summary.suspect != 0 || summary.deletions_held;
  for (const std::string& line : shortcomings(summary, keeps_)) {
    log_.log(failed ? spdlog::level::err : spdlog::level::warn, "pass {}: {}", pass_, line);
  }
  log_.info("pass {} {}{}: {}", pass_, summary.stopped ? "stopped" : "ended",
            dry_run_ ? " (dry run)" : "", summary_line(summary));
}

void LogObserver::pass_failed(Status /*status*/, const Refusal& why) {
  tell_begin();
  tell_folders();
  log_.error("pass {} failed: {}", pass_, one_line(refusal_words(why)));
}

}  // namespace syncline::cli
