// SPDX-License-Identifier: MIT
#include "arguments/telling.h"

#include "arguments/info_words.h"
#include "arguments/option_values.h"
#include "arguments/sizes.h"
#include "text/escape.h"

#include <spdlog/fmt/fmt.h>

#include <optional>
#include <stdexcept>

namespace syncline::cli {
namespace {

/// What all --info say together, the last word on each thing being the one that counts.
InfoWords info_words(const CommandLine& line) {
  InfoWords words;
  for (const std::string& text : line.info.results())
    parsed("--info", text, [&](const std::string& list) {
      add_info(list, words);
      return true;
    });
  return words;
}

/// -i is a format of its own, and one that is given says where it stands.
std::optional<OutFormat> out_format(const CommandLine& line, const InfoWords& info) {
  const auto parse = [](const std::string& text) { return OutFormat(text); };
  if (auto format = value_of(line.out_format, parse)) return format;
  if (given(line.itemize)) return OutFormat("%i %n%L");
  if (info.names && !given(line.verbose)) return OutFormat("%n%L");
  return std::nullopt;
}

/// How many times numbers are asked to be for people: once by thousands, twice by 1024.
unsigned human_readable(const CommandLine& line) {
  return static_cast<unsigned>(line.short_help.count() + line.find("--human-readable")->count());
}

LogDetail parse_log_detail(const std::string& text) {
  if (text == "all") return LogDetail::all;
  if (text == "folder") return LogDetail::folder;
  if (text == "summary") return LogDetail::summary;
  throw std::invalid_argument(
      fmt::format("must be all, folder or summary, not '{}'", escape(text)));
}

ProgressMode progress_asked_for(const CommandLine& line, const InfoWords& info) {
  if (given(line.no_progress)) {
    if (given(line.progress)) refuse("--no-progress contradicts --progress");
    if (given(line.partial_progress)) refuse("--no-progress contradicts -P");
    return ProgressMode::none;
  }
  if (!given(line.progress)) {
    if (given(line.partial_progress) || info.progress == true) return ProgressMode::live;
    return info.progress ? ProgressMode::none : ProgressMode::automatic;
  }
  if (line.progress.count() > 1) refuse("--progress is given twice");
  const std::string& how = line.progress.results().front();
  if (how == "plain") return ProgressMode::lines;
  if (how != "true")
    refuse(fmt::format("--progress takes no value but 'plain', not '{}'", escape(how)));
  return ProgressMode::live;
}

ProgressMode progress_mode(const CommandLine& line, const InfoWords& info) {
  const ProgressMode mode = progress_asked_for(line, info);
  return given(line.quiet) ? ProgressMode::none : mode;
}

}  // namespace

void set_telling(const CommandLine& line, Mirror& mirror) {
  // Whoever asks for quiet has it, whatever else is to be told, as with rsync.
  mirror.quiet = given(line.quiet);
  mirror.verbose = given(line.verbose) && !mirror.quiet;
  const InfoWords info = info_words(line);
  last_value_of(line.max_alloc, parse_allocation_limit);  // rsync's own; only checked
  mirror.progress = progress_mode(line, info);
  mirror.out_format = out_format(line, info);
  mirror.stats = given(line.stats) || info.stats;
  mirror.human_readable = human_readable(line);
  mirror.json = given(line.json);
  mirror.tells_differences = given(line.exit_code);
}

void set_log_detail(const CommandLine& line, Mirror& mirror) {
  const auto detail = value_of(line.log_detail, parse_log_detail);
  if (!detail) return;
  if (mirror.log.empty() && !mirror.interval) refuse("--log-detail needs a log");
  mirror.log_detail = *detail;
}

void set_events(const CommandLine& line, Mirror& mirror) {
  const bool itemizes = mirror.out_format && mirror.out_format->itemizes();
  mirror.options.tell_proofs = mirror.verbose && line.verbose.count() > 1;
  mirror.options.tell_unchanged = line.itemize.count() > 1 && itemizes;
  mirror.options.all_differences = mirror.json || itemizes;
}

}  // namespace syncline::cli
