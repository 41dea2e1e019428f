// The command line read: which verb, its positions, its options.
//
// SPDX-License-Identifier: MIT
#include "arguments/arguments.h"

#include "arguments/command_line.h"
#include "arguments/contradictions.h"
#include "arguments/forms.h"
#include "arguments/help.h"
#include "arguments/option_values.h"
#include "arguments/pass_options.h"
#include "arguments/plan.h"
#include "arguments/reading.h"
#include "arguments/settings.h"
#include "arguments/take_back.h"
#include "arguments/telling.h"
#include "arguments/there.h"
#include "arguments/times.h"
#include "arguments/values.h"
#include "arguments/within_roots.h"
#include "text/escape.h"

#include "syncline/mirror.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace syncline::cli {
namespace {

void set_loop(Mirror& mirror, const CommandLine& line, const std::string& log,
              const std::string& interval) {
  if (given(line.interval)) refuse("--interval is one too many: INTERVAL is given already");
  if (given(line.log_file)) refuse("--log-file is one too many: LOG is given already");
  if (is_folder(log))
    throw Unusable(
        Status::files_unusable,
        fmt::format(
            "LOG comes first: LOG SRC DST INTERVAL, but '{}' is a folder; name a file in it",
            escape(log)));
  mirror.log = parsed("LOG", log, non_empty);
  mirror.interval = parsed("INTERVAL", interval, parse_interval);
}

void set_log(Mirror& mirror, const CommandLine& line) {
  mirror.log = value_of(line.log_file, non_empty).value_or("");
  mirror.interval = value_of(line.interval, parse_interval);
}

Explain explain_of(const Options& options, const std::string& path) {
  return {options, within_roots("PATH", path, {options.source, options.destination})};
}

Command mirror_of(const CommandLine& line, const std::vector<std::string>& positions) {
  Mirror mirror;
  line.refuse_rsync_flags();
  set_telling(line, mirror);
  const std::vector<std::string> words = checked_form(line, positions);
  const bool is_loop_form = words.size() == 4;
  if (is_loop_form)
    set_loop(mirror, line, words[0], words[3]);
  else
    set_log(mirror, line);
  set_log_detail(line, mirror);
  // A dry run is one pass for somebody to look at, whatever the settings are made for.
  if (given(line.dry_run)) {
    mirror.interval.reset();
    if (mirror.log != "-") mirror.log.clear();
  }
  if (mirror.json && mirror.log == "-") refuse("--json contradicts a log on standard output");
  refuse_contradictions(line, mirror.interval.has_value());
  mirror.options = pass_options(line, words[is_loop_form ? 1 : 0], words[is_loop_form ? 2 : 1]);
  mirror.options.free_at_first = is_loop_form;
  set_events(line, mirror);
  if (const auto why = value_of(line.why, non_empty)) return explain_of(mirror.options, *why);
  return mirror;
}

void refuse_wrong_count(const Verb& verb, const CommandLine& line,
                        const std::vector<std::string>& positions) {
  const std::string form = form_of(verb);
  if (positions.size() > verb.positions.size())
    refuse(fmt::format("'{}' is one argument too many: {} expects '{}'",
                       escape(positions[verb.positions.size()]), verb.word, form),
           verb.word);
  const auto least = std::ranges::count_if(verb.positions, [](const Position& position) {
    return position.times != Position::Times::perhaps;
  });
  if (positions.size() >= static_cast<std::size_t>(least)) return;
  const std::string why = swallowed(line);
  refuse(fmt::format("too few arguments: {} expects '{}'{}{}", verb.word, form,
                     why.empty() ? "" : "; ", why),
         verb.word);
}

Command explain_of(const Verb& verb, const CommandLine& line,
                   const std::vector<std::string>& positions) {
  line.refuse_rsync_flags();
  refuse_strangers(line, {});
  refuse_wrong_count(verb, line, positions);
  refuse_contradictions(line, false);
  const std::string path = parsed("PATH", positions[0], non_empty);
  const Options options = pass_options(line, positions[1], positions[2]);
  return explain_of(options, path);
}

Command undo_of(const Verb& verb, const CommandLine& line,
                const std::vector<std::string>& positions) {
  line.refuse_rsync_flags();
  refuse_strangers(line, {});
  refuse_wrong_count(verb, line, positions);
  return take_back_of(line, positions);
}

Command plan_of(const Verb& verb, const CommandLine& line,
                const std::vector<std::string>& positions) {
  line.refuse_rsync_flags();
  refuse_strangers(line, {});
  if (!is_about_a_plan(line)) refuse_wrong_count(verb, line, positions);
  return plan_of(line, positions);
}

Command apply_of(const Verb& verb, const CommandLine& line,
                 const std::vector<std::string>& positions) {
  line.refuse_rsync_flags();
  refuse_strangers(line, {});
  refuse_wrong_count(verb, line, positions);
  Apply apply;
  apply.how.verb = "apply";
  apply.file = parsed("FILE", positions[0], non_empty);
  apply.all_or_nothing = given(line.all_or_nothing);
  apply.without_undo = given(line.no_undo);
  set_telling(line, apply.how);
  set_log(apply.how, line);
  set_log_detail(line, apply.how);
  if (given(line.dry_run) && apply.how.log != "-") apply.how.log.clear();
  if (apply.how.json && apply.how.log == "-")
    refuse("--json contradicts a log on standard output", verb.word);
  refuse_contradictions(line, false);
  apply.how.options = apply_options(line);
  set_events(line, apply.how);
  return apply;
}

/// What is asked of the program itself rather than of a pass; the settings have no part in it.
std::string answer(const CommandLine& line) {
  const Verb& verb = first_word(line);
  const bool has_paths = line.positions().size() > (verb.word.empty() ? 0 : 1);
  if (given(line.help) || (given(line.short_help) && !has_paths)) return verb.help();
  if (!given(line.version)) return {};
  if (!given(line.verbose)) return version_text();
  const auto backend = value_of(line.digest_backend, parse_digest_backend);
  return detailed_version_text(backend.value_or(DigestBackend::automatic));
}

Command command_of(const Reading& reading, const CommandLine& line) {
  switch (reading.verb->task) {
    case Task::explain:
      return explain_of(*reading.verb, line, reading.positions);
    case Task::undo:
      return undo_of(*reading.verb, line, reading.positions);
    case Task::plan:
      return plan_of(*reading.verb, line, reading.positions);
    case Task::apply:
      return apply_of(*reading.verb, line, reading.positions);
    case Task::mirror:
    case Task::nothing:
      break;
  }
  return mirror_of(line, reading.positions);
}

}  // namespace

Command parse(int argc, const char* const* argv, const char* const* environment) {
  const CommandLine typed(argc, argv);
  if (std::string text = answer(typed); !text.empty()) return Answer{std::move(text)};
  const Settings settings(typed, environment,
                          typed.positions().size() <= positions_without_roots(typed));
  const Reading reading = reading_of(typed, settings.roots());
  // Settings are made for mirroring: what of them another verb does not take is nothing to it.
  refuse_what_it_does_not_take(*reading.verb, typed);
  std::vector<const char*> words{argv[0]};
  const std::vector<std::string> all = settings.before({argv + 1, argv + argc});
  for (const std::string& word : all) words.push_back(word.c_str());
  try {
    return command_of(reading, CommandLine(static_cast<int>(words.size()), words.data()));
  } catch (const Unusable& error) {
    throw Unusable(error.status(), settings.origins(error.what()) + error.what());
  }
}

}  // namespace syncline::cli
