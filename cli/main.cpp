// SPDX-License-Identifier: MIT
#include "arguments/arguments.h"
#include "log/log.h"
#include "outlets/service_manager.h"
#include "outlets/standard_streams.h"
#include "outlets/terminal.h"
#include "run/schedule.h"
#include "run/signals.h"
#include "tell/explanation.h"
#include "tell/headway.h"
#include "tell/json_observer.h"
#include "tell/log_observer.h"
#include "tell/progress_observer.h"
#include "tell/progress_text.h"
#include "tell/several.h"
#include "tell/status_observer.h"
#include "tell/terminal_observer.h"
#include "text/escape.h"
#include "text/exit_status.h"
#include "text/units.h"

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

namespace syncline::cli {
namespace {

std::optional<Log> open_log(const Arguments& arguments) {
  if (arguments.log == "-") return Log::on_stream(STDOUT_FILENO);
  if (arguments.log.empty()) {
    if (!arguments.interval) return std::nullopt;
    return Log::on_stream(STDERR_FILENO);
  }
  return Log::in_file({arguments.log, arguments.options.source, arguments.options.destination});
}

std::string where_all_trouble_is(const Arguments& arguments) {
  if (!arguments.log.empty()) return "all are in the log";
  return arguments.json ? "all are on standard output" : "--log-file=FILE gets all of them";
}

TerminalObserver::Wanted wanted_on_terminal(const Arguments& arguments) {
  const bool talk = !arguments.quiet && !arguments.json && arguments.log != "-";
  const bool in_words = arguments.verbose || (arguments.options.dry_run && !arguments.out_format);
  const bool is_watched = !arguments.stats && ::isatty(STDOUT_FILENO) == 1;
  const bool sees_summary = talk && (in_words || is_watched || arguments.stats);
  return {.notices = !arguments.quiet,
          .actions = talk && (in_words || arguments.out_format),
          .proofs = talk && arguments.options.tell_proofs,
          .summary = talk && (in_words || is_watched),
          .index = arguments.verbose,
          .deletions = !arguments.quiet && !sees_summary,
          .stats = talk && arguments.stats,
          .human_readable = arguments.human_readable,
          .format = arguments.out_format,
          .all_trouble = where_all_trouble_is(arguments)};
}

/// Nowhere where a log goes to the same terminal: both would write over each other.
std::optional<ProgressPlace> progress_place(const Arguments& arguments) {
  if (arguments.json) {
    if (arguments.progress == ProgressMode::live) return progress_as_json();
    if (arguments.progress == ProgressMode::automatic) return std::nullopt;
  }
  const bool logs_on_stream = arguments.log == "-" || (arguments.interval && arguments.log.empty());
  const bool is_live = has_live_terminal() && !logs_on_stream;
  switch (arguments.progress) {
    case ProgressMode::lines:
      return progress_in_lines();
    case ProgressMode::live:
      return is_live ? progress_on_terminal() : progress_in_lines();
    case ProgressMode::automatic:
      if (is_live && !arguments.quiet) return progress_on_terminal();
      break;
    case ProgressMode::none:
      break;
  }
  return std::nullopt;
}

// Progress comes first, so that it is gone when the others tell how the pass ended.
Observers observers_for(const Arguments& arguments, const Log* log, const ProgressProbe& probe) {
  Observers observers;
  if (auto place = progress_place(arguments))
    observers.push_back(std::make_unique<ProgressObserver>(probe, std::move(*place)));
  if (log != nullptr)
    observers.push_back(std::make_unique<LogObserver>(log->logger(), arguments.log_detail,
                                                      arguments.interval.has_value()));
  if (arguments.json)
    observers.push_back(std::make_unique<JsonObserver>(arguments.tells_differences));
  if (arguments.interval)
    observers.push_back(std::make_unique<StatusObserver>());
  else
    observers.push_back(std::make_unique<TerminalObserver>(wanted_on_terminal(arguments)));
  return observers;
}

/// How far it is, whatever else is told: somebody asked.
void tell_headway(const Arguments& arguments, const Log* log, const ProgressProbe& probe) {
  std::string text = "between two passes";
  if (const auto now = probe.sample())
    text =
        progress_words(HeadwayMeter().add(*now)) + "; " + human_duration(now->elapsed) + " so far";
  if (log != nullptr) log->logger().info("{}", text);
  const bool has_line = arguments.interval && arguments.log.empty() && !arguments.quiet;
  if (!has_line) complain_if_heard(text);
}

Status run_once(const Arguments& arguments, const Log* log, std::stop_token stop,
                ProgressProbe& probe) {
  Options options = arguments.options;
  if (log != nullptr) options.own_files = log->own_files();
  Several observers(observers_for(arguments, log, probe));
  const Status status = exit_status(run_pass(options, observers, std::move(stop), &probe),
                                    arguments.tells_differences);
  // Told when the first was lost; who asked for a log must not take this run for a good one.
  const bool is_log_torn = log != nullptr && log->has_lost_lines();
  return is_good(status) && is_log_torn ? Status::some_failed : status;
}

Status run_repeatedly(const Arguments& arguments, const Log& log, const std::stop_token& stop,
                      ProgressProbe& probe) {
  Several observers(observers_for(arguments, &log, probe));
  try {
    return run_loop(arguments.options, *arguments.interval, log, observers, stop, &probe);
  } catch (const Unusable& error) {
    if (arguments.log.empty()) return error.status();  // standard error has it already
    throw;
  }
}

Status run(const Arguments& arguments) {
  if (!arguments.answer.empty()) {
    say(arguments.answer);
    return Status::done;
  }
  if (arguments.why) {
    const Explanation explanation = explain(arguments.options, *arguments.why);
    for (const std::string& line : lines_of(explanation)) say(line);
    return Status::done;
  }
  prepare_process();
  std::optional<Log> log = open_log(arguments);
  const bool on_stream = arguments.log.empty() || arguments.log == "-";
  if (log && on_stream && arguments.quiet) log->logger().set_level(spdlog::level::err);
  ProgressProbe probe;
  const Signals signals(
      {.on_hangup =
           [&log] {
             if (log) log->reopen();
           },
       .on_inquiry = [&] { tell_headway(arguments, log ? &*log : nullptr, probe); }});
  const std::stop_callback on_stop(signals.stop_token(),
                                   [] { tell_service_manager("STOPPING=1"); });
  tell_service_manager("READY=1");
  if (!arguments.interval)
    return run_once(arguments, log ? &*log : nullptr, signals.stop_token(), probe);
  return run_repeatedly(arguments, *log, signals.stop_token(), probe);
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
    status = cli::run(cli::parse(argc, argv, environ));
  } catch (const Unusable& error) {
    cli::complain(cli::one_line(error.what()));
    status = error.status();
  } catch (const std::exception& error) {
    cli::complain(cli::one_line(std::string("cannot go on: ") + error.what()));
  }
  if (!cli::flush_output() && cli::is_good(status)) status = Status::some_failed;
  return static_cast<int>(status);
}
