// SPDX-License-Identifier: MIT
#include "tell/status_observer.h"

#include "outlets/service_manager.h"
#include "tell/refusal_words.h"
#include "tell/summary.h"
#include "text/escape.h"

#include <spdlog/fmt/fmt.h>

namespace syncline::cli {

void StatusObserver::pass_began(const Options& /*options*/) {
  ++pass_;
  // The last pass is worth more to know than that this one goes on.
  if (pass_ == 1) tell_service_manager("STATUS=pass 1 began");
}

void StatusObserver::pass_ended(const Summary& summary) {
  tell_service_manager(fmt::format("STATUS=pass {} {}: {}", pass_,
                                   summary.stopped ? "stopped" : "ended", summary_line(summary)));
}

void StatusObserver::pass_failed(Status /*status*/, const Refusal& why) {
  tell_service_manager(
      fmt::format("STATUS=pass {} failed: {}", pass_, one_line(refusal_words(why))));
}

}  // namespace syncline::cli
