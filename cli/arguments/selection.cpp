// SPDX-License-Identifier: MIT
#include "arguments/selection.h"

#include "arguments/option_values.h"
#include "arguments/sizes.h"
#include "arguments/times.h"
#include "arguments/whole_file.h"
#include "outlets/descriptor.h"
#include "text/escape.h"

#include "syncline/filter.h"
#include "syncline/mirror.h"
#include "syncline/named_path.h"

#include <unistd.h>

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace syncline::cli {
namespace {

using Form = FilterGrammar::Form;

// rsync has no such limit; a file that merges itself would be read for ever.
constexpr int most_merges_nested = 32;

std::string named(const std::string& path) {
  return path == "-" ? "on standard input" : quote(path);
}

[[noreturn]] void refuse_file(const std::string& which, const std::string& why) {
  throw Unusable(Status::files_unusable, fmt::format("cannot read the list {}: {}", which, why));
}

/// `which`: what it is called in messages.
std::vector<ListLine> read_list(const std::string& path, const std::string& which,
                                bool zero_ended) {
  try {
    const std::string content =
        read_whole(Descriptor{path == "-" ? ::dup(STDIN_FILENO) : open_to_be_steered(path)});
    return numbered_lines_of_list(
        zero_ended ? content : std::string(after_byte_order_mark(content)), zero_ended);
  } catch (const std::system_error& error) {
    refuse_file(which, error.code().message());
  } catch (const Untrusted& error) {
    refuse_file(which, error.what());
  } catch (const std::invalid_argument& error) {
    refuse_file(which, fmt::format("{}: is it a list for --from0?", error.what()));
  }
}

/// Enough of a line to know it by. A privileged run may have been given any file to read, one with
/// secrets in it too: so no more than the word that a rule begins with.
std::string beginning_of(const std::string& line) {
  constexpr std::size_t most = 10;
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-";
  const std::size_t word = std::min(line.find_first_not_of(letters), line.size());
  const std::size_t shown = line.front() == '-' ? 1 : std::clamp<std::size_t>(word, 1, most);
  return escape(line.substr(0, shown)) + (shown < line.size() ? "..." : "");
}

/// How what can be said instead is typed.
std::string_view advice_of(const FilterError& error) {
  switch (error.advice()) {
    case FilterAdvice::none:
      break;
    case FilterAdvice::merge_one_file:
      return ": name a file of rules with --filter='merge FILE'";
    case FilterAdvice::name_patterns:
      return ": list the patterns with --exclude-from=FILE";
  }
  return {};
}

class Filters {
 public:
  explicit Filters(bool zero_ended) : zero_ended_(zero_ended) {}

  /// Of the option of that name.
  void add_rule(const std::string& option, const std::string& rule, const FilterGrammar& grammar) {
    try {
      add(rule, grammar, "named by " + option);
    } catch (const FilterError& error) {
      refuse(fmt::format("{}: {}{}", option, one_line(error.what()), advice_of(error)));
    }
  }

  void add_file(const std::string& path, const FilterGrammar& grammar) {
    add_file(path, named(path), grammar);
  }

  std::vector<FilterRule> rules;

 private:
  void add(const std::string& line, const FilterGrammar& grammar, const std::string& where) {
    FilterLine said = parse_filter(line, grammar);
    if (std::holds_alternative<filter_line::Clear>(said)) rules.clear();
    if (auto* const rule = std::get_if<FilterRule>(&said)) rules.push_back(std::move(*rule));
    if (const auto* const merge = std::get_if<filter_line::Merge>(&said)) {
      const bool is_of_option = nested_ == 0;
      add_file(merge->path, is_of_option ? named(merge->path) : where, merge->grammar);
    }
  }

  void add_file(const std::string& path, const std::string& which, const FilterGrammar& grammar) {
    if (++nested_ > most_merges_nested)
      refuse_file(which, fmt::format("it is merged {} deep, perhaps by itself", nested_));
    for (const ListLine& line : read_list(path, which, zero_ended_)) {
      const std::string where = fmt::format("{}, line {}", named(path), line.number);
      try {
        add(line.text, grammar, "that is merged by " + where);
      } catch (const FilterError& error) {
        refuse(fmt::format("{}: '{}': {}{}", where, beginning_of(line.text), error.why(),
                           advice_of(error)));
      }
    }
    --nested_;
  }

  const bool zero_ended_;
  int nested_ = 0;
};

FilterGrammar patterns(bool includes) {
  FilterGrammar grammar{.form = Form::prefixed_patterns, .usual = {}};
  grammar.usual.includes = includes;
  return grammar;
}

// rsync reads a list that is named before --from0 by lines, which nobody can have meant.
void refuse_late_from0(const CommandLine& line) {
  const CLI::Option* first = nullptr;
  for (const auto& [option, value] : line.in_order()) {
    const bool names_list =
        option == &line.exclude_from || option == &line.include_from || option == &line.filter;
    if (names_list && first == nullptr) first = option;
    if (option != &line.from0) continue;
    if (first == nullptr) return;
    refuse(
        fmt::format("--from0 must come before {}, whose file it is meant for", first->get_name()));
  }
}

std::vector<FilterRule> filters(const CommandLine& line) {
  Filters filters{given(line.from0)};
  for (const auto& [option, value] : line.in_order()) {
    const std::string name = option->get_name();
    if (option == &line.exclude) filters.add_rule(name, value, patterns(false));
    if (option == &line.include) filters.add_rule(name, value, patterns(true));
    if (option == &line.filter) filters.add_rule(name, value, {});
    if (option == &line.exclude_from) filters.add_file(value, patterns(false));
    if (option == &line.include_from) filters.add_file(value, patterns(true));
  }
  return std::move(filters.rules);
}

void refuse_contradictions(const CommandLine& line) {
  if (given(line.delete_excluded) && given(line.no_delete))
    refuse("--no-delete contradicts --delete-excluded");
  refuse_late_from0(line);
  if (!given(line.files_from)) return;
  for (const CLI::Option* const option :
       {&line.delete_all, &line.max_delete, &line.delete_before, &line.delete_excluded})
    if (given(*option))
      refuse(fmt::format("--files-from deletes nothing: it contradicts {}", option->get_name()));
  if (line.files_from.count() > 1) refuse("--files-from is given twice");
}

}  // namespace

void set_selection(const CommandLine& line, Options& options) {
  refuse_contradictions(line);
  options.filters = filters(line);
  options.delete_excluded = given(line.delete_excluded);
  if (given(line.files_from)) {
    const std::string& path = line.files_from.results().front();
    std::vector<std::string> paths;
    for (ListLine& listed : read_list(path, named(path), given(line.from0)))
      paths.push_back(std::move(listed.text));
    options.listed = std::move(paths);
  }
  options.recurse_listed = given(line.recursive);
  TransferRules& transfer = options.transfer;
  transfer.existing_only = given(line.existing);
  transfer.ignore_existing = given(line.ignore_existing);
  transfer.update = given(line.update);
  transfer.max_bytes = last_value_of(line.max_size, parse_size);
  transfer.min_bytes = last_value_of(line.min_size, parse_size);
  transfer.min_age = last_value_of(line.min_age, parse_interval);
}

}  // namespace syncline::cli
