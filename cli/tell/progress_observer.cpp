// SPDX-License-Identifier: MIT
#include "tell/progress_observer.h"

#include "outlets/standard_streams.h"
#include "outlets/terminal.h"
#include "tell/json_observer.h"
#include "tell/progress_text.h"

#include <unistd.h>

#include <condition_variable>
#include <utility>

namespace syncline::cli {

using namespace std::chrono_literals;

namespace {

// In the last column the cursor would stand on the next line of some terminals, and so would the ^C
// that a terminal shows where the cursor is.
constexpr std::size_t margin = 3;

}  // namespace

ProgressPlace progress_on_terminal() {
  const bool colours = wants_colours(STDERR_FILENO);
  return {.first = 200ms,
          .interval = 100ms,
          .show =
              [colours](const Headway& headway, const std::string& path) {
                const auto columns = columns_to_draw_in();
                if (!columns) return;
                const std::size_t room = *columns > margin ? *columns - margin : 0;
                show_status(progress_line(headway, path, room, colours));
              },
          .end = [] { show_status({}); }};
}

ProgressPlace progress_in_lines() {
  return {.first = 1s, .interval = 5s, .show = [](const Headway& headway, const std::string&) {
            complain(progress_words(headway));
          }};
}

ProgressPlace progress_as_json() {
  return {.first = 1s, .interval = 1s, .show = [](const Headway& headway, const std::string&) {
            say_progress_as_json(headway);
          }};
}

void ProgressObserver::on_event(const Event& event) {
  const auto* const action = std::get_if<Action>(&event);
  if (action == nullptr) return;
  const std::scoped_lock lock{mutex_};
  path_ = action->path;
}

void ProgressObserver::pass_began(const Options&) {
  watcher_.emplace([this](const std::stop_token& over) { watch(over); });
}

void ProgressObserver::end() {
  if (!watcher_) return;
  watcher_.reset();  // waits for it
  place_.end();
}

void ProgressObserver::watch(const std::stop_token& over) {
  HeadwayMeter meter;
  std::mutex alone;
  std::condition_variable_any clock;
  std::unique_lock waiting{alone};
  for (auto wait = place_.first;; wait = place_.interval) {
    clock.wait_for(waiting, over, wait, [] { return false; });
    if (over.stop_requested()) return;
    const auto now = probe_.sample();
    if (!now) continue;
    std::string path;
    {
      const std::scoped_lock lock{mutex_};
      path = std::exchange(path_, {});  // what was done before that is over
    }
    if (!now->path.empty()) path = now->path;
    place_.show(meter.add(*now), path);
  }
}

}  // namespace syncline::cli
