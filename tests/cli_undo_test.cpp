// A mirror that can be taken back, and the verb that does it: what is understood, what is refused,
// what is printed, and what it comes to.
//
// SPDX-License-Identifier: MIT
#include "arguments/arguments.h"
#include "arguments/past_moment.h"
#include "run/undone.h"
#include "support/cli.h"
#include "support/terminal.h"
#include "tell/kept_passes.h"
#include "tell/taken_back.h"
#include "text/shell_word.h"
#include "text/utc_time.h"

#include "syncline/mirror.h"
#include "syncline/undo.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <regex>
#include <stdexcept>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;
using Clock = std::chrono::system_clock;
using Json = nlohmann::json;
using namespace std::chrono_literals;

cli::Command parsed(Words words) {
  words.insert(words.begin(), "syncline");
  std::vector<const char*> typed;
  for (const std::string& word : words) typed.push_back(word.c_str());
  const char* const nothing = nullptr;
  return cli::parse(static_cast<int>(typed.size()), typed.data(), &nothing);
}

/// What `words` are refused with; none if they are understood.
std::string refusal(const Words& words) {
  try {
    parsed(words);
  } catch (const Unusable& error) {
    return error.what();
  }
  return {};
}

class PastMoments : public testing::Test {
 protected:
  static Clock::time_point in_winter() {
    ::setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    ::tzset();
    return local(11, 25, 14, 30, 20);
  }

  /// In Central Europe's winter: "2026-11-25 14:30:00".
  static Clock::time_point local(int month, int day, int hour, int minute, int second = 0) {
    std::tm at{};
    at.tm_year = 126;
    at.tm_mon = month - 1;
    at.tm_mday = day;
    at.tm_hour = hour;
    at.tm_min = minute;
    at.tm_sec = second;
    at.tm_isdst = -1;
    return Clock::from_time_t(std::mktime(&at));
  }

  const Clock::time_point now = in_winter();
};

TEST_F(PastMoments, are_read_as_people_name_them) {
  const std::map<std::string, Clock::time_point> moments = {
      {"yesterday 18:00", local(11, 24, 18, 0)},
      {"yesterday  18:00:05", local(11, 24, 18, 0, 5)},
      {"yesterday", local(11, 24, 0, 0)},
      {"today 08:05", local(11, 25, 8, 5)},
      {"today", local(11, 25, 0, 0)},
      {"2 hours ago", now - 2h},
      {"an hour ago", now - 1h},
      {"a day ago", now - 24h},
      {"1 day 3 hours ago", now - 27h},
      {"90 minutes ago", now - 90min},
      {"90m ago", now - 90min},
      {"1h30m ago", now - 90min},
      {"3 weeks ago", now - 21 * 24h},
      {"2026-11-25 10:00", local(11, 25, 10, 0)},
      {"2026-11-25T10:00:07", local(11, 25, 10, 0, 7)},
      {"2026-11-25", local(11, 25, 0, 0)},
      {"11-25 10:00", local(11, 25, 10, 0)},
      {"14:00", local(11, 25, 14, 0)},
      {"18:00", local(11, 24, 18, 0)},
      {"14:30", local(11, 25, 14, 30)},
      {"30", local(10, 30, 0, 0)},
      {"12-24", local(12, 24, 0, 0) - 365 * 24h},
      {"2026-11-25T08:47:51Z", local(11, 25, 9, 47, 51)},
      {"2026-11-25T08:47:51.625+00:00", local(11, 25, 9, 47, 51) + 625ms},
      {"2026-11-25T09:47:51.123456789+01:00", local(11, 25, 9, 47, 51) + 123456789ns},
  };
  for (const auto& [text, moment] : moments)
    EXPECT_EQ(cli::parse_past_moment(text, now), moment) << text;
}

TEST_F(PastMoments, are_no_nonsense) {
  for (const char* text :
       {"", " ", "tomorrow", "last", "yesterday evening", "yesterday 25:00", "yesterday 18",
        "2 moons ago", "ago", "-2 hours ago", "hours ago", "5 ago", "2026-13-01", "2026-11-25 ago",
        "2026-11-25 10:00 11:00", "2026-11-25T08:47+1:00", "08:47Z", "\x1b[31m"}) {
    try {
      cli::parse_past_moment(text, now);
      ADD_FAILURE() << text;
    } catch (const std::invalid_argument& error) {
      EXPECT_NE(std::string(error.what()).find("\"yesterday 18:00\""), std::string::npos) << text;
    }
  }
}

TEST_F(PastMoments, are_over) {
  for (const char* text : {"2026-11-25 14:31", "today 18:00", "2027-01-01", "2026-11-25T14:00Z"}) {
    try {
      cli::parse_past_moment(text, now);
      ADD_FAILURE() << text;
    } catch (const std::invalid_argument& error) {
      EXPECT_NE(std::string(error.what()).find("in the past"), std::string::npos) << text;
    }
  }
}

TEST(PassNames, say_when_a_pass_began) {
  EXPECT_EQ(cli::start_of_pass("20261125T084751Z"), Clock::from_time_t(1795596471));
  for (const char* text : {"", "last", "20261125T084751", "20261125T084751Zx", "2026112xT084751Z"})
    EXPECT_EQ(cli::start_of_pass(text), std::nullopt) << text;
}

class Kept : public testing::Test {
 protected:
  static std::optional<Undo> asked(Words words) {
    words.insert(words.end(), {"a", "b"});
    return std::get<cli::Mirror>(parsed(words)).options.undo;
  }
};

TEST_F(Kept, is_what_options_ask_for) {
  EXPECT_FALSE(asked({}));
  EXPECT_FALSE(asked({"--no-undo"}));
  EXPECT_EQ(asked({"--undo"})->keep_for, 30 * 24h);
  EXPECT_EQ(asked({"--undo=12h"})->keep_for, 12h);
  EXPECT_EQ(asked({"--undo=2w"})->keep_for, 14 * 24h);
  EXPECT_FALSE(asked({"--undo"})->most_passes);
  EXPECT_EQ(asked({"--undo-passes=7"})->most_passes, 7U);
  EXPECT_EQ(asked({"--undo-passes=7"})->keep_for, 30 * 24h) << "it implies --undo";
  EXPECT_EQ(std::get<std::uint64_t>(asked({"--undo-size=20GB"})->most_bytes), 20'000'000'000U);
  EXPECT_EQ(std::get<Undo::PercentOfDisk>(asked({"--undo-size=12.5%"})->most_bytes).percent, 12.5);
  EXPECT_EQ(asked({"--undo-dir=../kept"})->folder, "../kept");
  const auto all = asked({"--undo=1d", "--undo-passes=3", "--undo-size=1M", "--undo-dir=k"});
  EXPECT_EQ(all->keep_for, 24h);
  EXPECT_EQ(all->most_passes, 3U);
}

TEST_F(Kept, is_refused_beside_what_contradicts_it) {
  const std::vector<std::pair<Words, std::string>> all = {
      {{"--undo", "--inplace"}, "--inplace contradicts --undo:"},
      {{"--undo-dir=k", "--inplace"}, "--inplace contradicts --undo-dir:"},
      {{"--undo", "-b"}, "--backup contradicts --undo:"},
      {{"--undo", "--backup-dir=k"}, "--backup-dir contradicts --undo:"},
      {{"--undo", "--no-undo"}, "--no-undo contradicts --undo"},
      {{"--undo=30"}, "with its unit, such as 30d"},
      {{"--undo=0d"}, "with its unit, such as 30d"},
      {{"--undo=soon"}, "not 'soon'"},
      {{"--undo-passes=0"}, "a number of passes"},
      {{"--undo-size=101%"}, "0% to 100%"},
      {{"--undo-dir="}, "lacks a value"},
  };
  for (const auto& [words, named] : all) {
    Words whole = words;
    whole.insert(whole.end(), {"a", "b"});
    const std::string told = refusal(whole);
    EXPECT_NE(told.find(named), std::string::npos) << testing::PrintToString(words) << told;
    EXPECT_EQ(told.find('\n'), std::string::npos);
  }
}

template <typename What>
What asked(Words words) {
  words.insert(words.begin(), "undo");
  return std::get<What>(std::get<cli::TakeBack>(parsed(words)).what);
}

TEST(UndoVerb, takes_a_pass_in_each_spelling) {
  EXPECT_EQ(asked<UndoOptions>({"b"}).place.destination, "b");
  EXPECT_FALSE(asked<UndoOptions>({"b"}).pass);
  EXPECT_FALSE(asked<UndoOptions>({"b", "last"}).pass);
  EXPECT_FALSE(asked<UndoOptions>({"b"}).to);
  EXPECT_TRUE(asked<UndoOptions>({"b"}).flush);
  EXPECT_EQ(asked<UndoOptions>({"b", "20261125T084751Z"}).pass, "20261125T084751Z");
  EXPECT_EQ(asked<UndoOptions>({"b", "--to=20261125T084751Z"}).pass, "20261125T084751Z");
  const auto to = asked<UndoOptions>({"b", "--to", "2 hours ago"}).to;
  EXPECT_LT(std::chrono::abs(*to - (Clock::now() - 2h)), 1min);
  const auto all = asked<UndoOptions>({"-n", "--wait", "--no-flush", "--undo-dir=k", "b"});
  EXPECT_TRUE(all.dry_run);
  EXPECT_TRUE(all.place.wait);
  EXPECT_FALSE(all.flush);
  EXPECT_EQ(all.place.folder, "k");
}

TEST(UndoVerb, brings_back_an_entry) {
  const auto plain = asked<BringBack>({"b", "--only=x/y", "--into=a"});
  EXPECT_EQ(plain.place.destination, "b");
  EXPECT_EQ(plain.path, "x/y");
  EXPECT_EQ(plain.into, "a");
  EXPECT_FALSE(plain.to);
  EXPECT_FALSE(plain.overwrite);
  EXPECT_EQ(asked<BringBack>({"b/", "--only=b/x", "--into=a"}).path, "x");
  const auto forced =
      asked<BringBack>({"b", "--only=.", "--into=a", "--force", "-n", "--to=20261125T084751Z"});
  EXPECT_EQ(forced.path, ".");
  EXPECT_TRUE(forced.overwrite);
  EXPECT_TRUE(forced.dry_run);
  EXPECT_LT(*forced.to, *cli::start_of_pass("20261125T084751Z")) << "as it was before that pass";
}

TEST(UndoVerb, lists_and_releases) {
  using cli::TakeBack;
  EXPECT_EQ(asked<TakeBack::ListPasses>({"b", "--list"}).place.destination, "b");
  EXPECT_EQ(asked<TakeBack::ListPasses>({"--list", "b"}).place.destination, "b");
  for (const Words& words : {Words{"b", "--list", "x/y"}, Words{"--list", "b", "x/y"},
                             Words{"--list=x/y", "b"}, Words{"b", "--list", "b/x/y"}}) {
    const auto list = asked<TakeBack::ListVersions>(words);
    EXPECT_EQ(list.place.destination, "b");
    EXPECT_EQ(list.path, "x/y");
  }
  EXPECT_EQ(asked<TakeBack::Release>({"b", "--release"}).place.destination, "b");
}

TEST(UndoVerb, is_refused_in_one_line_where_it_contradicts_itself) {
  const std::vector<std::pair<Words, std::string>> all = {
      {{}, "undo expects 'DST [PASS]'"},
      {{"b", "last", "c"}, "'c' is one argument too many"},
      {{"b", "yesterday"}, "a moment goes with --to"},
      {{"b", "--to=soon"}, "\"2 hours ago\""},
      {{"b", "--to=2999-01-01"}, "in the past"},
      {{"b", "--to", "yesterday", "18:00"}, "needs quotes"},
      {{"b", "last", "--to=yesterday"}, "'last' contradicts --to"},
      {{"b", "--only=x"}, "--only needs --into=DIR"},
      {{"b", "--into=a"}, "--into needs --only=PATH"},
      {{"b", "--force"}, "--force is for --only alone"},
      {{"b", "last", "--only=x", "--into=a"}, "'last' is one argument too many"},
      {{"b", "--only=/etc/passwd", "--into=a"}, "outside of DST"},
      {{"b", "--only=x", "--into=a", "--release"}, "--release contradicts --only"},
      {{"b", "--list", "--release"}, "--release contradicts --list"},
      {{"b", "--list", "--to=yesterday"}, "--list contradicts --to"},
      {{"b", "--list=x", "y"}, "'y' is one argument too many"},
      {{"b", "--release", "last"}, "'last' is one argument too many"},
      {{"b", "--release", "-n"}, "--release contradicts --dry-run"},
      {{"b", "--json", "-q"}, "--json contradicts --quiet"},
      {{"b", "--delete"}, "undo takes no --delete"},
      {{"b", "--undo=3d"}, "undo takes no --undo"},
      {{"host:b"}, "names another machine"},
      {{""}, "DST is empty"},
      {{"--undo-dir", "b"}, "--undo-dir took 'b' as its folder"},
  };
  for (const auto& [words, named] : all) {
    Words whole = words;
    whole.insert(whole.begin(), "undo");
    const std::string told = refusal(whole);
    EXPECT_NE(told.find(named), std::string::npos) << testing::PrintToString(words) << ": " << told;
    EXPECT_EQ(told.find('\n'), std::string::npos);
  }
}

TEST(UndoVerb, has_options_that_a_mirror_refuses) {
  EXPECT_NE(refusal({"--release", "a", "b"}).find("--release is for 'syncline undo' alone"),
            std::string::npos);
  EXPECT_NE(refusal({"--only=x", "a", "b"}).find("--include=PATTERN"), std::string::npos);
  EXPECT_EQ(refusal({"--force", "a", "b"}), "") << "rsync's";
}

KeptPass kept_pass() {
  KeptPass pass;
  pass.name = "20261125T084751Z";
  pass.is_complete = true;
  pass.source = "/srv/photos";
  pass.created = 1234;
  pass.replaced = 12;
  pass.moved = 3;
  pass.removed = 56789;
  pass.metadata_set = 7;
  pass.bytes_kept = 24'300'000;
  pass.until = Clock::from_time_t(1798188471);
  return pass;
}

TEST(UndoTable, fits_a_terminal) {
  KeptPass undone = kept_pass();
  undone.is_undone = true;
  undone.is_complete = false;
  KeptPass undo = kept_pass();
  undo.name = "20261125T120000Z";
  undo.is_undo = true;
  undo.source = undone.name;
  undo.until.reset();
  const Words table =
      cli::table_of({.passes = {undo, undone}, .held_since = undo.name}, {.destination = "b b"});
  for (const std::string& line : table) EXPECT_LE(line.size(), 80U) << line;
  const std::string text = testing::PrintToString(table);
  for (const char* part : {"20261125T084751Z", "24.3 MB", "56,789 removed", "undone", "interrupted",
                           "undo of 20261125T084751Z", "stays", "syncline undo 'b b' --release"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
  EXPECT_EQ(cli::table_of(KeptPasses{}, {.destination = "b"}).size(), 1U);
}

TEST(UndoTable, is_lines_with_tabs_for_other_programs) {
  KeptPass pass = kept_pass();
  pass.source = "/srv/new\nline\t";
  const Words lines = cli::lines_of(KeptPasses{.passes = {pass}, .held_since = {}});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(std::ranges::count(lines[0], '\t'), 5);
  EXPECT_TRUE(lines[0].starts_with("20261125T084751Z\t2026-11-25 "));
  EXPECT_NE(lines[0].find("\t24300000\t1,234 new, 12 changed"), std::string::npos) << lines[0];
  EXPECT_NE(lines[0].find("new\\nline\\t"), std::string::npos) << lines[0];
}

TEST(UndoTable, of_one_entry_says_what_it_was) {
  KeptVersion version;
  version.pass = "20261125T084751Z";
  version.was_there = true;
  version.size = 24'300'000;
  KeptVersion none;
  none.pass = "20261124T084751Z";
  const Words table = cli::table_of({version, none}, {.destination = "b", .folder = "k l"}, "x'\n");
  for (const std::string& line : table) EXPECT_EQ(line.find('\n'), std::string::npos) << line;
  EXPECT_NE(table.at(1).find("file, 24.3 MB, mtime 1970-01-01 "), std::string::npos) << table[1];
  EXPECT_LE(table[1].size(), 80U);
  EXPECT_TRUE(table.at(2).ends_with("nothing"));
  EXPECT_NE(table.back().find("syncline undo b --undo-dir='k l' --only="), std::string::npos)
      << table.back();
}

TEST(UndoSummary, says_which_pass_and_what) {
  Summary summary;
  summary.created.entries = 3;
  summary.removed.entries = 2;
  summary.moved.entries = 1;
  EXPECT_EQ(cli::taken_back_line(summary, {kept_pass()}),
            "taken back: pass 20261125T084751Z: 3 brought back, 2 removed, 1 moved back");
  EXPECT_EQ(cli::taken_back_line(summary, {kept_pass(), kept_pass()}),
            "taken back: 2 passes from 20261125T084751Z on: 3 brought back, 2 removed, 1 moved "
            "back");
  summary = {};
  summary.dry_run = true;
  EXPECT_EQ(cli::taken_back_line(summary, {kept_pass()}),
            "would be taken back: pass 20261125T084751Z: nothing had to be changed");
}

TEST(UndonePasses, are_those_that_the_engine_chooses) {
  const auto pass = [](const std::string& name, const std::string& took_back = "") {
    KeptPass made;
    made.name = "20261125T08475" + name + "Z";
    made.is_complete = true;
    made.is_undo = !took_back.empty();
    made.source = took_back;
    return made;
  };
  KeptPass c = pass("3");
  KeptPass undo = pass("4", c.name);
  KeptPass redo = pass("5", undo.name);
  const auto names = [](const UndoOptions& options, std::vector<KeptPass> kept) {
    Words chosen;
    for (const KeptPass& one :
         cli::to_be_taken_back(options, {.passes = std::move(kept), .held_since = {}}))
      chosen.push_back(one.name.substr(14, 1));
    return chosen;
  };
  UndoOptions last;
  UndoOptions named;
  named.pass = pass("2").name;
  UndoOptions since;
  since.to = cli::start_of_pass(pass("1").name);
  EXPECT_EQ(names(last, {c, pass("2"), pass("1")}), Words({"3"}));
  EXPECT_EQ(names(named, {c, pass("2"), pass("1")}), Words({"3", "2"}));
  EXPECT_EQ(names(since, {c, pass("2"), pass("1")}), Words({"3", "2"}));
  c.is_undone = true;
  EXPECT_EQ(names(last, {undo, c, pass("2"), pass("1")}), Words({"2"})) << "an undo is no pass";
  EXPECT_EQ(names(named, {undo, c, pass("2")}), Words({"2"}));
  named.pass = undo.name;
  EXPECT_EQ(names(named, {undo, c, pass("2")}), Words({"4"}));
  undo.is_undone = true;
  EXPECT_EQ(names(last, {redo, undo, c, pass("2")}), Words({"5"})) << "done again, it is in effect";
  undo.is_undone = false;
  undo.is_complete = false;
  EXPECT_EQ(names(last, {undo, c, pass("2")}), Words({"3"})) << "it is gone on with";
}

TEST(ShellWord, is_one_word_for_a_shell) {
  for (const char* word : {"a", "/mnt/b.c", "a b", "it's", "", "$HOME", "a\"b", "*"}) {
    const Exit exit = run({"/bin/sh", "-c", "printf %s " + cli::shell_word(word)});
    EXPECT_EQ(exit.out, word) << cli::shell_word(word);
  }
}

class Undoing : public Cli {
 protected:
  void mirror(Words words = {}) const {
    next_second();
    words.insert(words.begin(), "--undo");
    words.insert(words.end(), {source, destination});
    const Exit exit = syncline(words);
    ASSERT_EQ(exit.status, 0) << exit.err;
  }

  [[nodiscard]] Exit undo(Words words = {}) const {
    next_second();
    words.insert(words.begin(), {"undo", destination});
    return syncline(words);
  }

  /// A pass is named by its second.
  static void next_second() {
    const auto begun = std::chrono::floor<std::chrono::seconds>(Clock::now());
    std::this_thread::sleep_until(begun + 1s);
  }

  [[nodiscard]] std::vector<Json> kept() const {
    std::vector<Json> passes;
    for (const std::string& line : lines_of(undo({"--list", "--json"}).out))
      if (const Json object = Json::parse(line); object.at("type") == "pass")
        passes.push_back(object);
    return passes;
  }
  [[nodiscard]] std::string name_of_last() const { return kept().at(0).at("pass"); }

  /// Paths below it and their bytes, but for what is kept.
  static std::map<std::string, std::string> content_of(const std::string& folder) {
    std::map<std::string, std::string> content;
    for (const std::string& path : paths_in(folder)) {
      const std::string name = path.substr(folder.size() + 1);
      if (name == ".syncline" || name.starts_with(".syncline/")) continue;
      content[name] = fs::is_regular_file(path) ? read(path) : "";
    }
    return content;
  }

  void given_a_folder() const {
    fs::create_directories(source + "/2026/spring");
    write(source + "/2026/spring/a.jpg", "first");
    write(source + "/2026/b.jpg", "second");
    write(source + "/notes", "old");
  }

  /// Mirrored, then damaged in the source, and mirrored again.
  void given_damage() const {
    given_a_folder();
    mirror();
    fs::remove_all(source + "/2026");
    write(source + "/notes", "newer");
    write(source + "/added", "more");
    mirror({"--max-delete=100%"});
  }
};

TEST_F(Undoing, brings_back_what_a_pass_took) {
  given_a_folder();
  mirror();
  const auto before = content_of(destination);
  const auto time = fs::last_write_time(destination + "/2026/b.jpg");
  fs::remove_all(source + "/2026");
  write(source + "/notes", "newer");
  write(source + "/added", "more");
  mirror({"--max-delete=100%"});
  const auto damaged = content_of(destination);
  EXPECT_EQ(damaged, content_of(source));

  const std::string pass = name_of_last();
  const Exit trial = undo({"-n"});
  EXPECT_EQ(trial.status, 0) << trial.err;
  EXPECT_NE(trial.out.find("would create file \"2026/b.jpg\" (taken back"), std::string::npos)
      << trial.out;
  EXPECT_NE(trial.out.find("would be taken back: pass " + pass + ": "), std::string::npos)
      << trial.out;
  EXPECT_EQ(content_of(destination), damaged);

  const Exit exit = undo();
  EXPECT_EQ(exit.status, 0) << exit.err;
  EXPECT_EQ(exit.err, "");
  EXPECT_NE(exit.out.find("taken back: pass " + pass + ": "), std::string::npos) << exit.out;
  EXPECT_NE(exit.out.find("held until: syncline undo "), std::string::npos) << exit.out;
  EXPECT_EQ(content_of(destination), before);
  EXPECT_EQ(fs::last_write_time(destination + "/2026/b.jpg"), time);
}

TEST_F(Undoing, is_undone_by_its_name) {
  given_damage();
  const auto damaged = content_of(destination);
  ASSERT_EQ(undo().status, 0);
  EXPECT_NE(content_of(destination), damaged);
  const Json last = kept().at(0);
  ASSERT_TRUE(last.at("is_undo"));
  EXPECT_EQ(last.at("took_back"), Json::array({kept().at(1).at("pass")}));
  EXPECT_TRUE(kept().at(1).at("is_undone"));
  const Exit exit = undo({last.at("pass").get<std::string>()});
  EXPECT_EQ(exit.status, 0) << exit.err;
  EXPECT_EQ(content_of(destination), damaged);
}

TEST_F(Undoing, holds_passes_until_it_is_released) {
  given_damage();
  ASSERT_EQ(undo().status, 0);
  const auto before = content_of(destination);
  for (const Words& words : {Words{}, Words{"--undo"}, Words{"-n"}}) {
    Words whole = words;
    whole.insert(whole.end(), {source, destination});
    const Exit exit = syncline(whole);
    EXPECT_EQ(exit.status, 43) << testing::PrintToString(words) << exit.out;
    EXPECT_TRUE(is_one_line(exit.err));
    EXPECT_NE(exit.err.find("nothing was done"), std::string::npos) << exit.err;
    EXPECT_NE(exit.err.find("syncline undo " + destination + " --release"), std::string::npos)
        << exit.err;
  }
  EXPECT_EQ(content_of(destination), before);
  const Exit explained = syncline({"explain", "notes", source, destination});
  EXPECT_EQ(explained.status, 43);
  EXPECT_NE(explained.err.find("--release"), std::string::npos) << explained.err;
  EXPECT_NE(undo({"--list"}).err.find("--release"), std::string::npos);

  const Exit released = undo({"--release"});
  EXPECT_EQ(released.status, 0) << released.err;
  EXPECT_EQ(released.out, "passes onto " + destination + " go on\n");
  EXPECT_EQ(undo({"--release"}).out, "passes onto " + destination + " were not held\n");
  EXPECT_EQ(syncline({"explain", "notes", source, destination}).status, 0);
  mirror({"--max-delete=100%"});
  EXPECT_EQ(content_of(destination), content_of(source));
}

TEST_F(Undoing, is_waited_for_by_a_loop) {
  given_damage();
  ASSERT_EQ(undo().status, 0);
  Process loop({SYNCLINE_BINARY, "--undo", "--max-delete=100%", log, source, destination, "0.2"});
  for (int i = 0; i < 100 && !logged("pass 2 failed"); ++i) std::this_thread::sleep_for(100ms);
  EXPECT_TRUE(logged("pass 2 failed: nothing was done")) << read(log);
  EXPECT_TRUE(fs::exists(destination + "/2026"));
  for (int i = 0; i < 50 && undo({"--release"}).status != 0; ++i) std::this_thread::sleep_for(50ms);
  for (int i = 0; i < 100 && fs::exists(destination + "/2026"); ++i)
    std::this_thread::sleep_for(100ms);
  EXPECT_FALSE(fs::exists(destination + "/2026")) << read(log);
  loop.signal(SIGTERM);
  EXPECT_EQ(loop.wait(longest_run)->status, 20);
}

TEST_F(Undoing, leaves_alone_what_has_changed_since) {
  given_damage();
  const std::string pass = name_of_last();
  write(destination + "/notes", "by somebody else");
  const Exit exit = undo();
  EXPECT_EQ(exit.status, 23);
  EXPECT_NE(exit.err.find("notes: is not what the pass " + pass + " left there: left alone"),
            std::string::npos)
      << exit.err;
  EXPECT_EQ(read(destination + "/notes"), "by somebody else");
  EXPECT_EQ(read(destination + "/2026/b.jpg"), "second");
}

TEST_F(Undoing, takes_back_all_passes_since_a_moment) {
  given_a_folder();
  mirror();
  const auto first = content_of(destination);
  next_second();
  const std::string moment =
      cli::rfc3339({.seconds = Clock::to_time_t(Clock::now()), .nanoseconds = 0});
  write(source + "/notes", "newer");
  mirror();
  const std::string second = name_of_last();
  write(source + "/notes", "newest of all");
  mirror();
  ASSERT_EQ(kept().size(), 3U);
  const std::string both = "2 passes from " + second + " on: ";
  for (const Words& words : {Words{"-n", "--to", moment}, Words{"-n", "--to", second},
                             Words{"-n", second}, Words{second}}) {
    const Exit exit = undo(words);
    EXPECT_EQ(exit.status, 0) << exit.err;
    EXPECT_NE(exit.out.find(both), std::string::npos) << exit.out;
  }
  EXPECT_EQ(content_of(destination), first);
}

TEST_F(Undoing, brings_back_any_version_of_a_file) {
  write(source + "/notes", "one");
  mirror();
  write(source + "/notes", "two");
  mirror();
  const std::string second = name_of_last();
  write(source + "/notes", "three");
  mirror();
  const std::string third = name_of_last();
  fs::create_directory(home / "here");
  const auto brought_back = [&](Words words) {
    words.insert(words.end(), {"--only=notes", "--into=" + (home / "here"), "--force"});
    const Exit exit = undo(words);
    EXPECT_EQ(exit.status, 0) << exit.err;
    return read(home / "here/notes");
  };
  EXPECT_EQ(brought_back({}), "two");
  EXPECT_EQ(brought_back({"--to", second}), "one");
  EXPECT_EQ(brought_back({"--to", third}), "two");
  EXPECT_EQ(read(destination + "/notes"), "three");
}

TEST_F(Undoing, shows_people_a_table) {
  if (!Terminal::is_possible()) GTEST_SKIP() << "no pseudo-terminals";
  given_damage();
  ASSERT_EQ(undo().status, 0);
  Terminal terminal({SYNCLINE_BINARY, "undo", destination, "--list"}, 200);
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_TRUE(terminal.screen().has("PASS")) << testing::PrintToString(terminal.screen().lines());
  EXPECT_TRUE(terminal.screen().has("undone, 1 new"));
  EXPECT_TRUE(terminal.screen().has(" --release"));
}

TEST_F(Undoing, brings_one_folder_back_into_the_source) {
  given_damage();
  const auto before = content_of(destination);
  const Exit exit = undo({"--only=2026", "--into=" + source});
  EXPECT_EQ(exit.status, 0) << exit.err;
  EXPECT_NE(exit.out.find("brought back: "), std::string::npos) << exit.out;
  EXPECT_EQ(read(source + "/2026/spring/a.jpg"), "first");
  EXPECT_EQ(read(source + "/2026/b.jpg"), "second");
  EXPECT_EQ(content_of(destination), before) << "it is left alone";
  mirror();
  EXPECT_EQ(content_of(destination), content_of(source)) << "nothing is held";
}

TEST_F(Undoing, overwrites_nothing_elsewhere_unless_it_is_forced) {
  given_damage();
  const Words words{"--only=notes", "--into=" + source};
  const Exit exit = undo(words);
  EXPECT_EQ(exit.status, 23);
  EXPECT_NE(exit.err.find("notes: something else has its place"), std::string::npos) << exit.err;
  EXPECT_EQ(read(source + "/notes"), "newer");
  Words forced = words;
  forced.emplace_back("--force");
  EXPECT_EQ(undo(forced).status, 0);
  EXPECT_EQ(read(source + "/notes"), "old");
}

TEST_F(Undoing, brings_back_only_where_that_is_possible) {
  given_damage();
  const auto expect_refused = [&](const std::string& into, const std::string& named) {
    const Exit exit = undo({"--only=notes", "--into=" + into});
    EXPECT_EQ(exit.status, 3) << into;
    EXPECT_TRUE(is_one_line(exit.err));
    EXPECT_NE(exit.err.find('\'' + into + "' " + named), std::string::npos) << exit.err;
  };
  expect_refused(home / "nowhere", "cannot be used: could not");
  expect_refused(source + "/added", "cannot be used: could not");
  expect_refused(destination, "lies inside '" + destination + "': choose one outside it");
}

TEST_F(Undoing, lists_what_is_kept) {
  given_damage();
  const std::vector<Json> passes = kept();
  ASSERT_EQ(passes.size(), 2U);
  const Json& last = passes.front();
  EXPECT_EQ(last.at("source"), source);
  EXPECT_EQ(last.at("removed"), 4);
  EXPECT_EQ(last.at("replaced"), 1);
  EXPECT_EQ(last.at("created"), 1);
  EXPECT_EQ(last.at("bytes_kept"), 14);
  EXPECT_FALSE(last.at("is_undo"));
  EXPECT_TRUE(last.at("is_complete"));
  const Exit lines = undo({"--list"});
  EXPECT_EQ(lines.status, 0);
  ASSERT_EQ(lines_of(lines.out).size(), 2U) << lines.out;
  EXPECT_TRUE(lines.out.starts_with(last.at("pass").get<std::string>() + '\t'));

  const Exit versions = undo({"--list", "notes", "--json"});
  const std::vector<std::string> told = lines_of(versions.out);
  ASSERT_GE(told.size(), 2U) << versions.out << versions.err;
  EXPECT_EQ(Json::parse(told[0]).at("verb"), "undo");
  const Json version = Json::parse(told[1]);
  EXPECT_EQ(version.at("type"), "version");
  EXPECT_EQ(version.at("until_pass"), last.at("pass"));
  EXPECT_EQ(version.at("size"), 3);
  EXPECT_EQ(undo({"--list=notes"}).out, undo({"--list", destination + "/notes"}).out);
}

TEST_F(Undoing, tells_programs_everything) {
  write(source + "/new\nline", "1");
  write(source + "/\xff", "2");
  mirror();
  fs::remove(source + "/new\nline");
  fs::remove(source + "/\xff");
  mirror({"--max-delete=100%"});
  const std::string pass = name_of_last();
  const Exit exit = undo({"--json"});
  EXPECT_EQ(exit.status, 0) << exit.err;
  std::map<std::string, Json> last;
  for (const std::string& line : lines_of(exit.out)) {
    const Json object = Json::parse(line);
    last[object.at("type")] = object;
  }
  EXPECT_EQ(last.at("start").at("verb"), "undo");
  EXPECT_EQ(last.at("start").at("schema"), 2);
  EXPECT_EQ(last.at("action").at("code"), "taken_back");
  EXPECT_EQ(last.at("summary").at("created").at("entries"), 2);
  EXPECT_EQ(last.at("taken_back").at("passes"), Json::array({pass}));
  EXPECT_TRUE(last.at("taken_back").at("held"));
  const Json held = Json::parse(lines_of(syncline({"--json", source, destination}).out).back());
  EXPECT_EQ(held.at("status"), 43);
  EXPECT_EQ(held.at("code"), "held_after_undo");
  const Json released = Json::parse(lines_of(undo({"--release", "--json"}).out).back());
  EXPECT_EQ(released, (Json{{"type", "released"}, {"was_held", true}}));
}

TEST_F(Undoing, is_told_the_name_that_the_pass_printed) {
  given_a_folder();
  mirror();
  fs::remove(source + "/notes");
  next_second();
  const Exit loud = syncline({"-v", "--undo", "--max-delete=100%", source, destination});
  std::smatch name;
  ASSERT_TRUE(std::regex_search(loud.out, name, std::regex(R"(as pass +(\d{8}T\d{6}Z), which)")))
      << loud.out;
  EXPECT_EQ(undo({name[1].str()}).status, 0);
  EXPECT_EQ(read(destination + "/notes"), "old");
  ASSERT_EQ(undo({"--release"}).status, 0);
  next_second();
  const Exit quiet = syncline({"--undo", "--max-delete=100%", source, destination});
  ASSERT_TRUE(std::regex_search(quiet.err, name, std::regex(R"(DST (\d{8}T\d{6}Z)' takes back)")))
      << quiet.err;
  EXPECT_EQ(undo({name[1].str()}).status, 0);
  EXPECT_EQ(read(destination + "/notes"), "old");
}

TEST_F(Undoing, is_nothing_without_a_pass_that_is_kept) {
  write(source + "/file", "text");
  ASSERT_EQ(syncline({source, destination}).status, 0);
  const Exit exit = undo();
  EXPECT_EQ(exit.status, 3);
  EXPECT_TRUE(is_one_line(exit.err));
  EXPECT_NE(exit.err.find("with --undo they are"), std::string::npos) << exit.err;
  mirror({"--rehash"});
  write(source + "/file", "other");
  mirror();
  const Exit unknown = undo({"20010101T000000Z"});
  EXPECT_EQ(unknown.status, 3);
  EXPECT_NE(unknown.err.find("20010101T000000Z"), std::string::npos) << unknown.err;
  EXPECT_NE(unknown.err.find("--list"), std::string::npos) << unknown.err;
  EXPECT_EQ(undo({"--only=never", "--into=" + source}).status, 3);
  EXPECT_EQ(syncline({"undo", home / "nowhere"}).status, 3);
}

TEST_F(Undoing, goes_by_the_settings_of_the_mirror) {
  const std::string config = home / "name.conf";
  const std::string place = home / "kept";
  write(config, "source = " + source + "\ndestination = " + destination +
                    "\nundo = 2w\nundo-dir = " + place + "\ninterval = 60\nmax-delete = 100%\n");
  const auto once = [&](Words words) {
    words.insert(words.end(), {"--config", config});
    return syncline(words);
  };
  // An interval would make it a loop.
  const std::string loop = read(config);
  write(config, std::regex_replace(loop, std::regex("interval = 60\n"), ""));
  write(source + "/file", "text");
  ASSERT_EQ(once({}).status, 0);
  EXPECT_TRUE(fs::is_directory(place));
  EXPECT_FALSE(fs::exists(destination + "/.syncline"));
  next_second();
  write(source + "/file", "worse");
  ASSERT_EQ(once({}).status, 0);
  write(config, loop);
  next_second();
  const Exit exit = once({"undo"});
  EXPECT_EQ(exit.status, 0) << exit.err;
  EXPECT_EQ(read(destination + "/file"), "text");
  EXPECT_EQ(once({"explain", "file"}).status, 43);
  EXPECT_EQ(once({"undo", "--release"}).status, 0);
}

TEST_F(Undoing, is_turned_off_for_once) {
  const std::string config = home / "name.conf";
  write(config, "undo = 30d\nundo-passes = 3\n");
  write(source + "/file", "text");
  const Words words{"--config", config, "--no-undo", "--inplace", source, destination};
  EXPECT_EQ(syncline(words).status, 0);
  EXPECT_FALSE(fs::exists(destination + "/.syncline"));
  const Exit exit = syncline({"--config", config, "--inplace", source, destination});
  EXPECT_EQ(exit.status, 1);
  EXPECT_NE(exit.err.find("name.conf, line 1: --inplace contradicts --undo"), std::string::npos)
      << exit.err;
  write(config, "no-undo = true\n");
  EXPECT_EQ(syncline({"--config", config, "--undo", "-n", source, destination}).status, 0);
}

TEST_F(Undoing, has_options_that_settings_cannot_have) {
  write(home / "name.conf", "release = true\n");
  const Exit exit = syncline({"--config", home / "name.conf", source, destination});
  EXPECT_EQ(exit.status, 1);
  EXPECT_NE(exit.err.find("'release' is for the command line only"), std::string::npos) << exit.err;
}

TEST_F(Undoing, is_the_way_that_a_guard_names) {
  given_a_folder();
  mirror();
  fs::remove_all(source + "/2026");
  fs::remove(source + "/notes");
  write(source + "/other", "text");
  Exit exit = syncline({"--max-delete=1", source, destination});
  EXPECT_EQ(exit.status, 25);
  EXPECT_NE(exit.err.find("--undo --max-delete=100% it can be taken back"), std::string::npos)
      << exit.err;
  exit = syncline({"--undo", "--max-delete=1", source, destination});
  EXPECT_EQ(exit.status, 25);
  EXPECT_EQ(exit.err.find("taken back"), std::string::npos) << exit.err;
}

}  // namespace
}  // namespace syncline::test
