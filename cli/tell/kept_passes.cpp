// SPDX-License-Identifier: MIT
#include "tell/kept_passes.h"

#include "tell/json_lines.h"
#include "text/escape.h"
#include "text/join.h"
#include "text/local_time.h"
#include "text/shell_word.h"
#include "text/units.h"
#include "text/utc_time.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <sstream>
#include <string_view>

namespace syncline::cli {
namespace {

using Clock = std::chrono::system_clock;

std::string local(Clock::time_point time, const char* format) {
  return formatted_time(Clock::to_time_t(time), format);
}

/// When the pass of that name began.
std::string start_words(const std::string& name, const char* format) {
  const auto start = start_of_pass(name);
  return start ? local(*start, format) : "";
}

constexpr const char* short_time = "%b %e %H:%M";
constexpr const char* full_time = "%Y-%m-%d %H:%M:%S %z";

/// "12 new", "3 changed", ...
std::vector<std::string> what_it_did(const KeptPass& pass) {
  std::vector<std::string> parts;
  const std::vector<std::string> undone = names_taken_back(pass);
  if (pass.is_undo)
    parts.push_back("undo of " +
                    (undone.size() == 1 ? escape(undone[0]) : grouped(undone.size()) + " passes"));
  if (pass.is_undone) parts.emplace_back("undone");
  if (!pass.is_complete) parts.emplace_back("interrupted");
  const auto add = [&](std::uint64_t count, std::string_view what) {
    if (count != 0) parts.push_back(fmt::format("{} {}", grouped(count), what));
  };
  add(pass.created, "new");
  add(pass.replaced, "changed");
  add(pass.moved, "moved");
  add(pass.removed, "removed");
  add(pass.metadata_set, "metadata");
  return parts;
}

/// `parts` with commas between them, in lines of at most `columns`, if no part is longer.
std::vector<std::string> wrapped(const std::vector<std::string>& parts, std::size_t columns) {
  std::vector<std::string> lines{""};
  for (const std::string& part : parts) {
    const bool is_last = &part == &parts.back();
    const std::string text = is_last ? part : part + ',';
    std::string& line = lines.back();
    if (line.empty())
      line = text;
    else if (line.size() + 1 + text.size() <= columns)
      line += ' ' + text;
    else
      lines.push_back(text);
  }
  return lines;
}

/// "syncline undo backup"
std::string command_for(const UndoPlace& place) {
  const std::string folder = place.folder.empty() ? "" : " --undo-dir=" + shell_word(place.folder);
  return "syncline undo " + shell_word(place.destination) + folder;
}

std::string version_words(const KeptVersion& version) {
  if (!version.was_there) return "nothing";
  std::string words = to_string(version.kind);
  if (version.kind == Kind::file) words += ", " + human_bytes(version.size);
  return words + ", mtime " + seconds_time(version.mtime.seconds);
}

}  // namespace

std::vector<std::string> names_taken_back(const KeptPass& pass) {
  std::vector<std::string> names;
  if (!pass.is_undo) return names;
  std::istringstream text(pass.source);
  for (std::string name; text >> name;) names.push_back(name);
  return names;
}

std::string held_line(const UndoPlace& place) {
  return one_line(fmt::format("passes onto {} are held until: {} --release",
                              shell_word(place.destination), command_for(place)));
}

std::vector<std::string> table_of(const KeptPasses& kept, const UndoPlace& place) {
  if (kept.passes.empty()) return {nothing_kept_line};
  constexpr const char* row = "{:<16}  {:<12}  {:<10}  {:>8}  {}";
  constexpr std::size_t columns_for_what = 26;
  std::vector<std::string> lines{fmt::format(row, "PASS", "BEGAN", "UNTIL", "KEPT", "WHAT IT DID")};
  for (const KeptPass& pass : kept.passes) {
    const std::vector<std::string> did = wrapped(what_it_did(pass), columns_for_what);
    lines.push_back(fmt::format(row, escape(pass.name), start_words(pass.name, short_time),
                                pass.until ? local(*pass.until, "%Y-%m-%d") : "stays",
                                human_bytes(pass.bytes_kept), did.front()));
    for (std::size_t i = 1; i < did.size(); ++i)
      lines.push_back(fmt::format(row, "", "", "", "", did[i]));
  }
  if (kept.held_since) lines.push_back(held_line(place));
  return lines;
}

std::vector<std::string> lines_of(const KeptPasses& kept) {
  std::vector<std::string> lines;
  for (const KeptPass& pass : kept.passes)
    lines.push_back(
        fmt::format("{}\t{}\t{}\t{}\t{}\t{}", escape(pass.name), start_words(pass.name, full_time),
                    pass.until ? local(*pass.until, full_time) : "stays", pass.bytes_kept,
                    join(what_it_did(pass), ", "), pass.is_undo ? "" : escape(pass.source)));
  return lines;
}

std::vector<std::string> table_of(const std::vector<KeptVersion>& versions, const UndoPlace& place,
                                  const std::string& path) {
  if (versions.empty()) return {"no pass that is kept has changed " + quote(path)};
  constexpr const char* row = "{:<16}  {:<12}  {}";
  std::vector<std::string> lines{fmt::format(row, "UNTIL PASS", "BEGAN", "IT WAS")};
  for (const KeptVersion& version : versions)
    lines.push_back(fmt::format(row, escape(version.pass), start_words(version.pass, short_time),
                                version_words(version)));
  lines.push_back(one_line(fmt::format("to bring one back: {} --only={} --to=PASS --into=DIR",
                                       command_for(place), shell_word(path))));
  return lines;
}

std::vector<std::string> lines_of(const std::vector<KeptVersion>& versions) {
  std::vector<std::string> lines;
  lines.reserve(versions.size());
  for (const KeptVersion& version : versions)
    lines.push_back(fmt::format("{}\t{}\t{}", escape(version.pass),
                                start_words(version.pass, full_time), version_words(version)));
  return lines;
}

void say_as_json(const KeptPasses& kept) {
  for (const KeptPass& pass : kept.passes) {
    Json object{{"type", "pass"},
                {"pass", pass.name},
                {"is_undo", pass.is_undo},
                {"is_undone", pass.is_undone},
                {"is_complete", pass.is_complete}};
    if (pass.is_undo)
      object["took_back"] = names_taken_back(pass);
    else
      put_bytes(object, "source", pass.source);
    object.update({{"created", pass.created},
                   {"replaced", pass.replaced},
                   {"moved", pass.moved},
                   {"removed", pass.removed},
                   {"metadata_set", pass.metadata_set},
                   {"bytes_kept", pass.bytes_kept}});
    if (pass.until) object["until"] = rfc3339(to_timestamp(*pass.until));
    say_json(object);
  }
  if (kept.held_since) say_json({{"type", "held"}, {"since", *kept.held_since}});
}

void say_as_json(const std::vector<KeptVersion>& versions) {
  for (const KeptVersion& version : versions) {
    Json object{{"type", "version"}, {"until_pass", version.pass}};
    object["was_there"] = version.was_there;
    if (version.was_there) {
      object["kind"] = to_string(version.kind);
      object["size"] = version.size;
      object["mtime"] = rfc3339(version.mtime);
    }
    say_json(object);
  }
}

}  // namespace syncline::cli
