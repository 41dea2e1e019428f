// A word in first place: when it is a verb, when a folder, and when nobody can tell.
//
// SPDX-License-Identifier: MIT
#include "arguments/arguments.h"
#include "arguments/command_line.h"
#include "arguments/verbs.h"
#include "support/cli.h"

#include "syncline/mirror.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;
using Is = cli::Position::Is;

class Verbs : public Cli {
 protected:
  Verbs() { write(source + "/entry", "text"); }

  [[nodiscard]] std::string here(const std::string& name) const { return home / name; }

  void make_folder(const std::string& name) const {
    fs::create_directory(here(name));
    write(here(name) + "/of " + name, name);
  }

  /// With the scene's folder as the working one, so that paths are mere words.
  [[nodiscard]] Exit type(const Words& arguments) const {
    return run(shell("cd '" + home.path() + "' && exec \"$@\"", arguments));
  }

  /// In one line that has all of `named`, and nothing is touched.
  void expect_refused(const Words& arguments, const Words& named) const {
    const std::set<std::string> before = paths_in(home.path());
    const Exit exit = type(arguments);
    EXPECT_EQ(exit.status, 1);
    EXPECT_EQ(exit.out, "");
    EXPECT_TRUE(is_one_line(exit.err));
    for (const std::string& part : named) EXPECT_NE(exit.err.find(part), std::string::npos);
    EXPECT_EQ(paths_in(home.path()), before);
    if (HasFailure()) ADD_FAILURE() << testing::PrintToString(arguments) << ": " << exit.err;
  }

  void expect_mirrored(const Words& arguments, const std::string& from,
                       const std::string& to) const {
    const Exit exit = type(arguments);
    EXPECT_EQ(exit.status, 0) << testing::PrintToString(arguments) << ": " << exit.err;
    EXPECT_EQ(read(here(to) + "/of " + from), from) << testing::PrintToString(arguments);
  }

  /// Words that would be whole for `verb`, made so by what is put there.
  [[nodiscard]] Words made_for(const cli::Verb& verb) const {
    Words words;
    for (const cli::Position& position : verb.positions) {
      if (position.times == cli::Position::Times::perhaps && !words.empty()) break;
      const std::string name = "a" + std::to_string(words.size());
      words.push_back(name);
      if (position.is == Is::folder) make_folder(name);
      if (position.is == Is::file) write(here(name), name);
    }
    return words;
  }
};

Words with(const std::string& word, Words words) {
  words.insert(words.begin(), word);
  return words;
}

TEST_F(Verbs, explain_tells_what_why_does) {
  const Exit why = type({"--why=entry", "source", "destination"});
  EXPECT_EQ(why.status, 0);
  EXPECT_NE(why.out.find("would create file \"entry\""), std::string::npos) << why.out;
  for (const Words& words :
       {Words{"explain", "entry", "source", "destination"},
        Words{"explain", "./source/../source/entry", "./source/../source", "destination"},
        Words{"explain", "source/entry", "source", "destination"},
        Words{"-n", "--rehash", "explain", "entry", "source", "destination"},
        Words{"explain", "entry", "-a", "source", "destination", "--exclude=other"},
        Words{"explain", "--", "entry", "source", "destination"},
        Words{"--exclude", "explain", "explain", "entry", "source", "destination"}}) {
    const Exit exit = type(words);
    EXPECT_EQ(exit.status, 0) << exit.err;
    EXPECT_EQ(exit.out, why.out) << testing::PrintToString(words);
  }
  EXPECT_FALSE(fs::exists(destination));
}

TEST_F(Verbs, explain_heeds_the_options_that_it_takes) {
  const Exit exit = type({"explain", "entry", "--exclude=ent*", "source", "destination"});
  EXPECT_NE(exit.out.find("the filter rules exclude it"), std::string::npos) << exit.out;
}

TEST_F(Verbs, explain_has_its_own_sentences) {
  const std::string form = "explain expects 'PATH SRC DST'";
  expect_refused({"explain"}, {form, "try 'syncline explain --help'"});
  expect_refused({"explain", "entry", "source"}, {"too few", form});
  expect_refused({"explain", "entry", "--exclude", "source", "destination"},
                 {form, "--exclude took 'source' as its pattern"});
  expect_refused({"explain", "entry", "source", "destination", "surplus"}, {"'surplus'", form});
  expect_refused({"explain", "", "source", "destination"}, {"PATH is empty"});
  expect_refused({"explain", "/etc/passwd", "source", "destination"},
                 {"PATH '/etc/passwd' lies in neither SRC nor DST"});
  expect_refused({"explain", "entry", "--bogus", "source", "destination"}, {"'--bogus'"});
  expect_refused({"explain", "entry", "host:source", "destination"}, {"another machine"});
  expect_refused({"explain", "--usermap=a:b", "entry", "source", "destination"}, {"--usermap"});
  expect_refused({"explian", "entry", "source", "logs"}, {"unknown verb 'explian'", "explain?"});
}

/// What `words` are refused with; none if they are understood.
std::string refusal(const Words& words) {
  std::vector<const char*> typed{"syncline"};
  for (const std::string& word : words) typed.push_back(word.c_str());
  const char* const nothing = nullptr;
  try {
    cli::parse(static_cast<int>(typed.size()), typed.data(), &nothing);
  } catch (const Unusable& error) {
    return error.what();
  }
  return {};
}

TEST_F(Verbs, take_an_option_or_name_themselves_as_they_refuse_it) {
  const char* const program = "syncline";
  const cli::CommandLine known(1, &program);
  for (const cli::Verb& verb : cli::verbs()) {
    if (verb.task == cli::Task::mirror || verb.task == cli::Task::nothing) continue;
    const std::string takes_no = std::string(verb.word) + " takes no ";
    Words taken{std::string(verb.word), "entry", source, destination};
    for (const std::string& name : known.names()) {
      const std::string called = known.find(name)->get_name();
      Words words{name};
      if (known.find(name)->get_items_expected_min() > 0) words.emplace_back("1");
      if (cli::takes(verb, called) && called != "--help" && called != "--version") {
        taken.insert(taken.end(), words.begin(), words.end());
      } else if (!cli::takes(verb, called)) {
        words.insert(words.begin(), {std::string(verb.word), "entry", source, destination});
        EXPECT_TRUE(refusal(words).starts_with(takes_no + called + ';')) << name;
      }
    }
    EXPECT_GT(taken.size(), 18);
    const std::string told = refusal(taken);
    EXPECT_NE(told, "") << "they contradict each other";
    EXPECT_FALSE(told.starts_with(takes_no)) << told;
  }
}

TEST_F(Verbs, are_none_of_what_settings_say) {
  make_folder("explain");
  const std::string config = here("name.conf");
  write(config, "source = " + here("explain") + "\ndestination = " + here("copy") + '\n');
  expect_mirrored({"--config", "name.conf"}, "explain", "copy");
  const std::string set = "cd '" + home.path() +
                          "' && exec env SYNCLINE_SOURCE=explain SYNCLINE_DESTINATION=other \"$@\"";
  EXPECT_EQ(run(shell(set, {})).status, 0);
  EXPECT_EQ(read(here("other") + "/of explain"), "explain");
  write(config, "verb = explain\n");
  expect_refused({"--config", "name.conf", "source", "destination"}, {"no option 'verb'"});
}

TEST_F(Verbs, take_from_settings_what_is_theirs) {
  const std::string config = here("name.conf");
  write(config, "source = " + source + "\ndestination = " + destination +
                    "\ninterval = 5\nlog-file = " + log + "\njson = true\nexclude = entry\n");
  const Exit exit = type({"explain", "entry", "--config", "name.conf"});
  EXPECT_EQ(exit.status, 0) << exit.err;
  EXPECT_NE(exit.out.find("the filter rules exclude it"), std::string::npos) << exit.out;
  EXPECT_FALSE(fs::exists(log));
  // Half of a pair is no pair.
  expect_refused({"explain", "entry", "source", "--config", "name.conf"}, {"too few"});
  write(config, "max-delete = many\n");
  expect_refused({"explain", "--config", "name.conf", "entry", "source", "logs"},
                 {"name.conf, line 1: --max-delete"});
}

TEST_F(Verbs, are_refused_where_both_readings_are_whole) {
  make_folder("check");
  fs::create_directory(here("b"));
  expect_refused({"check", "b"}, {"'check'", "'./check b'"});
  expect_refused({"-av", "--no-delete", "check", "b"}, {"'./check b'"});
  expect_refused({"--", "check", "b", "c"}, {});
  expect_mirrored({"./check", "b"}, "check", "b");
  fs::remove_all(here("b"));
  expect_mirrored({"check", "b"}, "check", "b");
  for (const Words& words :
       {Words{"--", "check", "b"}, Words{"check/", "b"}, Words{"./check", "b"}})
    expect_mirrored(words, "check", "b");
}

// Each word, also of those that are still to come: they mean today what they will mean.
TEST_F(Verbs, are_refused_or_are_folders_by_what_is_there) {
  for (const cli::Verb& verb : cli::verbs()) {
    if (verb.word.empty()) continue;
    const std::string word{verb.word};
    SCOPED_TRACE(word);
    const bool is_there = verb.task != cli::Task::nothing;
    const Words whole = made_for(verb);
    if (!is_there) {
      expect_refused(with(word, whole), {"'" + word + "' is no verb yet", "'./" + word + "'"});
      expect_refused({word}, {"'" + word + "' is no verb yet"});
    }
    make_folder(word);
    // What is not there yet is nothing that a verb could be about.
    expect_mirrored({word, "./new"}, word, "new");
    fs::remove_all(here("new"));
    if (whole.size() == 1) {
      const bool may_mirror = fs::is_directory(here(whole[0])) || !fs::exists(here(whole[0]));
      if (may_mirror)
        expect_refused(with(word, whole), {"the folder SRC", "'./" + word + ' ' + whole[0] + "'"});
      else if (!is_there)
        expect_refused(with(word, whole), {"'" + word + "' is no verb yet"});
    }
    for (const auto& entry : fs::directory_iterator(home.path()))
      if (entry.path() != source && entry.path() != logs) fs::remove_all(entry.path());
  }
}

TEST_F(Verbs, leave_a_log_of_their_name_alone) {
  make_folder("b");
  // Explaining, DST would be a folder "60" that is not there.
  EXPECT_EQ(type({"-n", "explain", "source", "b", "60"}).status, 0);
  EXPECT_EQ(type({"-n", "status", "source", "b", "60"}).status, 0);
  make_folder("60");
  expect_refused({"-n", "explain", "source", "b", "60"},
                 {"the file LOG", "'./explain source b 60'"});
  EXPECT_EQ(type({"-n", "./explain", "source", "b", "60"}).status, 0);
}

TEST_F(Verbs, are_no_values_of_options) {
  EXPECT_EQ(type({"-n", "--exclude", "check", "source", "destination"}).status, 0);
  EXPECT_EQ(type({"-n", "-f", "- check", "source", "destination"}).status, 0);
  EXPECT_EQ(type({"--index", "explain", "source", "destination"}).status, 0);
  EXPECT_TRUE(fs::is_regular_file(here("explain")));
}

TEST_F(Verbs, that_are_folders_may_have_what_lacks_for_the_verb) {
  make_folder("explain");
  expect_mirrored({"explain", "b"}, "explain", "b");
  expect_mirrored({"explain", "--stats", "b"}, "explain", "b");
  // SRC and DST of the settings make it whole.
  write(here("name.conf"), "source = " + source + "\ndestination = " + destination + '\n');
  expect_refused({"explain", "b", "--config", "name.conf"}, {"'./explain b'"});
  // One that explaining has no use for tells which is meant.
  EXPECT_EQ(type({"explain", "b", "--stats", "--config", "name.conf"}).status, 0);
}

TEST_F(Verbs, have_a_help_of_their_own) {
  const std::string all = type({"--help"}).out;
  const std::string of_explain = type({"explain", "--help"}).out;
  EXPECT_NE(of_explain, all);
  EXPECT_TRUE(of_explain.starts_with("Usage: syncline explain [OPTIONS] PATH SRC DST\n"));
  for (const Words& words : {Words{"explain", "-h"}, Words{"--help", "explain"},
                             Words{"explain", "entry", "source", "--help"}})
    EXPECT_EQ(type(words).out, of_explain);
  EXPECT_EQ(type({"--", "explain", "--help"}).out, "");
  EXPECT_TRUE(
      type({"undo", "--help"}).out.starts_with("Usage: syncline undo [OPTIONS] DST [PASS]\n"));
  EXPECT_EQ(type({"check", "--help"}).out, all) << "there is none of its own yet";
  for (const cli::Verb& verb : cli::verbs())
    EXPECT_NE(all.find(std::string(verb.word)), std::string::npos) << verb.word;
  EXPECT_TRUE(type({"explain", "--version"}).out.starts_with("syncline "));
  expect_refused({"help", "explain"}, {"'syncline explain --help'"});
}

TEST(Verb, is_told_apart_by_its_form) {
  std::string forms;
  for (const cli::Verb& verb : cli::verbs())
    forms.append(verb.word).append(verb.word.empty() ? "" : " ") += cli::form_of(verb) + '\n';
  EXPECT_EQ(forms,
            "SRC DST\nexplain PATH SRC DST\nundo DST [PASS]\nplan SRC DST\napply FILE\n"
            "offload CARD DST...\nseal DIR\ncheck DIR\nstatus [NAME]\nnow [NAME]\npause [NAME]\n"
            "resume [NAME]\n");
}

}  // namespace
}  // namespace syncline::test
