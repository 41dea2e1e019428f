// SPDX-License-Identifier: MIT
#include "arguments/reading.h"

#include "arguments/forms.h"
#include "arguments/habits.h"
#include "arguments/nearest.h"
#include "arguments/refusal.h"
#include "arguments/there.h"
#include "text/escape.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>

namespace syncline::cli {
namespace {

const Verb& mirroring() {
  return verbs().front();
}

/// How many positions come before SRC and DST; none: it has no such two.
std::optional<std::size_t> before_roots(const Verb& verb) {
  const auto source = std::ranges::find(verb.positions, "SRC", &Position::name);
  if (source == verb.positions.end()) return std::nullopt;
  return static_cast<std::size_t>(source - verb.positions.begin());
}

std::vector<std::string> with_roots(const Verb& verb, std::vector<std::string> positions,
                                    const std::vector<std::string>& roots) {
  if (positions.size() == before_roots(verb))
    positions.insert(positions.end(), roots.begin(), roots.end());
  const bool lacks_destination = positions.empty() && verb.positions.front().name == "DST";
  if (lacks_destination && roots.size() == 2) positions.push_back(roots.back());
  return positions;
}

/// The first option that was given and that `verb` does not take. What is rsync's alone is the case
/// anyway, or refused by itself.
std::string not_taken(const Verb& verb, const CommandLine& line) {
  const std::set<std::string> own = line.names();
  for (const std::string& option : line.given())
    if (own.contains(option) && !takes(verb, option)) return option;
  return {};
}

bool is_whole(const Verb& verb, const CommandLine& line,
              const std::vector<std::string>& positions) {
  // Nobody knows yet which options those take that are still to come.
  const bool is_taken = verb.task == Task::nothing || not_taken(verb, line).empty();
  return is_taken && has_form_of(verb, positions);
}

[[noreturn]] void refuse_both(const Verb& verb, const std::vector<std::string>& positions) {
  const bool is_pair = positions.size() == 2;
  std::string words;
  for (const std::string& word : positions) words += (words.empty() ? "" : " ") + escape(word);
  refuse(fmt::format("'{}' may be {}, or {}: for the {} say './{}'", verb.word,
                     is_pair ? "the folder SRC" : "the file LOG",
                     verb.task == Task::nothing ? "the verb of a later version" : "the verb",
                     is_pair ? "folder" : "file", words));
}

[[noreturn]] void refuse_reserved(const Verb& verb) {
  const std::string_view advice = advice_on_verb(verb.word);
  refuse(fmt::format("'{}' is no verb yet{}{}; a folder of that name is './{}'", verb.word,
                     advice.empty() ? "" : ": ", advice, verb.word));
}

/// Words that mirror nothing, and that are a command of a verb but for a slip of the hand.
void refuse_mistyped(const CommandLine& line, const std::vector<std::string>& positions) {
  const auto word = line.first_word();
  if (!word) return;
  for (const Verb& verb : verbs()) {
    // What is asked of the disk comes last: nearly always there is nothing to ask.
    if (verb.task == Task::nothing || verb.word.empty() ||
        nearest(*word, {std::string(verb.word)}).empty() || is_whole_mirror(positions) ||
        exists(*word) || !has_form_of(verb, std::span(positions).subspan(1)))
      continue;
    refuse(fmt::format("unknown verb '{}' (did you mean {}?)", escape(*word), verb.word));
  }
}

/// "'syncline undo' and 'syncline plan'"
std::string owners_of(std::string_view option) {
  std::string words;
  for (const Verb& verb : verbs()) {
    if (verb.task == Task::mirror || !takes(verb, option)) continue;
    if (!words.empty()) words += " and ";
    words.append("'syncline ").append(verb.word) += '\'';
  }
  return words;
}

}  // namespace

const Verb& first_word(const CommandLine& line) {
  const auto word = line.first_word();
  if (!word || word->empty()) return mirroring();
  const auto verb = std::ranges::find(verbs(), std::string_view(*word), &Verb::word);
  return verb == verbs().end() ? mirroring() : *verb;
}

std::size_t positions_without_roots(const CommandLine& line) {
  const Verb& verb = first_word(line);
  return before_roots(verb).value_or(0) + (verb.word.empty() ? 0 : 1);
}

Reading reading_of(const CommandLine& line, const std::vector<std::string>& roots) {
  const Verb& verb = first_word(line);
  const std::vector<std::string> typed = line.positions();
  if (verb.task == Task::mirror) {
    refuse_mistyped(line, typed);
    return {&verb, with_roots(verb, typed, roots)};
  }
  std::vector<std::string> rest =
      with_roots(verb, std::vector(typed.begin() + 1, typed.end()), roots);
  if (!is_whole_mirror(typed)) {
    if (verb.task == Task::nothing) refuse_reserved(verb);
    return {&verb, std::move(rest)};
  }
  if (is_whole(verb, line, rest)) refuse_both(verb, typed);
  return {&mirroring(), typed};
}

void refuse_what_it_does_not_take(const Verb& verb, const CommandLine& line) {
  const std::string option = not_taken(verb, line);
  if (option.empty()) return;
  if (verb.task != Task::mirror)
    refuse(fmt::format("{} takes no {}", verb.word, option), verb.word);
  const std::string_view advice = advice_on_strayed_option(option);
  refuse(fmt::format("{} is for {} alone{}{}", option, owners_of(option),
                     advice.empty() ? "" : "; for a mirror, ", advice));
}

}  // namespace syncline::cli
