// SPDX-License-Identifier: MIT
#include "selection.h"

#include "descriptor.h"
#include "escape.h"
#include "option_values.h"
#include "values.h"
#include "whole_file.h"

#include "syncline/filter.h"
#include "syncline/mirror.h"

#include <fcntl.h>
#include <unistd.h>

#include <spdlog/fmt/fmt.h>

#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace syncline::cli {
namespace {

using Form = FilterGrammar::Form;

// rsync has no such limit; a file that merges itself would be read for ever.
constexpr int most_merges_nested = 32;

[[noreturn]] void refuse_file(const std::string& path, const std::string& why) {
  throw Unusable(Status::files_unusable,
                 fmt::format("cannot read the list {}: {}",
                             path == "-" ? "on standard input" : quote(path), why));
}

std::string content_of(const std::string& path) {
  try {
    return read_whole(
        Descriptor{path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)});
  } catch (const std::system_error& error) {
    refuse_file(path, error.code().message());
  }
}

std::vector<std::string> read_list(const std::string& path, bool zero_ended) {
  try {
    const std::string content = content_of(path);
    return lines_of_list(zero_ended ? content : std::string(after_byte_order_mark(content)),
                         zero_ended);
  } catch (const std::invalid_argument& error) {
    refuse_file(path, error.what());
  }
}

class Filters {
 public:
  explicit Filters(bool zero_ended) : zero_ended_(zero_ended) {}

  /// `where` is what the line is refused by: an option, or a file.
  void add(const std::string& where, const std::string& line, const FilterGrammar& grammar) {
    try {
      std::visit([&](auto&& said) { add(std::forward<decltype(said)>(said)); },
                 parse_filter(line, grammar));
    } catch (const std::invalid_argument& error) {
      refuse(fmt::format("{}: {}", where, error.what()));
    }
  }

  void add_file(const std::string& path, const FilterGrammar& grammar) {
    if (++nested_ > most_merges_nested)
      refuse_file(path, fmt::format("it is merged {} deep, perhaps by itself", nested_));
    for (const std::string& line : read_list(path, zero_ended_)) add(path, line, grammar);
    --nested_;
  }

  std::vector<FilterRule> rules;

 private:
  void add(filter_line::Nothing /*said*/) {}
  void add(filter_line::Clear /*said*/) { rules.clear(); }
  void add(FilterRule&& rule) { rules.push_back(std::move(rule)); }
  void add(filter_line::Merge&& merge) { add_file(merge.path, merge.grammar); }

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
    refuse(fmt::format("--from0 must come before {}, whose file it speaks of", first->get_name()));
  }
}

std::vector<FilterRule> filters(const CommandLine& line) {
  Filters filters{given(line.from0)};
  for (const auto& [option, value] : line.in_order()) {
    const std::string name = option->get_name();
    if (option == &line.exclude) filters.add(name, value, patterns(false));
    if (option == &line.include) filters.add(name, value, patterns(true));
    if (option == &line.filter) filters.add(name, value, {});
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
  if (given(line.files_from))
    options.listed = read_list(line.files_from.results().front(), given(line.from0));
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
