// The manual page and the completions name every option that there is, and no other.
//
// SPDX-License-Identifier: MIT
#include "command_line.h"
#include "support/cli.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>

namespace syncline::test {
namespace {

using Names = std::set<std::string>;

Names known() {
  const char* const program = "syncline";
  const cli::CommandLine line(1, &program);
  Names names;
  for (const cli::OptionNames& option : line.options()) {
    names.insert(option.all.begin(), option.all.end());
  }
  return names;
}

std::string content(const std::string& file) {
  std::string text = read(SYNCLINE_CLI_FOLDER "/" + file);
  EXPECT_NE(text, "") << file;
  return text;
}

/// `prefix` and what the first group of `pattern` matches, wherever it does in `text`.
void collect(const std::string& text, const char* pattern, const std::string& prefix, Names& into) {
  const std::regex shape(pattern);
  for (std::sregex_iterator at(text.begin(), text.end(), shape), end; at != end; ++at) {
    into.insert(prefix + (*at)[1].str());
  }
}

void expect_same(const Names& documented) {
  for (const std::string& name : known()) EXPECT_TRUE(documented.contains(name)) << name;
  for (const std::string& name : documented) EXPECT_TRUE(known().contains(name)) << name;
}

TEST(Documentation, of_the_manual_page_is_complete) {
  Names names;
  for (const std::string& line : lines_of(content("man/syncline.1"))) {
    if (line.starts_with(".It Fl ")) collect(line, R"(\bFl (-?\S+))", "-", names);
  }
  expect_same(names);
}

TEST(Documentation, of_the_completion_for_bash_is_complete) {
  const std::string text = content("completions/syncline.bash");
  const std::size_t begin = text.find("options='");
  ASSERT_NE(begin, std::string::npos);
  Names names;
  collect(text.substr(begin, text.find("'\n", begin) - begin), R"(\s(-[^\s=']+))", "", names);
  expect_same(names);
}

TEST(Documentation, of_the_completion_for_zsh_is_complete) {
  Names names;
  for (const std::string& line : lines_of(content("completions/_syncline"))) {
    const std::size_t description = line.find('[');
    if (line.starts_with("  ") && description != std::string::npos)
      collect(line.substr(0, description), R"((--?[A-Za-z0-9][a-z0-9-]*))", "", names);
  }
  expect_same(names);
}

TEST(Documentation, of_the_completion_for_fish_is_complete) {
  Names names;
  const std::string text = content("completions/syncline.fish");
  collect(text, R"( -s (\S))", "-", names);
  collect(text, R"( -l (\S+))", "--", names);
  expect_same(names);
}

}  // namespace
}  // namespace syncline::test
