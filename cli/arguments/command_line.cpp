// SPDX-License-Identifier: MIT
#include "arguments/command_line.h"

#include "arguments/nearest.h"
#include "arguments/rsync_flags.h"
#include "text/escape.h"

#include "syncline/mirror.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <map>
#include <utility>

namespace syncline::cli {

namespace {

bool takes_value(const CLI::Option& option) {
  return option.get_items_expected_min() > 0;
}

std::unique_ptr<CLI::App> bare_app() {
  auto app = std::make_unique<CLI::App>("", "syncline");
  app->set_help_flag();  // ours has a meaning that depends on the positions
  app->allow_extras();
  return app;
}

}  // namespace

bool CommandLine::is_plan(int argc, const char* const* argv) {
  constexpr std::string_view word = "plan";
  if (std::find(argv + 1, argv + argc, word) == argv + argc) return false;
  try {
    return CommandLine(argc, argv, true).first_word() == word;
  } catch (const Unusable&) {
    return argc > 1 && argv[1] == word;  // it is refused for what it is, then
  }
}

CommandLine::CommandLine(int argc, const char* const* argv)
    : CommandLine(argc, argv, is_plan(argc, argv)) {}

CommandLine::CommandLine(int argc, const char* const* argv, bool is_plan)
    : app_(bare_app()), is_plan_(is_plan) {
  own_options_ = app_->get_options().size();
  for (const char* position : {"first", "second", "third", "fourth", "surplus"}) {
    positions_.push_back(value(position));
  }

  add_rsync_flags();
  const std::vector<std::string> words(argv + 1, argv + argc);
  sort_out(words);
  refuse_misused_equals(words);
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ArgumentMismatch&) {
    refuse(escape(words.back()) + " lacks a value");  // only the last option can
  } catch (const CLI::ParseError& error) {
    refuse(one_line(error.what()));
  }
}

void CommandLine::refuse_misused_equals(const std::vector<std::string>& words) const {
  for (const std::string& word : words) {
    if (word == "--") break;
    const std::size_t equals = word.find('=');
    if (!word.starts_with("--") || equals == std::string::npos) continue;
    const std::string name = word.substr(0, equals);
    if (word.size() == equals + 1) refuse(escape(name) + " lacks a value");
    const CLI::Option* const option = app_->get_option_no_throw(name);
    if (option != nullptr && option->get_items_expected_max() == 0 &&
        std::ranges::find(may_have_value_, option) == may_have_value_.end())
      refuse(name + " takes no value");
  }
}

/// What is an option and what the value of one, as CLI11 will see it.
void CommandLine::sort_out(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    const std::string& word = words[i];
    if (!word.starts_with('-') || word == "-") {
      starts_with_word_ = true;
      continue;
    }
    std::string name = word;
    if (!word.starts_with("--")) {
      refuse_single_dash(word);
      refuse_digit(word);
      // The first letter that takes a value takes all that is behind it.
      const auto letter = std::find_if(word.begin() + 1, word.end(), [this](char c) {
        const CLI::Option* const option = app_->get_option_no_throw(std::string("-") + c);
        return option != nullptr && takes_value(*option);
      });
      if (letter == word.end() || letter + 1 != word.end()) continue;
      name = std::string("-") + *letter;
    }
    const CLI::Option* const option = app_->get_option_no_throw(name);
    if (option == nullptr || !takes_value(*option) || i + 1 == words.size()) continue;
    taken_.push_back({.by = name, .noun = option->get_description(), .value = words[++i]});
  }
}

/// Whether all of `letters` are flags that nobody refuses, up to one that takes the rest as value.
bool CommandLine::is_understood(const std::string& letters) const {
  for (const char letter : letters) {
    const CLI::Option* const option = app_->get_option_no_throw(std::string("-") + letter);
    if (option == nullptr ||
        std::ranges::find(refused_, option, &Refused::option) != refused_.end())
      return false;
    if (takes_value(*option)) return true;
  }
  return true;
}

bool CommandLine::changes_nothing(const std::string& letters) const {
  return std::ranges::all_of(letters, [this](char letter) {
    const CLI::Option* const option = app_->get_option_no_throw(std::string("-") + letter);
    return std::ranges::find(implied_, option) != implied_.end();
  });
}

/// "-delete" would be read as -d -e lete. What spells a long option is one, unless it does not
/// matter ("-acls"); what cannot be read letter by letter is most likely a mistyped one.
void CommandLine::refuse_single_dash(const std::string& word) const {
  constexpr std::size_t least_exact = 4;
  constexpr std::size_t least_near = 5;
  const std::string name = '-' + word.substr(0, word.find('='));
  const std::string letters = name.substr(2);
  std::string meant;
  const CLI::Option* const exact = app_->get_option_no_throw(name);
  const bool is_either =
      changes_nothing(letters) && std::ranges::find(implied_, exact) != implied_.end();
  if (exact != nullptr)
    meant = letters.size() >= least_exact && !is_either ? name : "";
  else if (letters.size() >= least_near && !is_understood(letters))
    meant = nearest(name, long_names());
  if (!meant.empty())
    refuse(fmt::format("'{}' has one dash (did you mean {}?)", escape(word), meant));
}

/// CLI11 takes a digit that is no flag, with all behind it, for a number: "-v1" for -v and a
/// position "-1".
void CommandLine::refuse_digit(const std::string& word) const {
  for (std::size_t i = 1; i < word.size(); ++i) {
    const CLI::Option* const option = app_->get_option_no_throw(std::string("-") + word[i]);
    if (option != nullptr && !takes_value(*option)) continue;
    const bool is_digit = word[i] >= '0' && word[i] <= '9';
    if (option == nullptr && is_digit && i > 1)
      refuse(fmt::format("unknown option '-{}' in '{}'", word[i], escape(word)));
    return;
  }
}

std::vector<std::string> CommandLine::positions() const {
  std::vector<std::string> given;
  for (const CLI::Option* position : positions_) {
    if (position->count() != 0) given.push_back(position->results().front());
  }
  return given;
}

std::optional<std::string> CommandLine::first_word() const {
  const std::vector<std::string> given = positions();
  return starts_with_word_ && !given.empty() ? std::optional{given.front()} : std::nullopt;
}

std::set<std::string> CommandLine::names() const {
  std::set<std::string> names;
  std::vector<const CLI::Option*> options = std::as_const(*app_).get_options();
  options.resize(own_options_);
  for (const CLI::Option* option : options) {
    for (const std::string& letter : option->get_snames()) names.insert("-" + letter);
    for (const std::string& name : option->get_lnames()) names.insert("--" + name);
  }
  return names;
}

const CLI::Option* CommandLine::find(const std::string& name) const {
  return std::as_const(*app_).get_option_no_throw(name);
}

std::set<std::string> CommandLine::given() const {
  std::set<std::string> names;
  for (const CLI::Option* option : std::as_const(*app_).get_options()) {
    if (!option->get_positional() && option->count() != 0) names.insert(option->get_name());
  }
  return names;
}

std::vector<std::string> CommandLine::strangers() const {
  std::vector<std::string> words = app_->remaining();
  std::erase(words, "--");
  return words;
}

std::vector<CommandLine::Given> CommandLine::in_order() const {
  std::vector<Given> given;
  std::map<const CLI::Option*, std::size_t> times;
  for (const CLI::Option* const option : app_->parse_order()) {
    const std::size_t time = times[option]++;
    const bool has_value = option->get_items_expected_max() != 0;
    given.push_back({option, has_value ? option->results().at(time) : std::string{}});
  }
  return given;
}

std::vector<std::string> CommandLine::long_names() const {
  std::vector<std::string> names;
  for (const CLI::Option* option : app_->get_options()) {
    if (std::ranges::find(refused_, option, &Refused::option) != refused_.end()) continue;
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

void CommandLine::add_rsync_flags() {
  const std::set<std::string> own = names();
  const auto is_own = [&](const std::string& flags) {
    const std::vector<std::string> each = CLI::detail::split(flags, ',');
    return std::ranges::any_of(each, [&](const std::string& name) { return own.contains(name); });
  };
  for (const RsyncRow& row : rsync_rows()) {
    if (row.here == Here::same) continue;
    for (const RsyncFlag& known : flags_of(row)) {
      if (is_own(known.names)) continue;
      const char* const names = known.names.c_str();
      const CLI::Option* const option = known.takes_value ? value(names) : flag(names);
      if (row.here == Here::refused)
        refused_.push_back({option, row.text});
      else if (!known.takes_value)
        implied_.push_back(option);
    }
  }
  if (is_plan_) implied_.push_back(flag("--owner"));  // whose letter is taken
}

void CommandLine::refuse_rsync_flags() const {
  for (const auto& [option, reason] : refused_)
    if (option->count() != 0) refuse(fmt::format("{}: {}", option->get_name(false, true), reason));
}

bool CommandLine::is_said_outright(const std::string& flag) const {
  return std::ranges::any_of(implied_, [&](const CLI::Option* option) {
    return option->count() != 0 && option->check_name(flag);
  });
}

CLI::Option* CommandLine::flag(const char* names) {
  return app_->add_flag(names)->disable_flag_override()->multi_option_policy(
      CLI::MultiOptionPolicy::TakeAll);
}

CLI::Option* CommandLine::flag_or_value(const char* name) {
  CLI::Option* const option =
      app_->add_flag(name)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  may_have_value_.push_back(option);
  return option;
}

CLI::Option* CommandLine::value(const char* names, const char* noun) {
  return app_->add_option(names)->description(noun)->multi_option_policy(
      CLI::MultiOptionPolicy::TakeAll);
}

}  // namespace syncline::cli
