// The manual page and the completions name every option that there is, and no other.
//
// SPDX-License-Identifier: MIT
#include "arguments/command_line.h"
#include "support/cli.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

using Names = std::set<std::string>;

/// Other words for what the help names once.
const Names synonyms{"--del",
                     "--delete-during",
                     "--delete-delay",
                     "--delete-after",
                     "--no-o",
                     "--no-g",
                     "--no-p",
                     "--no-t",
                     "-@",
                     "--time-limit",
                     "-P",
                     "--ignore-non-existing"};

cli::CommandLine bare_line() {
  const char* const program = "syncline";
  return {1, &program};
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

void expect_complete(const Names& documented) {
  const cli::CommandLine line = bare_line();
  for (const std::string& name : line.names()) EXPECT_TRUE(documented.contains(name)) << name;
  for (const std::string& name : documented) EXPECT_NE(line.find(name), nullptr) << name;
}

TEST(Documentation, of_the_help_is_complete_and_fits_two_screens) {
  const std::string help = run({SYNCLINE_BINARY, "--help"}).out;
  Names names;
  collect(help, R"([\s(](-[a-zA-Z0-9]|--[a-z0-9-]+)(?=[\s,=\[]))", "", names);
  names.insert(synonyms.begin(), synonyms.end());
  expect_complete(names);
  EXPECT_LE(lines_of(help).size(), 50U);
  for (const std::string& line : lines_of(help)) EXPECT_LE(line.size(), 80U) << line;
}

TEST(Documentation, of_the_manual_page_is_complete) {
  Names names;
  for (const std::string& line : lines_of(content("man/syncline.1"))) {
    if (line.starts_with(".It Fl ")) collect(line, R"(\bFl (-?\S+))", "-", names);
  }
  expect_complete(names);
}

/// The names of all members of `object`, whatever they are in.
void collect_members(const nlohmann::json& object, Names& into) {
  for (const auto& item : object.items()) {
    if (object.is_object()) into.insert(item.key());
    if (item.value().is_structured()) collect_members(item.value(), into);
  }
}

class JsonDocumentation : public Cli {
 protected:
  void collect_from(std::vector<std::string> words) {
    words.insert(words.begin(), {"--json", "-vv", "--progress"});
    words.insert(words.end(), {source, destination});
    for (const std::string& line : lines_of(syncline(words).out))
      collect_members(nlohmann::json::parse(line), members);
  }

  Names members;
};

TEST_F(JsonDocumentation, names_every_member) {
  namespace fs = std::filesystem;
  write(source + "/file", "text");
  write(source + "/\xff", "text");
  fs::create_hard_link(source + "/file", source + "/link");
  fs::create_symlink("file", source + "/symlink");
  collect_from({});
  fs::rename(source + "/file", source + "/moved");
  fs::create_directory(destination + "/symlink.too");
  fs::create_symlink("file", source + "/symlink.too");
  collect_from({});
  collect_from({"--rehash"});
  collect_from({"--files-from=/nowhere"});
  fs::remove_all(source);
  collect_from({});

  Names documented;
  for (const std::string& line : lines_of(content("man/syncline-json.5")))
    if (line.starts_with(".Va ") || line.starts_with(".It Va "))
      collect(line, R"(\b([a-z][a-z_0-9]*)\b)", "", documented);
  EXPECT_GT(members.size(), 60U);
  for (const std::string& name : members) EXPECT_TRUE(documented.contains(name)) << name;
}

TEST(Documentation, of_the_manual_pages_refers_to_pages_that_there_are) {
  for (const std::string& path : paths_in(SYNCLINE_CLI_FOLDER "/man")) {
    Names others;
    collect(read(path), R"(\.Xr (syncline\S* \d))", "", others);
    for (std::string other : others) {
      other[other.size() - 2] = '.';
      EXPECT_NE(content("man/" + other), "") << "named in " << path;
    }
  }
}

TEST(Documentation, of_the_completion_for_bash_is_complete) {
  const std::string text = content("completions/syncline.bash");
  const std::size_t begin = text.find("options='\n");
  ASSERT_NE(begin, std::string::npos);
  const std::size_t end = text.find("'\n", text.find("'\n", begin) + 1);
  Names names;
  collect(text.substr(begin, end - begin), R"(\s(-[^\s=']+))", "", names);
  expect_complete(names);
}

TEST(Documentation, of_the_completion_for_zsh_is_complete) {
  Names names;
  for (const std::string& line : lines_of(content("completions/_syncline"))) {
    const std::size_t description = line.find('[');
    if (line.starts_with("  ") && description != std::string::npos)
      collect(line.substr(0, description), R"((--?[A-Za-z0-9@][a-z0-9-]*))", "", names);
  }
  expect_complete(names);
}

TEST(Documentation, of_the_completion_for_fish_is_complete) {
  Names names;
  const std::string text = content("completions/syncline.fish");
  collect(text, R"( -s (\S))", "-", names);
  collect(text, R"( -l (\S+))", "--", names);
  expect_complete(names);
}

}  // namespace
}  // namespace syncline::test
