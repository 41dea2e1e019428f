// SPDX-License-Identifier: MIT
#include "arguments/arguments.h"
#include "log/log.h"
#include "outlets/service_manager.h"
#include "outlets/standard_streams.h"
#include "outlets/terminal.h"
#include "run/plan.h"
#include "run/schedule.h"
#include "run/signals.h"
#include "run/undo.h"
#include "tell/explanation.h"
#include "tell/headway.h"
#include "tell/json_observer.h"
#include "tell/log_observer.h"
#include "tell/progress_observer.h"
#include "tell/progress_text.h"
#include "tell/refusal_words.h"
#include "tell/several.h"
#include "tell/status_observer.h"
#include "tell/terminal_observer.h"
#include "text/escape.h"
#include "text/exit_status.h"
#include "text/units.h"

#include "syncline/apply.h"

#include <sys/resource.h>
#include <unistd.h>

#include <malloc.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <variant>

namespace syncline::cli {
namespace {

std::optional<Log> open_log(const Mirror& mirror) {
  if (mirror.log == "-") return Log::on_stream(STDOUT_FILENO);
  if (mirror.log.empty()) {
    if (!mirror.interval) return std::nullopt;
    return Log::on_stream(STDERR_FILENO);
  }
  return Log::in_file({mirror.log, mirror.options.source, mirror.options.destination});
}

std::string where_all_trouble_is(const Mirror& mirror) {
  if (!mirror.log.empty()) return "all are in the log";
  return mirror.json ? "all are on standard output" : "--log-file=FILE gets all of them";
}

TerminalObserver::Wanted wanted_on_terminal(const Mirror& mirror) {
  const bool talk = !mirror.quiet && !mirror.json && mirror.log != "-";
  const bool in_words = mirror.verbose || (mirror.options.dry_run && !mirror.out_format);
  const bool is_watched = !mirror.stats && ::isatty(STDOUT_FILENO) == 1;
  const bool sees_summary = talk && (in_words || is_watched || mirror.stats);
  return {.notices = !mirror.quiet,
          .actions = talk && (in_words || mirror.out_format),
          .proofs = talk && mirror.options.tell_proofs,
          .summary = talk && (in_words || is_watched),
          .index = mirror.verbose,
          .deletions = !mirror.quiet && !sees_summary,
          .stats = talk && mirror.stats,
          .human_readable = mirror.human_readable,
          .format = mirror.out_format,
          .all_trouble = where_all_trouble_is(mirror)};
}

/// Nowhere where a log goes to the same terminal: both would write over each other.
std::optional<ProgressPlace> progress_place(const Mirror& mirror) {
  if (mirror.json) {
    if (mirror.progress == ProgressMode::live) return progress_as_json();
    if (mirror.progress == ProgressMode::automatic) return std::nullopt;
  }
  const bool logs_on_stream = mirror.log == "-" || (mirror.interval && mirror.log.empty());
  const bool is_live = has_live_terminal() && !logs_on_stream;
  switch (mirror.progress) {
    case ProgressMode::lines:
      return progress_in_lines();
    case ProgressMode::live:
      return is_live ? progress_on_terminal() : progress_in_lines();
    case ProgressMode::automatic:
      if (is_live && !mirror.quiet) return progress_on_terminal();
      break;
    case ProgressMode::none:
      break;
  }
  return std::nullopt;
}

// Progress comes first, so that it is gone when the others tell how the pass ended.
Observers observers_for(const Mirror& mirror, const Log* log, const ProgressProbe& probe) {
  Observers observers;
  if (auto place = progress_place(mirror))
    observers.push_back(std::make_unique<ProgressObserver>(probe, std::move(*place)));
  if (log != nullptr)
    observers.push_back(std::make_unique<LogObserver>(log->logger(), mirror.log_detail,
                                                      mirror.interval.has_value()));
  if (mirror.json)
    observers.push_back(std::make_unique<JsonObserver>(mirror.tells_differences, mirror.verb));
  if (mirror.interval)
    observers.push_back(std::make_unique<StatusObserver>());
  else
    observers.push_back(std::make_unique<TerminalObserver>(wanted_on_terminal(mirror)));
  return observers;
}

/// How far it is, whatever else is told: somebody asked.
void tell_headway(const Mirror& mirror, const Log* log, const ProgressProbe& probe) {
  std::string text = "between two passes";
  if (const auto now = probe.sample())
    text =
        progress_words(HeadwayMeter().add(*now)) + "; " + human_duration(now->elapsed) + " so far";
  if (log != nullptr) log->logger().info("{}", text);
  const bool has_line = mirror.interval && mirror.log.empty() && !mirror.quiet;
  if (!has_line) complain_if_heard(text);
}

Status run_once(const Mirror& mirror, const Log* log, const std::stop_token& stop,
                ProgressProbe& probe, const Pass& pass) {
  Options options = mirror.options;
  if (log != nullptr) options.own_files = log->own_files();
  Several observers(observers_for(mirror, log, probe));
  const Status status =
      exit_status(run_pass(options, observers, stop, &probe, pass), mirror.tells_differences);
  // Told when the first was lost; who asked for a log must not take this run for a good one.
  const bool is_log_torn = log != nullptr && log->has_lost_lines();
  return is_good(status) && is_log_torn ? Status::some_failed : status;
}

Status run_repeatedly(const Mirror& mirror, const Log& log, const std::stop_token& stop,
                      ProgressProbe& probe) {
  Several observers(observers_for(mirror, &log, probe));
  try {
    return run_loop(mirror.options, *mirror.interval, log, observers, stop, &probe);
  } catch (const Unusable& error) {
    if (mirror.log.empty()) return error.status();  // standard error has it already
    throw;
  }
}

Status run(const Answer& answer) {
  say(answer.text);
  return Status::done;
}

Status run(const Explain& asked) {
  const Explanation explanation = explain(asked.options, asked.path);
  for (const std::string& line : lines_of(explanation)) say(line);
  return Status::done;
}

Status run(const TakeBack& asked) {
  prepare_process();
  const Signals signals({.on_hangup = [] {}, .on_inquiry = [] {}});
  return take_back(asked, signals.stop_token());
}

Status run(const Plan& asked) {
  prepare_process();
  const Signals signals({.on_hangup = [] {}, .on_inquiry = [] {}});
  return run_plan(asked, signals.stop_token());
}

Status run(const Mirror& mirror, const Pass& pass) {
  prepare_process();
  std::optional<Log> log = open_log(mirror);
  const bool on_stream = mirror.log.empty() || mirror.log == "-";
  if (log && on_stream && mirror.quiet) log->logger().set_level(spdlog::level::err);
  ProgressProbe probe;
  const Signals signals(
      {.on_hangup =
           [&log] {
             if (log) log->reopen();
           },
       .on_inquiry = [&] { tell_headway(mirror, log ? &*log : nullptr, probe); }});
  const std::stop_callback on_stop(signals.stop_token(),
                                   [] { tell_service_manager("STOPPING=1"); });
  tell_service_manager("READY=1");
  if (!mirror.interval)
    return run_once(mirror, log ? &*log : nullptr, signals.stop_token(), probe, pass);
  return run_repeatedly(mirror, *log, signals.stop_token(), probe);
}

Status run(const Mirror& asked) {
  return run(asked, mirror);
}

Status run(const Apply& asked) {
  PlanReader plan{asked.file};
  Mirror how = asked.how;
  how.options.source = plan.header().source.path;
  how.options.destination = plan.header().destination.path;
  return run(how, [&](const Options& options, Observer& observer, const std::stop_token& stop,
                      ProgressProbe* progress) {
    const ApplyOptions all{
        .all_or_nothing = asked.all_or_nothing, .without_undo = asked.without_undo, .how = options};
    Summary summary = apply(plan, all, observer, stop, progress);
    const bool is_over = summary.stopped || summary.given_up;
    if (asked.all_or_nothing && summary.status() != Status::done && !is_over &&
        !summary.changed_anything())
      complain("nothing was done, as --all-or-nothing asks for");
    return summary;
  });
}

// glibc gives each thread that allocates a store of its own, eight a core, and what one has freed
// the others cannot use: 10^6 names in a folder, --rehash, took 108 MiB with these, 93 with two a
// core, in no more time. Each reserves 64 MiB of addresses: under a limit, the first few would
// leave nothing for the threads' stacks.
void share_memory_among_threads() {
  constexpr int stores_a_core = 2;
  const auto cores = static_cast<int>(std::max(std::thread::hardware_concurrency(), 1U));
  rlimit addresses{};
  const bool is_limited =
      ::getrlimit(RLIMIT_AS, &addresses) == 0 && addresses.rlim_cur != RLIM_INFINITY;
  ::mallopt(M_ARENA_MAX, is_limited ? 1 : stores_a_core * cores);
}

}  // namespace
}  // namespace syncline::cli

int main(int argc, char** argv) {
  using namespace syncline;
  // A reader that went away and a limit on file sizes are errors of one write, not the end of the
  // run; nor is a question that comes before it can be answered.
  for (const int signal : {SIGPIPE, SIGXFSZ, SIGUSR1}) std::signal(signal, SIG_IGN);
  cli::share_memory_among_threads();
  Status status = Status::some_failed;
  try {
    cli::claim_standard_streams();
    status = std::visit([](const auto& command) { return cli::run(command); },
                        cli::parse(argc, argv, environ));
  } catch (const Unusable& error) {
    cli::complain(cli::one_line(cli::refusal_words(error.why())));
    status = error.status();
  } catch (const std::exception& error) {
    cli::complain(cli::one_line(std::string("cannot go on: ") + error.what()));
  }
  if (!cli::flush_output() && cli::is_good(status)) status = Status::some_failed;
  return static_cast<int>(status);
}
