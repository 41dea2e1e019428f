// SPDX-License-Identifier: MIT
#include "run/undo.h"

#include "outlets/standard_streams.h"
#include "run/undone.h"
#include "tell/json_lines.h"
#include "tell/json_observer.h"
#include "tell/kept_passes.h"
#include "tell/several.h"
#include "tell/taken_back.h"
#include "tell/terminal_observer.h"
#include "text/escape.h"
#include "text/shell_word.h"

#include <unistd.h>

#include <spdlog/fmt/fmt.h>

#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace syncline::cli {
namespace {

bool is_terminal() {
  return ::isatty(STDOUT_FILENO) == 1;
}

/// What observers are told at the start.
Options beginning(const UndoPlace& place, bool dry_run) {
  Options options;
  options.destination = place.destination;
  options.dry_run = dry_run;
  options.began = std::chrono::system_clock::now();
  return options;
}

/// For the one line of JSON that programs know the schema by.
void tell_beginning_as_json(const UndoPlace& place) {
  JsonObserver(false, "undo").pass_began(beginning(place, false));
}

Observers observers_for(const TakeBack& asked, bool dry_run) {
  const bool talk = !asked.quiet && !asked.json;
  Observers observers;
  if (asked.json) observers.push_back(std::make_unique<JsonObserver>(false, "undo"));
  observers.push_back(std::make_unique<TerminalObserver>(TerminalObserver::Wanted{
      .notices = !asked.quiet,
      .actions = talk && (asked.verbose || dry_run),
      .deletions = false,
      .all_trouble = asked.json ? "all are on standard output" : "--json tells all of them"}));
  return observers;
}

/// `work` with its begin and its end told.
template <typename Work>
Summary told(const TakeBack& asked, const UndoPlace& place, bool dry_run, Work work) {
  Several observers(observers_for(asked, dry_run));
  observers.pass_began(beginning(place, dry_run));
  try {
    Summary summary = work(observers);
    observers.pass_ended(summary);
    return summary;
  } catch (const Unusable& error) {
    observers.pass_failed(error.status(), error.why());
    throw;
  } catch (const std::exception& error) {
    observers.pass_failed(Status::some_failed, {.code = RefusalCode::other, .cause = error.what()});
    throw;
  }
}

void tell_as_json(const std::vector<KeptPass>& taken_back, bool is_held) {
  Json names = Json::array();
  for (const KeptPass& pass : taken_back) names.push_back(pass.name);
  say_json({{"type", "taken_back"}, {"passes", names}, {"held", is_held}});
}

Status run(const UndoOptions& options, const TakeBack& asked, const std::stop_token& stop) {
  const Summary summary = told(asked, options.place, options.dry_run,
                               [&](Observer& observer) { return undo(options, observer, stop); });
  UndoPlace place = options.place;
  // Passes are held by now, so whoever uses it ends at once.
  place.wait = place.wait || !summary.dry_run;
  const KeptPasses kept = list_passes(place);
  const std::vector<KeptPass> taken_back =
      summary.dry_run ? to_be_taken_back(options, kept) : taken_back_by(summary.name, kept);
  if (asked.json) tell_as_json(taken_back, kept.held_since.has_value());
  if (!asked.json && !asked.quiet) {
    say(taken_back_line(summary, taken_back));
    if (kept.held_since) say(held_line(place));
  }
  return summary.status();
}

Status run(const BringBack& options, const TakeBack& asked, const std::stop_token& stop) {
  const Summary summary = told(asked, options.place, options.dry_run, [&](Observer& observer) {
    return bring_back(options, observer, stop);
  });
  if (!asked.json && !asked.quiet) say(brought_back_line(summary));
  return summary.status();
}

Status run(const TakeBack::Release& release_it, const TakeBack& asked,
           const std::stop_token& /*stop*/) {
  const bool was_held = release(release_it.place);
  if (asked.json) {
    tell_beginning_as_json(release_it.place);
    say_json({{"type", "released"}, {"was_held", was_held}});
  } else if (!asked.quiet) {
    say(one_line(fmt::format("passes onto {} {}", shell_word(release_it.place.destination),
                             was_held ? "go on" : "were not held")));
  }
  return Status::done;
}

template <typename Kept, typename... Words>
void tell(const Kept& kept, const TakeBack& asked, const UndoPlace& place, const Words&... words) {
  if (asked.json) {
    tell_beginning_as_json(place);
    say_as_json(kept);
    return;
  }
  const std::vector<std::string> lines =
      is_terminal() ? table_of(kept, place, words...) : lines_of(kept);
  for (const std::string& line : lines) say(line);
}

Status run(const TakeBack::ListPasses& list, const TakeBack& asked,
           const std::stop_token& /*stop*/) {
  const KeptPasses kept = list_passes(list.place);
  tell(kept, asked, list.place);
  const bool is_list = !asked.json && !is_terminal();
  if (kept.held_since && is_list) complain(held_line(list.place));
  if (kept.passes.empty() && is_list) complain(nothing_kept_line);
  return Status::done;
}

Status run(const TakeBack::ListVersions& list, const TakeBack& asked,
           const std::stop_token& /*stop*/) {
  tell(list_versions(list.place, list.path), asked, list.place, list.path);
  return Status::done;
}

}  // namespace

Status take_back(const TakeBack& asked, const std::stop_token& stop) {
  return std::visit([&](const auto& what) { return run(what, asked, stop); }, asked.what);
}

}  // namespace syncline::cli
