// The manual page and the completions name every option that there is, and no other.
//
// SPDX-License-Identifier: MIT
#include "arguments/command_line.h"
#include "arguments/verbs.h"
#include "support/cli.h"
#include "support/index.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
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

const cli::Verb& mirroring() {
  return cli::verbs().front();
}
const cli::Verb& verb_of(const std::string& word) {
  return *std::ranges::find(cli::verbs(), word, &cli::Verb::word);
}

/// All options that `verb` takes, and no other.
void expect_complete(const Names& documented, const cli::Verb& verb = mirroring()) {
  const cli::CommandLine line = bare_line();
  for (const std::string& name : line.names())
    EXPECT_EQ(documented.contains(name), cli::takes(verb, line.find(name)->get_name())) << name;
  for (const std::string& name : documented) EXPECT_NE(line.find(name), nullptr) << name;
}

constexpr const char* in_help = R"([\s(](-[a-zA-Z0-9]|--[a-z0-9-]+)(?=[\s,=\[]))";

TEST(Documentation, of_the_help_is_complete_and_fits_two_screens) {
  const std::string help = run({SYNCLINE_BINARY, "--help"}).out;
  Names names;
  collect(help, in_help, "", names);
  names.insert(synonyms.begin(), synonyms.end());
  expect_complete(names);
  EXPECT_LE(lines_of(help).size(), 50U);
  for (const std::string& line : lines_of(help)) EXPECT_LE(line.size(), 80U) << line;
}

TEST(Documentation, of_a_verb_by_its_help_is_complete_and_fits_a_screen) {
  const cli::CommandLine line = bare_line();
  for (const cli::Verb& verb : cli::verbs()) {
    if (verb.task == cli::Task::mirror || verb.task == cli::Task::nothing) continue;
    const std::string help = run({SYNCLINE_BINARY, std::string(verb.word), "--help"}).out;
    Names names;
    collect(help, in_help, "", names);
    for (const std::string& name : synonyms)
      if (cli::takes(verb, line.find(name)->get_name())) names.insert(name);
    expect_complete(names, verb);
    EXPECT_LE(lines_of(help).size(), 24U);
    for (const std::string& text : lines_of(help)) EXPECT_LE(text.size(), 80U) << text;
  }
}

TEST(Documentation, of_the_manual_page_is_complete) {
  Names names;
  for (const std::string& line : lines_of(content("man/syncline.1"))) {
    if (line.starts_with(".It Fl ")) collect(line, R"(\bFl (-?\S+))", "-", names);
  }
  expect_complete(names);
}

TEST(Documentation, of_a_verb_by_its_manual_page_is_complete) {
  for (const cli::Verb& verb : cli::verbs()) {
    if (verb.task == cli::Task::mirror || verb.task == cli::Task::nothing) continue;
    const std::string word{verb.word};
    const std::string page = content("man/syncline-" + word + ".1");
    EXPECT_NE(page.find(".Ar " + cli::form_of(verb) + '\n'), std::string::npos);
    EXPECT_NE(content("man/syncline.1")
                  .find(".It Cm " + word + " Oo Ar options Oc Ar " + cli::form_of(verb)),
              std::string::npos);
    const std::size_t begin = page.find(".Bl", page.find(".Sh OPTIONS"));
    Names names;
    for (const std::string& line : lines_of(page.substr(begin, page.find(".El", begin) - begin)))
      if (line.starts_with(".Fl ")) collect(line, R"( (-?[A-Za-z0-9@][a-z0-9-]*))", "-", names);
    expect_complete(names, verb);
  }
}

TEST(Documentation, of_the_manual_page_names_every_word_that_is_kept) {
  const std::string page = content("man/syncline.1");
  const std::size_t begin = page.find(".Sh VERBS");
  const std::string section = page.substr(begin, page.find(".Sh ", begin + 1) - begin);
  for (const cli::Verb& verb : cli::verbs())
    EXPECT_NE(section.find(verb.word), std::string::npos) << verb.word;
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

/// The anchors of a page's headings, as GitHub makes them.
Names anchors_in(const std::string& page) {
  Names anchors;
  for (const std::string& line : lines_of(page)) {
    if (!line.starts_with('#')) continue;
    std::string anchor;
    for (const char c : line.substr(line.find(' ') + 1)) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == ' ' || c == '-') anchor += '-';
      if (std::isalnum(byte) != 0) anchor += static_cast<char>(std::tolower(byte));
    }
    anchors.insert(anchor);
  }
  return anchors;
}

/// All pages: the first one, and those in folders of their own.
Names pages() {
  Names all{SYNCLINE_FOLDER "/README.md"};
  for (const char* folder : {"/cli/doc", "/engine/doc", "/bench"})
    for (const std::string& path : paths_in(std::string(SYNCLINE_FOLDER) + folder))
      if (path.ends_with(".md")) all.insert(path);
  return all;
}

TEST(Documentation, of_all_pages_leads_where_it_says) {
  for (const std::string& path : pages()) {
    SCOPED_TRACE(path);
    Names targets;
    collect(read(path), R"(\]\(([^)\s:]+)\))", "", targets);
    for (const std::string& target : targets) {
      const std::size_t hash = target.find('#');
      const std::string name = target.substr(0, hash);
      const std::string other =
          name.empty() ? path : path.substr(0, path.rfind('/') + 1).append(name);
      EXPECT_TRUE(std::filesystem::exists(other)) << target;
      if (hash != std::string::npos) {
        EXPECT_TRUE(anchors_in(read(other)).contains(target.substr(hash + 1))) << target;
      }
    }
  }
}

TEST(Documentation, of_the_code_names_files_that_there_are) {
  for (const std::string& path : pages()) {
    SCOPED_TRACE(path);
    Names named;
    collect(read(path), R"(\b((?:engine|cli|cmake|bench|tests)/[a-z0-9_./-]*[a-z0-9_]))", "",
            named);
    for (const std::string& name : named)
      EXPECT_TRUE(std::filesystem::exists(std::string(SYNCLINE_FOLDER "/").append(name))) << name;
  }
  const std::string layout = read(SYNCLINE_FOLDER "/engine/doc/developing.md");
  for (const auto& entry : std::filesystem::directory_iterator(SYNCLINE_FOLDER "/engine/src")) {
    const std::string name = "engine/src/" + entry.path().filename().string() + '/';
    EXPECT_TRUE(!entry.is_directory() || layout.find(name) != std::string::npos) << name;
  }
}

TEST(Documentation, of_every_page_is_named_by_the_first_one) {
  const std::string front = read(SYNCLINE_FOLDER "/README.md");
  EXPECT_LE(lines_of(front).size(), 200U);
  for (const std::string& path : pages()) {
    const std::string name = path.substr(std::string(SYNCLINE_FOLDER).size() + 1);
    EXPECT_TRUE(name == "README.md" || front.find("](" + name) != std::string::npos) << name;
  }
  for (const std::string& path : paths_in(SYNCLINE_CLI_FOLDER "/man")) {
    const std::string page = std::filesystem::path(path).stem();
    EXPECT_NE(front.find("`man " + page + '`'), std::string::npos) << page;
  }
}

/// What the rows of a table, or the items of a list, begin with.
Names statuses_in(const std::string& text, const char* pattern) {
  Names found;
  collect(text, pattern, "", found);
  return found;
}

TEST(Documentation, of_the_exit_statuses_is_the_same_everywhere) {
  const Names in_front = statuses_in(read(SYNCLINE_FOLDER "/README.md"), R"(\n\| (\d+) \|)");
  const Names in_manual = statuses_in(content("man/syncline.1"), R"(\n\.It (\d+)(?=\n))");
  EXPECT_EQ(in_front, in_manual);
  const std::string help = run({SYNCLINE_BINARY, "--help"}).out;
  EXPECT_EQ(statuses_in(help.substr(help.find("Exit status:")), R"([\s,](\d+) [A-Za-z-])"),
            in_front);
  EXPECT_EQ(in_front,
            Names({"0", "1", "3", "11", "20", "23", "24", "25", "40", "41", "42", "43", "44"}));
}

using IndexDocumentation = Cli;

TEST_F(IndexDocumentation, has_a_query_that_answers) {
  write(source + "/file", "text");
  write(source + "/copy", "text");
  write(source + "/other", "others");
  const std::string index = home / "index";
  ASSERT_EQ(syncline({"--index=" + index, source, destination}).status, 0);
  const std::string page = content("man/syncline-index.5");
  const std::size_t from = page.find("WITH RECURSIVE");
  const std::string query = page.substr(from, page.find(';', from) - from);
  EXPECT_EQ(number_in_index(index, "SELECT count(*) FROM (" + query + ")"), 1);
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

/// What the shell offers for the last of `words`, with stand-ins for what bash-completion brings:
/// FILES where that would list files.
Names offered_by_bash(const std::string& words) {
  const std::string script = R"(
    _init_completion() { words=($typed); cword=$((${#words[@]} - 1)); cur=${words[cword]}
                         cur=${cur#.}; prev=${words[cword - 1]}; split=false; }
    _filedir() { COMPREPLY+=(FILES); }
    compopt() { :; }
    typed=$2
    . "$1"
    _syncline
    printf '%s\n' "${COMPREPLY[@]}")";
  const std::string completion = SYNCLINE_CLI_FOLDER "/completions/syncline.bash";
  const Exit exit = run({"/bin/bash", "-c", script, "bash", completion, words});
  EXPECT_EQ(exit.status, 0) << exit.err;
  EXPECT_EQ(exit.err, "");
  Names names;
  for (const std::string& line : lines_of(exit.out)) names.insert(line);
  return names;
}

/// Without the sign that a value follows.
Names bare(const Names& offered) {
  Names names;
  for (const std::string& name : offered) names.insert(name.substr(0, name.find('=')));
  return names;
}

TEST(Documentation, of_the_completion_for_bash_is_complete) {
  expect_complete(bare(offered_by_bash("syncline -")));
  expect_complete(bare(offered_by_bash("syncline folder -")));
  expect_complete(bare(offered_by_bash("syncline explain -")), verb_of("explain"));
  expect_complete(bare(offered_by_bash("syncline -n explain entry -")), verb_of("explain"));
  expect_complete(bare(offered_by_bash("syncline undo folder -")), verb_of("undo"));
  expect_complete(bare(offered_by_bash("syncline plan folder -")), verb_of("plan"));
  expect_complete(bare(offered_by_bash("syncline apply file -")), verb_of("apply"));
}

// A dot of the test's own stands for the empty word that the shell completes.
TEST(Documentation, of_the_completion_for_bash_has_verbs_in_first_place) {
  EXPECT_EQ(offered_by_bash("syncline ."), (Names{"FILES", "apply", "explain", "plan", "undo"}));
  EXPECT_EQ(offered_by_bash("syncline -n ex"), (Names{"FILES", "explain"}));
  EXPECT_EQ(offered_by_bash("syncline -n un"), (Names{"FILES", "undo"}));
  EXPECT_EQ(offered_by_bash("syncline -n pl"), (Names{"FILES", "plan"}));
  EXPECT_EQ(offered_by_bash("syncline explain ."), (Names{"FILES"}));
  EXPECT_EQ(offered_by_bash("syncline folder ex"), (Names{"FILES"}));
}

/// The options of the arrays of these names.
Names offered_by_zsh(const Names& arrays) {
  Names names;
  bool is_within = false;
  for (const std::string& line : lines_of(content("completions/_syncline"))) {
    if (line.ends_with("=(")) is_within = arrays.contains(line.substr(0, line.size() - 2));
    if (line == ")") is_within = false;
    if (is_within)
      collect(line.substr(0, line.find('[')), R"((--?[A-Za-z0-9@][a-z0-9-]*))", "", names);
  }
  return names;
}

TEST(Documentation, of_the_completion_for_zsh_is_complete) {
  expect_complete(offered_by_zsh({"common", "explained", "told", "paced", "mirrored"}));
  expect_complete(offered_by_zsh({"common", "explained"}), verb_of("explain"));
  expect_complete(offered_by_zsh({"common", "told", "undone"}), verb_of("undo"));
  expect_complete(offered_by_zsh({"common", "explained", "told", "planned"}), verb_of("plan"));
  expect_complete(offered_by_zsh({"common", "told", "paced", "applied"}), verb_of("apply"));
  const std::string script = content("completions/_syncline");
  for (const char* call : {"$common $explained '1:verb:(explain)'", "$common $told $undone '1:",
                           "$common $explained $told $planned '1:verb:(plan)'",
                           "$common $told $paced $applied '1:verb:(apply)'",
                           "$common $explained $told $paced $mirrored"})
    EXPECT_NE(script.find(call), std::string::npos) << call;
}

Names offered_by_fish(const std::string& text) {
  Names names;
  collect(text, R"( -s (\S))", "-", names);
  collect(text, R"( -l (\S+))", "--", names);
  return names;
}

TEST(Documentation, of_the_completion_for_fish_is_complete) {
  // The conditions that keep an option from a verb.
  const std::map<std::string, Names> kept_from = {
      {"", {"$undoes", "$plans", "$applies"}},
      {"explain", {"$mirrors", "$paces", "$tells", "$undoes", "$plans", "$applies"}},
      {"undo", {"$mirrors", "$paces", "$explains", "$keeps", "$plans", "$applies"}},
      {"plan", {"$mirrors", "$paces", "$undoes", "$applies"}},
      {"apply", {"$mirrors", "$explains", "$undoes", "$plans"}}};
  for (const auto& [word, conditions] : kept_from) {
    std::string offered;
    for (const std::string& line : lines_of(content("completions/syncline.fish"))) {
      const bool is_kept = std::ranges::any_of(conditions, [&](const std::string& condition) {
        return line.find(condition + ' ') != std::string::npos;
      });
      if (line.starts_with("complete ") && !is_kept) offered += line + '\n';
    }
    expect_complete(offered_by_fish(offered), verb_of(word));
  }
}

TEST(Documentation, of_the_completions_tells_what_a_verb_does) {
  for (const cli::Verb& verb : cli::verbs()) {
    if (verb.task == cli::Task::mirror) continue;
    const bool is_there = verb.task != cli::Task::nothing;
    const auto has = [](const char* file, const std::string& text) {
      return content(std::string("completions/") + file).find(text) != std::string::npos;
    };
    std::string for_fish = "-a ";
    for_fish.append(verb.word).append(" -d '").append(verb.summary) += '\'';
    std::string for_zsh = "'";
    for_zsh.append(verb.word).append(":").append(verb.summary) += '\'';
    EXPECT_EQ(has("syncline.fish", for_fish), is_there) << verb.word;
    EXPECT_EQ(has("_syncline", for_zsh), is_there) << verb.word;
  }
}

}  // namespace
}  // namespace syncline::test
