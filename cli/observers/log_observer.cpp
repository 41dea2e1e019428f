// SPDX-License-Identifier: MIT
#include "observers/log_observer.h"

#include "escape.h"
#include "observers/wording.h"
#include "summary.h"

#include <variant>

namespace syncline::cli {
namespace {

struct Writer {
  spdlog::logger& log;
  bool dry_run;

  void operator()(const Action& action) const { log.info("{}", describe(action, dry_run)); }
  void operator()(const Failure& failure) const {
    const bool error =
        failure.kind != FailureKind::vanished && failure.kind != FailureKind::changed;
    log.log(error ? spdlog::level::err : spdlog::level::warn, "{}: {}", quote(failure.path),
            one_line(failure.detail));
  }
  void operator()(const Proof& proof) const { log.info("{}", describe(proof)); }
  void operator()(const Notice& notice) const {
    log.warn("{}{}{}", notice.path.empty() ? "" : quote(notice.path),
             notice.path.empty() ? "" : ": ", one_line(notice.text));
  }
};

}  // namespace

void LogObserver::on_event(const Event& event) {
  std::visit(Writer{log_, dry_run_}, event);
}

void LogObserver::pass_began(const Options& options) {
  ++pass_;
  dry_run_ = options.dry_run;
  log_.info("pass {} began{}: {} onto {}", pass_, dry_run_ ? " (dry run)" : "",
            quote(options.source), quote(options.destination));
}

void LogObserver::pass_ended(const Summary& summary) {
  const bool failed = summary.failures + summary.suspect != 0 || !summary.deletions_held.empty();
  for (const std::string& line : shortcomings(summary)) {
    log_.log(failed ? spdlog::level::err : spdlog::level::warn, "pass {}: {}", pass_, line);
  }
  log_.info("pass {} {}{}: {}", pass_, summary.stopped ? "stopped" : "ended",
            dry_run_ ? " (dry run)" : "", summary_line(summary));
}

void LogObserver::pass_failed(std::string_view why) {
  log_.error("pass {} failed: {}", pass_, one_line(why));
}

}  // namespace syncline::cli
