// Filter rules read from text.
//
// SPDX-License-Identifier: MIT
#include "syncline/filter.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace syncline {
namespace {

using Form = FilterGrammar::Form;
using Sides = FilterRule::Sides;

constexpr std::array<std::pair<std::string_view, char>, 9> long_names{{
    {"exclude", '-'},
    {"include", '+'},
    {"hide", 'H'},
    {"show", 'S'},
    {"protect", 'P'},
    {"risk", 'R'},
    {"merge", '.'},
    {"dir-merge", ':'},
    {"clear", '!'},
}};

[[noreturn]] void refuse(std::string_view line, const std::string& why) {
  throw FilterError{line, why};
}

/// "-,p *.o": the letter that names the rule, its modifiers, and the pattern or file.
struct Parts {
  char name = 0;
  std::string_view modifiers;
  bool has_argument = false;  ///< a space or underscore, with whatever is behind it
  std::string_view argument;
};

Parts take_apart(std::string_view line) {
  Parts parts{.name = line.front(), .modifiers = line.substr(1), .argument = {}};
  for (const auto& [name, letter] : long_names) {
    if (!line.starts_with(name)) continue;
    const std::string_view rest = line.substr(name.size());
    if (!rest.empty() && rest.front() != ' ' && rest.front() != '_' && rest.front() != ',')
      continue;
    parts.name = letter;
    parts.modifiers = rest;
  }
  if (parts.modifiers.starts_with(',')) parts.modifiers.remove_prefix(1);
  if (const auto end = parts.modifiers.find_first_of(" _"); end != std::string_view::npos) {
    parts.has_argument = true;
    parts.argument = parts.modifiers.substr(end + 1);
    parts.modifiers = parts.modifiers.substr(0, end);
  }
  return parts;
}

std::string_view modifiers_of(char name) {
  if (name == '-' || name == '+') return "/!srp";
  if (name == '.') return "-+/srp";
  return "/!p";
}

// What rsync knows besides, each with what to say instead.
void refuse_unsupported(std::string_view line, const Parts& parts) {
  if (parts.name == ':')
    throw FilterError{line, "per-directory merge files are not read", FilterAdvice::merge_one_file};
  for (const char modifier : parts.modifiers) {
    const bool is_merge = parts.name == '.';
    if (modifier == 'C')
      throw FilterError{line, "the modifier C (CVS) is not known here",
                        FilterAdvice::name_patterns};
    if (modifier == 'x')
      refuse(line, "rules on extended attributes (modifier x) are not known here: take it out");
    if (is_merge && modifier == 'w')
      refuse(line, "the modifier w is not known here: put each rule on a line of its own");
    if (is_merge && modifier == 'e')
      refuse(line, "the modifier e is not known here: exclude the file by a rule of its own");
    if (is_merge && modifier == 'n')
      refuse(line, "the modifier n has no meaning where a file is merged once: take it out");
  }
}

void apply_modifier(std::string_view line, char modifier, bool& said_source, bool& said_destination,
                    FilterRule& rule) {
  switch (modifier) {
    case '/':
      rule.is_absolute = true;
      break;
    case '!':
      rule.is_negated = true;
      break;
    case 'p':
      rule.is_perishable = true;
      break;
    case 's':
      said_source = true;
      break;
    case 'r':
      said_destination = true;
      break;
    default:
      refuse(line, std::string{"'"} + modifier + "' is no modifier of this rule");
  }
}

/// The rule without its pattern.
FilterRule rule_of(std::string_view line, const Parts& parts, std::string_view modifiers,
                   const FilterRule& usual) {
  FilterRule rule = usual;
  const std::string_view allowed = modifiers_of(parts.name);
  rule.includes = parts.name == '+' || parts.name == 'S' || parts.name == 'R';
  bool said_source = parts.name == 'H' || parts.name == 'S';
  bool said_destination = parts.name == 'P' || parts.name == 'R';
  for (const char modifier : modifiers) {
    if (allowed.find(modifier) == std::string_view::npos)
      refuse(line, std::string{"'"} + modifier + "' is no modifier of this rule");
    apply_modifier(line, modifier, said_source, said_destination, rule);
  }
  if (!said_source && !said_destination) return rule;
  if (usual.sides != Sides::usual)
    refuse(line, "the rule that merges this file names a side already, so its rules must not");
  rule.sides = !said_destination ? Sides::source : !said_source ? Sides::destination : Sides::both;
  return rule;
}

filter_line::Merge parse_merge(std::string_view line, const Parts& parts,
                               const FilterGrammar& grammar) {
  std::string_view modifiers = parts.modifiers;
  filter_line::Merge merge{.path = std::string{parts.argument}, .grammar = {}};
  const bool is_bare = modifiers.starts_with('-') || modifiers.starts_with('+');
  merge.grammar.form = is_bare ? Form::patterns : Form::rules;
  const bool includes = modifiers.starts_with('+');
  if (is_bare) modifiers.remove_prefix(1);
  if (modifiers.find_first_of("-+") != std::string_view::npos)
    refuse(line, "'-' or '+' must be the first modifier, and the only one of the two");
  merge.grammar.usual = rule_of(line, parts, modifiers, grammar.usual);
  merge.grammar.usual.includes = includes;
  return merge;
}

FilterLine parse_rule(std::string_view line, const FilterGrammar& grammar) {
  const Parts parts = take_apart(line);
  if (std::string_view{"-+HSPR.:!"}.find(parts.name) == std::string_view::npos)
    refuse(
        line,
        "a rule begins with one of - + H S P R . or ! and a space, such as '- *.o' or 'P /kept'");
  if (parts.name == '!') {
    if (!parts.modifiers.empty() || parts.has_argument) refuse(line, "nothing may follow '!'");
    return filter_line::Clear{};
  }
  refuse_unsupported(line, parts);
  if (parts.name != '.') {
    FilterRule rule = rule_of(line, parts, parts.modifiers, grammar.usual);
    if (parts.argument.empty()) refuse(line, "a pattern is missing");
    rule.pattern = parts.argument;
    return rule;
  }
  filter_line::Merge merge = parse_merge(line, parts, grammar);
  if (merge.path.empty()) refuse(line, "a file is missing");
  return merge;
}

FilterLine parse_prefixed(std::string_view line, FilterRule rule) {
  if (line == "!") return filter_line::Clear{};
  if (line.starts_with("- ") || line.starts_with("+ ")) {
    rule.includes = line.front() == '+';
    if (line.size() == 2) refuse(line, "a pattern is missing");
    line.remove_prefix(2);
  }
  rule.pattern = line;
  return rule;
}

}  // namespace

FilterLine parse_filter(std::string_view line, const FilterGrammar& grammar) {
  if (line.empty()) return filter_line::Nothing{};
  if (grammar.form == Form::rules) return parse_rule(line, grammar);
  if (grammar.form == Form::prefixed_patterns) return parse_prefixed(line, grammar.usual);
  FilterRule rule = grammar.usual;
  rule.pattern = line;
  return rule;
}

std::vector<ListLine> numbered_lines_of_list(std::string_view content, bool zero_ended) {
  const std::string_view ends = zero_ended ? std::string_view{"\0", 1} : std::string_view{"\n\r"};
  if (!zero_ended && content.find('\0') != std::string_view::npos)
    throw std::invalid_argument("holds a zero byte");
  std::vector<ListLine> lines;
  for (std::size_t number = 1; !content.empty();) {
    const std::string_view line = content.substr(0, content.find_first_of(ends));
    content.remove_prefix(line.size());
    if (!line.empty() && line.front() != '#' && line.front() != ';')
      lines.push_back({number, std::string{line}});
    const bool is_half_an_end = !zero_ended && content.starts_with("\r\n");
    content.remove_prefix(std::min<std::size_t>(1, content.size()));
    if (!is_half_an_end) ++number;
  }
  return lines;
}

std::vector<std::string> lines_of_list(std::string_view content, bool zero_ended) {
  std::vector<std::string> lines;
  for (ListLine& line : numbered_lines_of_list(content, zero_ended))
    lines.push_back(std::move(line.text));
  return lines;
}

}  // namespace syncline
