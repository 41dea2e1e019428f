// SPDX-License-Identifier: MIT
#include "run/schedule.h"

#include "outlets/standard_streams.h"
#include "run/boot_clock.h"
#include "text/units.h"

#include <algorithm>
#include <cstdlib>
#include <exception>

namespace syncline::cli {
namespace {

/// The pass as it is, and the end of the process where a call to the kernel keeps it from ending.
class UntilItHangs final : public Observer {
 public:
  explicit UntilItHangs(PassObserver& observer) : observer_(observer) {}

  void on_event(const Event& event) override { observer_.on_event(event); }
  // Nothing is destroyed: the thread that waits still uses it.
  void gave_up(const Summary& so_far) override {
    observer_.pass_ended(so_far);
    flush_output();
    std::_Exit(static_cast<int>(so_far.status()));
  }

 private:
  PassObserver& observer_;
};

/// From here on a root that is missing, or empty and another one, is a disk that is not mounted.
void remember(const Summary& summary, Options& options) {
  if (summary.dry_run) return;  // it may not have created the destination
  options.create_destination = false;
  options.adopt = false;  // it was for this once
  options.expected_roots = summary.roots;
}

/// Waiting may help where another run is at work, or somebody has yet to release the destination;
/// it does not mend a command line.
bool hopeless(const Unusable& error) {
  return error.status() != Status::busy && error.status() != Status::held_after_undo;
}

bool is_time_up(const Options& options) {
  return options.stop_at && std::chrono::system_clock::now() >= *options.stop_at;
}

/// When to stop, by the clock that the loop sleeps by.
BootClock::time_point end_of(const Options& options) {
  if (!options.stop_at) return BootClock::time_point::max();
  return BootClock::now() + (*options.stop_at - std::chrono::system_clock::now());
}

}  // namespace

Summary run_pass(Options options, PassObserver& observer, const std::stop_token& stop,
                 ProgressProbe* progress, const Pass& pass) {
  options.began = std::chrono::system_clock::now();
  observer.pass_began(options);
  UntilItHangs until_it_hangs{observer};
  try {
    Summary summary = pass(options, until_it_hangs, stop, progress);
    observer.pass_ended(summary);
    return summary;
  } catch (const Unusable& error) {
    observer.pass_failed(error.status(), error.why());
    throw;
  } catch (const std::exception& error) {
    observer.pass_failed(Status::some_failed, {.code = RefusalCode::other, .cause = error.what()});
    throw;
  }
}

Status run_loop(Options options, std::chrono::nanoseconds interval, const Log& log,
                PassObserver& observer, const std::stop_token& stop, ProgressProbe* progress) {
  log.logger().info("syncline {} mirrors every {} s", version(), to_seconds(interval));
  const Sleeper sleeper;
  bool ran = false;
  BootClock::time_point due = BootClock::now();
  do {
    options.own_files = log.own_files();
    try {
      remember(run_pass(options, observer, stop, progress), options);
      ran = true;
    } catch (const Unusable& error) {
      if (!ran && hopeless(error)) throw;
    } catch (const std::exception&) {
      // Told by run_pass(); short of memory or descriptors now, the next pass may fare better.
    }
    due = std::max(due + interval, BootClock::now());
  } while (sleeper.sleep_until(std::min(due, end_of(options)), stop) && !is_time_up(options));
  log.logger().info(is_time_up(options) ? "stopped, its time being up" : "stopped by a signal");
  return Status::stopped;
}

}  // namespace syncline::cli
