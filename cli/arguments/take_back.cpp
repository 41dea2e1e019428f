// SPDX-License-Identifier: MIT
#include "arguments/take_back.h"

#include "arguments/option_values.h"
#include "arguments/pass_options.h"
#include "arguments/past_moment.h"
#include "arguments/within_roots.h"
#include "text/escape.h"
#include "text/utc_time.h"

#include <spdlog/fmt/fmt.h>

#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

namespace syncline::cli {
namespace {

constexpr std::string_view verb = "undo";

std::string moment_of(const CommandLine& line) {
  return value_of(line.to, non_empty).value_or("");
}

std::chrono::system_clock::time_point past_moment(const std::string& text) {
  return parsed(
      "--to", text,
      [](const std::string& moment) {
        return parse_past_moment(moment, std::chrono::system_clock::now());
      },
      verb);
}

void refuse_contradictions(const CommandLine& line) {
  const CLI::Option* asked = nullptr;
  for (const CLI::Option* const option : {&line.only, &line.list, &line.release}) {
    if (!given(*option)) continue;
    if (asked != nullptr)
      refuse(fmt::format("{} contradicts {}", option->get_name(), asked->get_name()), verb);
    asked = option;
  }
  if (given(line.to) && (given(line.list) || given(line.release)))
    refuse(fmt::format("{} contradicts --to", asked->get_name()), verb);
  if (given(line.release) && given(line.dry_run)) refuse("--release contradicts --dry-run", verb);
  if (given(line.only) && !given(line.into))
    refuse("--only needs --into=DIR, the folder that gets what is brought back", verb);
  if (given(line.into) && !given(line.only))
    refuse("--into needs --only=PATH, what is to be brought back ('.' is all)", verb);
  if (given(*line.find("--force")) && !given(line.only))
    refuse("--force is for --only alone: what has changed since a pass is left as it is", verb);
  if (given(line.json) && given(line.quiet)) refuse("--json contradicts --quiet", verb);
}

/// None: the last one.
std::optional<std::string> pass_of(const std::string& text) {
  if (text == "last") return std::nullopt;
  if (start_of_pass(text)) return text;
  refuse(fmt::format("PASS must be 'last', or the name of a pass such as 20261125T084751Z, not "
                     "'{}'; a moment goes with --to, such as --to=\"yesterday 18:00\"",
                     escape(text)),
         verb);
}

/// `second`: what stands behind DST, if anything does.
UndoOptions undo_of(const CommandLine& line, UndoPlace place,
                    const std::optional<std::string>& second) {
  UndoOptions options;
  options.place = std::move(place);
  options.dry_run = given(line.dry_run);
  options.flush = !given(line.no_flush);
  const std::string to = moment_of(line);
  if (second && !to.empty())
    refuse(fmt::format("'{}' contradicts --to; a moment with a blank in it needs quotes: "
                       "--to=\"yesterday 18:00\"",
                       escape(*second)),
           verb);
  if (second) options.pass = pass_of(*second);
  if (to.empty()) return options;
  if (start_of_pass(to))
    options.pass = to;
  else
    options.to = past_moment(to);
  return options;
}

/// As it was then; the name of a pass stands for how it was before that.
std::optional<std::chrono::system_clock::time_point> version_wanted(const CommandLine& line) {
  using Clock = std::chrono::system_clock;
  const std::string to = moment_of(line);
  if (to.empty()) return std::nullopt;
  if (const auto start = start_of_pass(to)) return *start - Clock::duration(1);
  return past_moment(to);
}

BringBack bring_back_of(const CommandLine& line, UndoPlace place,
                        const std::optional<std::string>& second) {
  if (second)
    refuse(fmt::format("'{}' is one argument too many: beside --only the pass or the moment goes "
                       "with --to",
                       escape(*second)),
           verb);
  BringBack options;
  options.path =
      within_roots("--only", value_of(line.only, non_empty).value_or(""), {place.destination});
  options.place = std::move(place);
  options.to = version_wanted(line);
  options.into = value_of(line.into, non_empty).value_or("");
  options.overwrite = given(*line.find("--force"));
  options.dry_run = given(line.dry_run);
  return options;
}

/// Its value goes behind "=", or behind DST.
std::optional<std::string> path_to_list(const CommandLine& line,
                                        const std::optional<std::string>& second) {
  auto value = value_of(line.list, non_empty);
  if (!value || *value == "true") return second;
  if (second)
    refuse(fmt::format("'{}' is one argument too many: --list has its path", escape(*second)),
           verb);
  return value;
}

}  // namespace

TakeBack take_back_of(const CommandLine& line, const std::vector<std::string>& positions) {
  refuse_contradictions(line);
  const UndoPlace place{.destination = local_root("DST", positions[0]),
                        .folder = value_of(line.undo_dir, non_empty).value_or(""),
                        .wait = given(line.wait)};
  const auto second = positions.size() > 1 ? std::optional{positions[1]} : std::nullopt;
  TakeBack command;
  command.quiet = given(line.quiet);
  command.verbose = given(line.verbose) && !command.quiet;
  command.json = given(line.json);
  if (given(line.release)) {
    if (second)
      refuse(fmt::format("'{}' is one argument too many: --release is for all of DST",
                         escape(*second)),
             verb);
    command.what = TakeBack::Release{place};
  } else if (given(line.only)) {
    command.what = bring_back_of(line, place, second);
  } else if (!given(line.list)) {
    command.what = undo_of(line, place, second);
  } else if (const auto path = path_to_list(line, second)) {
    command.what = TakeBack::ListVersions{place, within_roots("PATH", *path, {place.destination})};
  } else {
    command.what = TakeBack::ListPasses{place};
  }
  return command;
}

}  // namespace syncline::cli
