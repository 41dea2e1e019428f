// SPDX-License-Identifier: MIT
#include "arguments.h"
#include "escape.h"
#include "log.h"
#include "observers/both.h"
#include "observers/log_observer.h"
#include "observers/terminal_observer.h"
#include "schedule.h"
#include "service_manager.h"
#include "signals.h"
#include "standard_streams.h"

#include <sys/resource.h>
#include <unistd.h>

#include <malloc.h>

#include <csignal>
#include <exception>
#include <optional>
#include <stop_token>
#include <string>

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

TerminalObserver::Wanted wanted_on_terminal(const Arguments& arguments) {
  const bool talk = !arguments.quiet && arguments.log != "-";
  const bool told_to = arguments.verbose || arguments.options.dry_run;
  return {.notices = !arguments.quiet,
          .actions = talk && told_to,
          .summary = talk && (told_to || ::isatty(STDOUT_FILENO) == 1)};
}

Status run_once(const Arguments& arguments, const Log* log, std::stop_token stop) {
  TerminalObserver terminal(wanted_on_terminal(arguments));
  if (log == nullptr) return run_pass(arguments.options, terminal, std::move(stop)).status();

  Options options = arguments.options;
  options.own_files = log->own_files();
  LogObserver written(log->logger());
  Both both(written, terminal);
  const Status status = run_pass(options, both, std::move(stop)).status();
  // Told when the first was lost; who asked for a log must not take this run for a good one.
  return status == Status::done && log->has_lost_lines() ? Status::some_failed : status;
}

Status run(const Arguments& arguments) {
  if (!arguments.answer.empty()) {
    say(arguments.answer);
    return Status::done;
  }
  std::optional<Log> log = open_log(arguments);
  const bool on_stream = arguments.log.empty() || arguments.log == "-";
  if (log && on_stream && arguments.quiet) log->logger().set_level(spdlog::level::err);
  const Signals signals([&log] {
    if (log) log->reopen();
  });
  const std::stop_callback on_stop(signals.stop_token(),
                                   [] { tell_service_manager("STOPPING=1"); });
  tell_service_manager("READY=1");
  if (!arguments.interval) return run_once(arguments, log ? &*log : nullptr, signals.stop_token());
  try {
    return run_loop(arguments.options, *arguments.interval, *log, signals.stop_token());
  } catch (const Unusable& error) {
    if (arguments.log.empty()) return error.status();  // standard error has it already
    throw;
  }
}

// glibc reserves 64 MiB of addresses for each thread that allocates: under a limit, the first few
// would leave nothing for the others' stacks.
void share_scarce_addresses() {
  rlimit addresses{};
  if (::getrlimit(RLIMIT_AS, &addresses) == 0 && addresses.rlim_cur != RLIM_INFINITY)
    ::mallopt(M_ARENA_MAX, 1);
}

}  // namespace
}  // namespace syncline::cli

int main(int argc, char** argv) {
  using namespace syncline;
  // A reader that went away and a limit on file sizes are errors of one write, not the end of the
  // run.
  for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
  cli::share_scarce_addresses();
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
  if (!cli::flush_output() && status == Status::done) status = Status::some_failed;
  return static_cast<int>(status);
}
