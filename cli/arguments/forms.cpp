// SPDX-License-Identifier: MIT
#include "arguments/forms.h"

#include "arguments/habits.h"
#include "arguments/nearest.h"
#include "arguments/option_values.h"
#include "arguments/there.h"
#include "arguments/times.h"
#include "arguments/values.h"
#include "text/escape.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <string_view>

namespace syncline::cli {
namespace {

constexpr std::string_view both_forms =
    "expected 'SRC DST' (once) or 'LOG SRC DST INTERVAL' (a loop)";

/// "60sec", "1h30", "5 m", "-5": typed as a time, whether or not it is one.
bool is_like_time(const std::string& word) {
  const std::size_t digit = word.starts_with('-') ? 1 : 0;
  const bool has_digit = digit < word.size() && word[digit] >= '0' && word[digit] <= '9';
  return has_digit && word.find_first_of("/-_", digit) == std::string::npos && !exists(word);
}

/// What a shell makes of SRC/*: several entries, and then DST.
bool are_several_sources(const std::vector<std::string>& words) {
  if (!std::all_of(words.begin(), words.end() - 1, exists)) return false;
  // A loop whose LOG is there already, and whose INTERVAL is missing or none.
  const bool has_interval = words.size() == 4 && is_folder(words[2]) && !exists(words[3]);
  const bool is_loop = !is_folder(words[0]) && is_folder(words[1]);
  return !is_loop || (words.size() != 3 && !has_interval);
}

/// Sentences about words that make none of the forms. The most likely mistake goes first.
std::string why_no_form(const CommandLine& line, const std::vector<std::string>& words) {
  constexpr std::string_view several =
      "several sources are not taken (did the shell expand a pattern?): mirror the folder that "
      "they are in, with --include and --exclude to select";
  if (words.size() <= 2) {
    if (!words.empty() && !exists(words[0])) {
      if (const auto advice = advice_on_verb(words[0]); !advice.empty())
        return fmt::format("'{}' is taken for SRC, which it is not: {}", escape(words[0]), advice);
    }
    const std::string why = swallowed(line);
    return (words.empty() ? "no paths are given: " : "one argument is too few: ") +
           (why.empty() ? std::string(both_forms) : fmt::format("{}; {}", why, both_forms));
  }
  if (!exists(words[0])) {
    if (const auto advice = advice_on_verb(words[0]); !advice.empty())
      return fmt::format("'{}' is one argument too many: {}", escape(words[0]), advice);
  }
  if (words.size() == 3 && !exists(words[2])) {
    if (const auto advice = advice_on_verb(words[2]); !advice.empty())
      return fmt::format("'{}' is one argument too many: {}", escape(words[2]), advice);
  }
  if (words.size() == 5)
    return are_several_sources(words)
               ? std::string(several)
               : fmt::format("'{}' is one argument too many: {}", escape(words.back()), both_forms);
  const auto time = std::ranges::find_if(words, is_time);
  if (words.size() == 3) {
    const std::string why = swallowed(line);
    if (!why.empty())
      return fmt::format("three arguments fit neither form: {}; {}", why, both_forms);
    if (time != words.end() && !exists(*time))
      return fmt::format(
          "three arguments fit neither form: for a loop say --interval={} SRC DST, or put a LOG in "
          "front: LOG SRC DST INTERVAL",
          escape(*time));
    if (is_like_time(words.back())) parsed("INTERVAL", words.back(), parse_interval);
    if (are_several_sources(words)) return std::string(several);
    return fmt::format(
        "three arguments fit neither form: {}; either INTERVAL is missing, or a path is one too "
        "many",
        both_forms);
  }
  if (time != words.end() && !exists(*time))
    return fmt::format("INTERVAL comes last: LOG SRC DST INTERVAL, but '{}' was there",
                       escape(words.back()));
  if (are_several_sources(words)) return std::string(several);
  return {};
}

bool may_be_destination(const std::string& path) {
  return is_folder(path) || !exists(path);
}

}  // namespace

bool is_whole_mirror(const std::vector<std::string>& words) {
  if (words.size() == 2) return is_folder(words[0]) && may_be_destination(words[1]);
  return words.size() == 4 && !is_folder(words[0]) && is_folder(words[1]) &&
         may_be_destination(words[2]) && is_time(words[3]);
}

// "4" for --threads is no path.
std::string swallowed(const CommandLine& line) {
  const CommandLine::Taken* likely = nullptr;
  for (const CommandLine::Taken& taken : line.taken())
    if (exists(taken.value) || (likely == nullptr && !is_number(taken.value))) likely = &taken;
  if (likely == nullptr) return {};
  return fmt::format("{} took '{}' as its {}", likely->by, escape(likely->value), likely->noun);
}

void refuse_strangers(const CommandLine& line, const std::vector<std::string>& positions) {
  const std::vector<std::string> strangers = line.strangers();
  if (strangers.empty()) return;
  const std::string& stranger = strangers.front();
  // "-.5" and "-inf" look like options; where only INTERVAL is missing, that is what they were
  // meant as.
  if (positions.size() == 3 && is_number(stranger)) parsed("INTERVAL", stranger, parse_interval);
  if (const auto advice = advice_on_option(stranger); !advice.empty())
    refuse(fmt::format("unknown option '{}': {}", escape(stranger), advice));
  // What has a value is compared without it.
  const std::string meant = nearest(stranger.substr(0, stranger.find('=')), line.long_names());
  refuse(fmt::format("unknown option '{}'{}", escape(stranger),
                     meant.empty() ? "" : fmt::format(" (did you mean {}?)", meant)));
}

std::vector<std::string> checked_form(const CommandLine& line, std::vector<std::string> words) {
  if (words.size() < 5) refuse_strangers(line, words);
  // "sync src" lacks DST, where there is nothing of that name.
  const bool is_pair = words.size() == 2 && (exists(words[0]) || advice_on_verb(words[0]).empty());
  const bool is_form = is_pair || (words.size() == 4 && is_time(words.back()));
  if (is_form) return words;
  if (const std::string why = why_no_form(line, words); !why.empty()) refuse(why);
  return words;
}

}  // namespace syncline::cli
