// SPDX-License-Identifier: MIT
#include "filter/rules.h"

#include <algorithm>
#include <cstddef>

namespace syncline::filter {

// What is looked for is looked for in the pattern's text, escaped or not, as rsync does.
Rules::Rule::Rule(const FilterRule& rule)
    : includes_(rule.includes),
      is_negated_(rule.is_negated),
      is_perishable_(rule.is_perishable),
      is_of_destination_(rule.sides == FilterRule::Sides::destination) {
  std::string_view pattern = rule.pattern;
  if (pattern.size() > 1 && pattern.ends_with('/')) {
    for_folders_ = true;
    pattern.remove_suffix(1);
  }
  const bool has_wildcards = pattern.find_first_of("*?[") != std::string_view::npos;
  const std::size_t deep_star = pattern.find("**");
  const bool has_deep_star = deep_star != std::string_view::npos;
  const bool begins_deep = deep_star == 0;
  takes_slash_ = pattern.ends_with("***");
  const auto slashes = static_cast<std::uint32_t>(std::ranges::count(pattern, '/'));
  const bool is_anchored = pattern.starts_with('/');

  // Without "**" each slash of a pattern is one of the path, so a longer one is not matched from
  // its front.
  if (!has_deep_star) deciding_ = slashes + 2;

  if (slashes == 0 && !has_deep_star)
    against_ = Against::name;
  else if (rule.is_absolute)
    against_ = Against::absolute;
  else if (begins_deep)
    against_ = Against::rooted;  // "**/x" is also an x at the top

  if (!is_anchored && slashes > 0 && !has_deep_star) {
    begin_ = Begin::last_parts;
    parts_ = slashes + 1;
  } else if (!is_anchored && has_deep_star && !begins_deep) {
    begin_ = Begin::any_part;
  }
  if (is_anchored) pattern.remove_prefix(1);
  glob_ = has_wildcards ? Glob::wildcards(pattern) : Glob::literal(pattern);
}

std::string_view Rules::Rule::subject(const Path& path, bool with_slash) const {
  switch (against_) {
    case Against::name:
      return path.name(with_slash);
    case Against::rooted:
      return path.rooted(with_slash);
    case Against::absolute:
      return path.absolute(with_slash);
    default:
      return path.relative(with_slash);
  }
}

bool Rules::Rule::matches(std::string_view subject) const {
  if (begin_ == Begin::last_parts) {
    std::size_t begin = subject.size();
    for (std::uint32_t part = 0; part < parts_; ++part) {
      if (begin == 0) return false;  // the path is shorter than the pattern
      const std::size_t slash = subject.rfind('/', begin - 1);
      begin = slash == std::string_view::npos ? 0 : slash;
    }
    if (subject[begin] == '/') ++begin;
    return glob_.matches(subject.substr(begin));
  }
  if (glob_.matches(subject)) return true;
  if (begin_ == Begin::front) return false;
  for (std::size_t slash = subject.find('/'); slash != std::string_view::npos;
       slash = subject.find('/', slash + 1))
    if (glob_.matches(subject.substr(slash + 1))) return true;
  return false;
}

bool Rules::Rule::applies(const Path& path, bool is_folder) const {
  if (for_folders_ && !is_folder) return is_negated_;
  return matches(subject(path, takes_slash_ && is_folder)) != is_negated_;
}

Rules::Rules(const std::vector<FilterRule>& rules, bool delete_excluded) {
  using Sides = FilterRule::Sides;
  for (const FilterRule& rule : rules) {
    const bool is_for_source = rule.sides != Sides::destination;
    const bool is_for_destination = rule.sides == Sides::both || rule.sides == Sides::destination ||
                                    (rule.sides == Sides::usual && !delete_excluded);
    if (is_for_source) source_.emplace_back(rule);
    if (is_for_destination) destination_.emplace_back(rule);
  }
}

bool Rules::depend_on_place() const {
  return std::ranges::any_of(source_, &Rule::depends_on_place) ||
         std::ranges::any_of(destination_, &Rule::depends_on_place);
}

std::optional<std::size_t> Rules::names_that_decide() const {
  std::size_t most = 0;
  for (const std::vector<Rule>* rules : {&source_, &destination_})
    for (const Rule& rule : *rules) {
      const auto names = rule.names_that_decide();
      if (!names) return std::nullopt;
      most = std::max(most, *names);
    }
  return most;
}

bool Rules::hides(const Path& path, bool is_folder) const {
  for (const Rule& rule : source_)
    if (rule.applies(path, is_folder)) return !rule.includes();
  return false;
}

Protection Rules::protection(const Path& path, bool is_folder, bool in_extraneous) const {
  for (const Rule& rule : destination_) {
    if (in_extraneous && rule.is_perishable()) continue;
    if (!rule.applies(path, is_folder)) continue;
    if (rule.includes()) return Protection::none;
    return rule.is_of_destination() ? Protection::kept : Protection::excluded;
  }
  return Protection::none;
}

}  // namespace syncline::filter
