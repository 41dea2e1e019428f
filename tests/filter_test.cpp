// Which names a rule matches, and what the lines of a list say. That the whole of it means what it
// means to rsync is tried by cli_rsync_test.cpp.
//
// SPDX-License-Identifier: MIT
#include "syncline/filter.h"

#include "filter/glob.h"
#include "filter/listed.h"
#include "filter/path.h"
#include "filter/rules.h"
#include "support/random_tree.h"

#include <gtest/gtest.h>

#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace syncline::test {
namespace {

using filter::Glob;

struct Match {
  std::string pattern;
  std::string text;
  bool matches = true;
};
void PrintTo(const Match& match, std::ostream* out) {
  *out << match.pattern << " on " << match.text;
}

class Globs : public testing::TestWithParam<Match> {};

TEST_P(Globs, match_as_they_should) {
  EXPECT_EQ(Glob::wildcards(GetParam().pattern).matches(GetParam().text), GetParam().matches);
}

INSTANTIATE_TEST_SUITE_P(Wildcards, Globs,
                         testing::Values(Match{"*.o", "x.o"}, Match{"*.o", ".o"},
                                         Match{"*.o", "x.c", false}, Match{"*.o", "a/x.o", false},
                                         Match{"**.o", "a/x.o"}, Match{"a?b", "a/b", false},
                                         Match{"a?b", "axb"}, Match{"a*b", "ab"},
                                         Match{"a*b*c", "abbbc"}, Match{"a*b*c", "a/b/c", false},
                                         Match{"a**b*c", "ad/bd/bc"}, Match{"**/a", "x/y/a"},
                                         Match{"**/a", "a", false}, Match{"a/**", "a/"},
                                         Match{"a/**", "a", false}, Match{"*x**y", "a/xy", false},
                                         Match{"***", "a/b"}, Match{"*", ""}, Match{"", "a", false},
                                         Match{"\\*", "*"}, Match{"\\*", "a", false},
                                         Match{"a*\\", "ab\\", false}, Match{"a*\\\\", "ab\\"}));

INSTANTIATE_TEST_SUITE_P(
    Classes, Globs,
    testing::Values(Match{"[ab]", "b"}, Match{"[ab]", "c", false}, Match{"[a-c]", "b"},
                    Match{"[!a-c]", "d"}, Match{"[^a-c]", "b", false}, Match{"[!a]", "/", false},
                    Match{"[/]", "/", false}, Match{"[]a]", "]"}, Match{"[!]a]", "b"},
                    Match{"[a-]", "-"}, Match{"[a\\-c]", "b", false}, Match{"[a-\\c]", "b"},
                    Match{"[\\]]", "]"}, Match{"[a-c-e]", "d", false}, Match{"[[:alpha:]]", "Q"},
                    Match{"[[:alpha:]]", "1", false}, Match{"[[:upper:][:digit:]]", "5"},
                    Match{"[[:alpha:]-z]", "-"}, Match{"[[:]", ":"}, Match{"[[::]", ":", false},
                    Match{"[[:nope:]]", "n", false}, Match{"[a", "a", false},
                    Match{"[\xe0-\xff]*", "\xe9t"}, Match{"[[:alpha:]]", "\xe9", false},
                    Match{"[[:space:]]", "\v"}, Match{"[[:xdigit:]]", "F"},
                    Match{"[[:punct:]]", "~"}));

TEST(Glob, takes_a_literal_at_its_word) {
  EXPECT_TRUE(Glob::literal("a\\b[x]*").matches("a\\b[x]*"));
  EXPECT_FALSE(Glob::literal("a*").matches("ab"));
}

// What the wildcards mean, every possibility tried.
bool matches_slowly(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() != '*') {
    if (text.empty()) return false;
    const bool fits =
        pattern.front() == '?' ? text.front() != '/' : pattern.front() == text.front();
    return fits && matches_slowly(pattern.substr(1), text.substr(1));
  }
  const bool is_deep = pattern.starts_with("**");
  pattern.remove_prefix(is_deep ? pattern.find_first_not_of('*') == std::string_view::npos
                                      ? pattern.size()
                                      : pattern.find_first_not_of('*')
                                : 1);
  while (true) {
    if (matches_slowly(pattern, text)) return true;
    if (text.empty() || (!is_deep && text.front() == '/')) return false;
    text.remove_prefix(1);
  }
}

TEST(Glob, finds_every_match_that_there_is) {
  Random random{announced_seed()};
  const auto text_of = [&](std::string_view alphabet, std::uint64_t most) {
    std::string text;
    for (auto left = random.below(most); left > 0; --left)
      text += alphabet[random.below(alphabet.size())];
    return text;
  };
  int matches = 0;
  for (int i = 0; i < 200'000; ++i) {
    const std::string pattern = text_of("aab/**?", 9);
    const std::string text = text_of("aab/", 12);
    const bool expected = matches_slowly(pattern, text);
    matches += expected ? 1 : 0;
    ASSERT_EQ(Glob::wildcards(pattern).matches(text), expected) << pattern << " on " << text;
  }
  EXPECT_GT(matches, 5000);
}

TEST(Glob, does_not_take_for_ever) {
  std::string pattern;
  for (int i = 0; i < 40; ++i) pattern += "a**a*";
  EXPECT_FALSE(Glob::wildcards(pattern + 'b').matches(std::string(4000, 'a') + "c"));
  EXPECT_FALSE(Glob::wildcards(pattern + "[b]").matches(std::string(4000, 'a')));
}

struct Judged {
  std::string rule;
  std::string path;
  bool is_folder = false;
  bool hidden = false;
};
void PrintTo(const Judged& judged, std::ostream* out) {
  *out << judged.rule << " on " << judged.path << (judged.is_folder ? "/" : "");
}

filter::Path path_of(const std::string& path) {
  const auto slash = path.rfind('/');
  filter::Path result{"/home/me/root", slash == std::string::npos ? "." : path.substr(0, slash)};
  result.set_name(slash == std::string::npos ? path : path.substr(slash + 1));
  return result;
}

class Rules : public testing::TestWithParam<Judged> {};

TEST_P(Rules, hide_what_they_should) {
  const filter::Rules rules{{std::get<FilterRule>(parse_filter(GetParam().rule))}};
  EXPECT_EQ(rules.hides(path_of(GetParam().path), GetParam().is_folder), GetParam().hidden);
}

INSTANTIATE_TEST_SUITE_P(
    All, Rules,
    testing::Values(Judged{"- foo", "foo", false, true}, Judged{"- foo", "a/foo", true, true},
                    Judged{"- foo", "foo/a", false, false}, Judged{"- foo/", "foo", false, false},
                    Judged{"- foo/", "a/foo", true, true}, Judged{"- /foo", "foo", false, true},
                    Judged{"- /foo", "a/foo", false, false}, Judged{"- b/c", "a/b/c", false, true},
                    Judged{"- b/c", "a/xb/c", false, false}, Judged{"- b/*", "a/b/c", false, true},
                    Judged{"- b/*", "c", false, false}, Judged{"- /a/*", "a/b/c", false, false},
                    Judged{"- /a/**", "a/b/c", false, true},
                    Judged{"- a**c", "x/a/b/c", false, true}, Judged{"- **/a", "a", false, true},
                    Judged{"- a/***", "a", true, true}, Judged{"- a/***", "a", false, false},
                    Judged{"- a/***", "x/a/b", false, true}, Judged{"- a\\b", "a\\b", false, true},
                    Judged{"- a\\b*", "a\\b", false, false}, Judged{"-! */", "a", false, true},
                    Judged{"-! */", "a", true, false},
                    Judged{"-/ /home/me/root/a", "a", false, true},
                    Judged{"-/ me/root/a", "a", false, true}, Judged{"-/ /a", "a", false, false},
                    Judged{"-/ a", "x/a", false, true}, Judged{"+ foo", "foo", false, false},
                    Judged{"H foo", "foo", false, true}, Judged{"P foo", "foo", false, false},
                    Judged{"-s foo", "foo", false, true}, Judged{"-r foo", "foo", false, false},
                    Judged{"-p foo", "foo", false, true}));

FilterRule rule(const std::string& text) {
  return std::get<FilterRule>(parse_filter(text));
}

TEST(RuleList, has_its_first_match_decide) {
  const filter::Rules rules{{rule("+ a.o"), rule("- *.o"), rule("+ *")}};
  EXPECT_FALSE(rules.hides(path_of("a.o"), false));
  EXPECT_TRUE(rules.hides(path_of("b.o"), false));
  EXPECT_FALSE(rules.hides(path_of("b.c"), false));
}

TEST(RuleList, protects_what_it_excludes_unless_that_is_to_be_deleted) {
  const std::vector<FilterRule> all{rule("- *.o"), rule("P *.p"), rule("-sr *.q")};
  for (const bool delete_excluded : {false, true}) {
    const filter::Rules rules{all, delete_excluded};
    EXPECT_EQ(rules.protects(path_of("a.o"), false, false), !delete_excluded);
    EXPECT_TRUE(rules.protects(path_of("a.p"), false, false));
    EXPECT_TRUE(rules.protects(path_of("a.q"), false, false));
    EXPECT_TRUE(rules.hides(path_of("a.o"), false));
  }
}

TEST(RuleList, lets_go_of_what_is_perishable_in_an_extraneous_folder) {
  const filter::Rules rules{{rule("-p *.o")}};
  EXPECT_TRUE(rules.protects(path_of("a.o"), false, false));
  EXPECT_FALSE(rules.protects(path_of("a.o"), false, true));
}

TEST(RuleText, is_taken_apart) {
  const FilterRule all = rule("exclude,/!psr_ a b");
  EXPECT_EQ(all.pattern, " a b");
  EXPECT_FALSE(all.includes);
  EXPECT_TRUE(all.is_absolute && all.is_negated && all.is_perishable);
  EXPECT_EQ(all.sides, FilterRule::Sides::both);
  EXPECT_EQ(rule("risk a").sides, FilterRule::Sides::destination);
  EXPECT_TRUE(rule("risk a").includes);
  EXPECT_EQ(rule("hide a").sides, FilterRule::Sides::source);
  EXPECT_TRUE(std::holds_alternative<filter_line::Clear>(parse_filter("clear")));
  EXPECT_TRUE(std::holds_alternative<filter_line::Nothing>(parse_filter("")));
  const auto merge = std::get<filter_line::Merge>(parse_filter("merge,+s a file"));
  EXPECT_EQ(merge.path, "a file");
  EXPECT_EQ(merge.grammar.form, FilterGrammar::Form::patterns);
  EXPECT_TRUE(merge.grammar.usual.includes);
  EXPECT_EQ(merge.grammar.usual.sides, FilterRule::Sides::source);
  EXPECT_THROW(
      parse_filter("H a", {.form = FilterGrammar::Form::rules, .usual = merge.grammar.usual}),
      std::invalid_argument);
}

TEST(RuleText, may_be_a_pattern_with_a_prefix) {
  FilterGrammar excludes{.form = FilterGrammar::Form::prefixed_patterns, .usual = {}};
  EXPECT_TRUE(std::get<FilterRule>(parse_filter("+ a", excludes)).includes);
  EXPECT_EQ(std::get<FilterRule>(parse_filter("+a", excludes)).pattern, "+a");
  EXPECT_EQ(std::get<FilterRule>(parse_filter("!a", excludes)).pattern, "!a");
  EXPECT_TRUE(std::holds_alternative<filter_line::Clear>(parse_filter("!", excludes)));
}

class Refused : public testing::TestWithParam<std::string> {};

TEST_P(Refused, is_named_with_what_is_wrong) {
  try {
    parse_filter(GetParam());
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_EQ(std::string_view{error.what()}.find("'" + GetParam() + "': "), 0U) << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, Refused,
                         testing::Values("foo", " - a", "-", "- ", "-a b", "Hs a", "HC a", "-C",
                                         "-x a", ":C", ": .rules", "dir-merge .rules", "! ", "!a",
                                         "clear a", ".", ". ", ".w a", ".e a", ".n a", ".C a",
                                         ".-+ a", "excl a", "exclude", "H,a", "-s,r a"));

TEST(ListLines, end_where_rsync_ends_them) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(lines_of_list("a\r\nb\n\n#c\n;d\n e\r+ f", false), (Lines{"a", "b", " e", "+ f"}));
  EXPECT_EQ(lines_of_list(std::string_view{"a\nb\0#c\0\0d", 9}, true), (Lines{"a\nb", "d"}));
  EXPECT_THROW(lines_of_list(std::string_view{"a\0b", 3}, false), std::invalid_argument);
}

TEST(ListedPaths, want_what_they_name_and_the_way_there) {
  const auto listed = filter::Listed::build({"a/b/c", "/d/", "./e", "../x/../f", "g/h/.."}, false);
  const filter::Wanted root{listed.get()};
  for (const char* name : {"a", "d", "e", "f", "g"}) EXPECT_TRUE(root.wants(name)) << name;
  EXPECT_FALSE(root.wants("x"));
  EXPECT_FALSE(root.wants_itself("a"));
  EXPECT_TRUE(root.needs_as_way("a"));
  EXPECT_TRUE(root.below("a", false).wants("b"));
  EXPECT_TRUE(root.below("d", false).wants("anything"));
  EXPECT_FALSE(root.below("d", true).wants("anything"));
  EXPECT_FALSE(root.below("e", false).wants("anything"));
  EXPECT_FALSE(root.below("d", false).below("anything", false).wants("more"));
}

TEST(ListedPaths, may_want_all_that_is_below) {
  const auto listed = filter::Listed::build({"a"}, true);
  const filter::Wanted a = filter::Wanted{listed.get()}.below("a", false);
  EXPECT_TRUE(a.below("b", false).is_all());
  EXPECT_TRUE(a.below("b", false).below("c", false).wants("d"));
}

}  // namespace
}  // namespace syncline::test
