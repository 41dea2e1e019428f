// What people type by mistake, or out of other programs' habits: the answer is one line that names
// what was wrong and what to do instead, and nothing is touched.
//
// SPDX-License-Identifier: MIT
#include "arguments/arguments.h"
#include "arguments/command_line.h"
#include "arguments/habits.h"
#include "arguments/times.h"
#include "support/cli.h"

#include "syncline/mirror.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

class Typed : public Cli {
 protected:
  Typed() {
    for (const char* name : {"one", "two", "three"}) write(source + '/' + name, name);
  }

  /// Refused with `status` in a line that has all of `named`. Without a process of its own, unless
  /// it is the engine that refuses it.
  void expect_refused(const Words& arguments, const std::vector<std::string>& named,
                      int status = 1) const {
    std::string typed;
    for (const std::string& word : arguments) typed += word + ' ';
    SCOPED_TRACE(typed);
    const std::set<std::string> before = paths_in(home.path());
    std::string told;
    if (status == 3) {
      const Exit exit = syncline(arguments);
      EXPECT_EQ(exit.status, status);
      EXPECT_EQ(exit.out, "");
      EXPECT_TRUE(is_one_line(exit.err));
      told = exit.err;
    } else {
      told = refusal(arguments, status);
    }
    for (const std::string& part : named) EXPECT_NE(told.find(part), std::string::npos) << told;
    EXPECT_EQ(paths_in(home.path()), before);
  }

  static std::string refusal(const Words& arguments, int status) {
    std::vector<const char*> words{"syncline"};
    for (const std::string& word : arguments) words.push_back(word.c_str());
    const char* const nothing = nullptr;
    try {
      cli::parse(static_cast<int>(words.size()), words.data(), &nothing);
    } catch (const Unusable& error) {
      EXPECT_EQ(static_cast<int>(error.status()), status);
      return error.what();
    }
    ADD_FAILURE() << "it is understood";
    return {};
  }
};

TEST_F(Typed, a_loop_in_another_order_is_told_the_right_one) {
  const std::string form = "LOG SRC DST INTERVAL";
  expect_refused({source, destination, log, "60"}, {"LOG comes first: " + form}, 11);
  expect_refused({source, destination, log, "1h"}, {"LOG comes first: " + form}, 11);
  for (const char* time : {"60", "1h30m"}) {
    expect_refused({source, destination, time},
                   {std::string("--interval=") + time + " SRC DST", "a LOG in front: " + form});
    expect_refused({time, source, destination}, {std::string("--interval=") + time + " SRC DST"});
    expect_refused({time, log, source, destination}, {"INTERVAL comes last: " + form});
    expect_refused({log, time, source, destination}, {"INTERVAL comes last: " + form});
  }
  expect_refused({log, source, destination}, {"INTERVAL is missing"});
  expect_refused({log, source, destination, "often"}, {"INTERVAL must be", "5m", "'often'"});
}

TEST_F(Typed, an_interval_that_is_none_is_named_whatever_is_there_already) {
  fs::create_directory(destination);
  write(log, "");
  for (const char* time : {"60sec", "1h30", "0", "5 m", "-5", "1,5h"}) {
    expect_refused({log, source, destination, time}, {"INTERVAL must be", time});
    expect_refused({source, destination, time}, {"INTERVAL must be", time});
  }
  expect_refused({log, source, destination, "often"}, {"INTERVAL must be", "'often'"});
  expect_refused({log, source, destination}, {"INTERVAL is missing"});
  expect_refused({log, source, destination, "5", "m"}, {"'m' is one argument too many"});
  expect_refused({home / "none", source, destination}, {"INTERVAL is missing"});
  expect_refused({source, destination, "verify"},
                 {"'verify' is one argument too many", "--rehash"});
}

TEST_F(Typed, a_digit_among_flags_is_none_of_the_paths) {
  for (const char* word : {"-v1", "-n1", "-vv2", "-v1n", "-n5m"})
    expect_refused({word, "--no-index", source, destination, "60"},
                   {"unknown option '-", std::string("in '") + word + "'"});
  expect_refused({"-v1", source, destination}, {"unknown option '-1' in '-v1'"});
  EXPECT_EQ(syncline({"-v0", "-n@1", source, destination}).status, 0);
}

TEST_F(Typed, several_sources_are_seen_for_what_they_are) {
  const std::string several = "several sources are not taken (did the shell expand a pattern?)";
  const Words all{source + "/one", source + "/two", source + "/three"};
  for (std::size_t count = 2; count <= all.size(); ++count) {
    Words words(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
    words.push_back(destination);
    expect_refused(words, {several});
  }
  expect_refused({source, logs, destination}, {several});
  fs::create_directory(home / "more");
  expect_refused({source, logs, home / "more", destination}, {several});
  expect_refused({source, logs, home / "more", source + "/one", source + "/two", destination},
                 {several});
  expect_refused({source + "/one", source, home / "more", logs}, {several});
  expect_refused({source, logs, destination + "/2026-backup"}, {several});
}

TEST_F(Typed, a_file_in_place_of_a_folder_is_told_how_to_go_alone) {
  expect_refused({source + "/one", destination},
                 {"is a file", "--include=/one --exclude='*'", "use cp"}, 3);
  expect_refused({source, source + "/one"}, {"destination", "is a file, not a folder"}, 3);
  expect_refused({source + "/one/below", destination}, {"is not a folder"}, 3);
}

TEST_F(Typed, what_was_advised_for_one_file_does_it) {
  EXPECT_EQ(syncline({"--include=/one", "--exclude=*", source, destination}).status, 0);
  EXPECT_EQ(paths_in(destination), std::set{destination + "/one"});
}

TEST_F(Typed, a_verb_is_answered_with_what_to_type) {
  for (const char* verb : {"sync", "copy", "mirror", "backup", "rsync", "COPY"})
    expect_refused({verb, source, destination}, {verb, "needs no verb: 'syncline SRC DST'"});
  for (const char* verb : {"check", "verify", "diff"})
    expect_refused({verb, source, destination}, {verb, "-n --rehash"});
  for (const char* verb : {"watch", "daemon"})
    expect_refused({verb, source, destination}, {verb, "--interval="});
  expect_refused({"restore", source, destination}, {"--restore"});
  expect_refused({"move", source, destination}, {"SRC is never written to"});
  expect_refused({"sync", "-v", log, source, destination, "60"}, {"needs no verb"});
  expect_refused({"sync", source, destination, "dry"}, {"needs no verb"});
  expect_refused({"sync", source}, {"'sync' is taken for SRC", "needs no verb"});
  expect_refused({"version"}, {"--version"});
  expect_refused({"help"}, {"--help"});
}

TEST_F(Typed, a_folder_that_bears_a_verb_s_name_is_a_folder) {
  const std::string go = R"(cd "$1" && mkdir sync && exec "$2" sync copy)";
  EXPECT_EQ(run({"/bin/sh", "-c", go, "sh", home.path(), SYNCLINE_BINARY}).status, 0);
  EXPECT_TRUE(fs::is_directory(home / "copy"));
}

TEST_F(Typed, an_option_that_took_a_path_is_named) {
  const auto took = [&](const std::string& option, const std::string& noun) {
    return option + " took '" + source + "' as its " + noun;
  };
  expect_refused({"--exclude", source, destination}, {"too few", took("--exclude", "pattern")});
  expect_refused({"--include", source, destination}, {took("--include", "pattern")});
  expect_refused({"-rf", source, destination}, {took("-f", "rule")});
  expect_refused({"-f", source, destination}, {took("-f", "rule")});
  expect_refused({"--files-from", source, destination}, {took("--files-from", "file")});
  expect_refused({"--index", source, destination}, {took("--index", "file")});
  expect_refused({"--threads", source, destination}, {took("--threads", "number")});
  expect_refused({"--max-delete", source, destination}, {took("--max-delete", "limit")});
  expect_refused({"--exclude", source, log, destination, "60"}, {took("--exclude", "pattern")});
  expect_refused({source, destination, "--exclude"}, {"--exclude lacks a value"});
  // Not where it took what it should.
  const std::string told = refusal({"--threads", "4", source}, 1);
  EXPECT_EQ(told.find("took"), std::string::npos) << told;
}

TEST_F(Typed, an_option_of_another_program_is_answered_with_the_nearest_wish) {
  const auto wish = [&](const Words& options, const std::string& named) {
    for (const std::string& option : options)
      expect_refused({option, source, destination}, {"unknown option '" + option + "'", named});
  };
  wish({"--watch", "--monitor", "--loop", "--Watch"}, "--interval=");
  wish({"--check", "--compare", "--diff"}, "-n --rehash");
  wish({"--manifest", "--md5", "--hash"}, "MD5");
  wish({"-j", "-j4", "--jobs", "--jobs=4", "--transfers", "--checkers", "--parallel"},
       "--threads=N");
  wish({"--simulate", "--dryrun", "--noop"}, "-n shows");
  wish({"--log", "--logfile=x"}, "--log-file=FILE");
  wish({"--resume"}, "--partial=SIZE");
  wish({"--limit=5"}, "--bwlimit=RATE");
}

TEST_F(Typed, advice_names_what_there_is_and_nothing_that_is_understood_needs_it) {
  const char* const program = "syncline";
  const cli::CommandLine line(1, &program);
  for (const std::string& name : line.long_names())
    EXPECT_EQ(cli::advice_on_option(name), "") << name;
  const std::regex option("--[a-z0-9-]+");
  for (const char* word :
       {"--watch", "--check", "-j",       "--manifest", "--simulate", "--ignore", "--match",
        "--log",   "--limit", "--resume", "--keep",     "--remove",   "--revert", "--history",
        "--fast",  "--deep",  "--state",  "--settings", "--deadline", "--usage"}) {
    const std::string advice{cli::advice_on_option(word)};
    EXPECT_NE(advice, "") << word;
    for (std::sregex_iterator at(advice.begin(), advice.end(), option), end; at != end; ++at)
      EXPECT_NE(line.find(at->str()), nullptr) << advice;
  }
}

TEST_F(Typed, a_long_option_with_one_dash_is_taken_for_what_it_is) {
  for (const char* option : {"-delete", "-rehash", "-dry-run", "-verbose", "-exclude=x", "-help",
                             "-version", "-update", "-stats", "-group", "-progress", "-force"}) {
    const std::string meant = '-' + std::string(option).substr(0, std::string(option).find('='));
    expect_refused({source, destination, option}, {"(did you mean " + meant + "?)"});
    expect_refused({option, source, destination}, {"(did you mean " + meant + "?)"});
  }
  expect_refused({"-delte", source, destination}, {"(did you mean --delete?)"});
  expect_refused({"-recursve", source, destination}, {"(did you mean --recursive?)"});
}

TEST_F(Typed, letters_behind_one_dash_stay_letters) {
  for (const char* letters : {"-avz", "-acls", "-rlptgoD", "-avhHAXS", "-nvi", "-auvx", "-aHAXx"})
    EXPECT_EQ(syncline({"-n", letters, source, destination}).status, 0) << letters;
  // Neither is a value that looks like it.
  EXPECT_EQ(syncline({"--exclude", "-delete", source, destination}).status, 0);
  EXPECT_EQ(syncline({"-f-_one", source, destination}).status, 0);
}

TEST_F(Typed, an_address_is_no_local_name) {
  for (const char* path : {"rsync://host/module", "ssh://host/x", "s3://bucket", "https://host/"}) {
    expect_refused({path, destination}, {"names another machine", "name its path;"});
    EXPECT_EQ(refusal({path, destination}, 1).find("local name"), std::string::npos);
  }
  expect_refused({"host:dir", destination}, {"a local name with a colon in it is './host:dir'"});
}

TEST_F(Typed, times_have_units_wherever_one_is_taken) {
  for (const char* option : {"--stop-after=5m", "--time-limit=0.5", "--min-age=1h30m",
                             "--interval=90s", "--modify-window=2s"})
    EXPECT_EQ(syncline({"-n", option, source, destination}).status, 0) << option;
  EXPECT_EQ(syncline({"-n", log, source, destination, "2d"}).status, 0);
  expect_refused({"--modify-window=0.5s", source, destination}, {"whole number of seconds"});
  for (const char* option : {"--stop-after", "--interval", "--min-age"})
    expect_refused({std::string(option) + "=5x", source, destination}, {option, "1h30m", "'5x'"});
}

TEST(Times, are_read_as_people_write_them) {
  using namespace std::chrono_literals;
  const std::map<std::string, std::chrono::nanoseconds> times = {
      {"90", 90s},      {"0.5", 500ms},       {"90s", 90s}, {"5m", 300s},      {"5min", 300s},
      {"1h", 3600s},    {"1h30m", 5400s},     {"2d", 48h},  {"1w1d", 24h * 8}, {"1.5h", 5400s},
      {"250ms", 250ms}, {"1m0.5s", 60'500ms}, {"1e2", 100s}};
  for (const auto& [text, time] : times) {
    EXPECT_EQ(cli::parse_interval(text), time) << text;
    const bool is_plain = text.find_first_not_of("0123456789.e") == std::string::npos;
    EXPECT_EQ(cli::parse_minutes(text), is_plain ? 60 * time : time) << text;
    EXPECT_TRUE(cli::is_time(text)) << text;
  }
  for (const char* text : {"5x", "m", "1h30", "30m1h", "1h1h", "1..5h", "-5m", "0s", "5M", "1h 30m",
                           "", "inf", "nan", "0", "-1", "1h-1m", "s5"}) {
    EXPECT_THROW(cli::parse_interval(text), std::invalid_argument) << text;
    EXPECT_THROW(cli::parse_minutes(text), std::invalid_argument) << text;
    EXPECT_FALSE(cli::is_time(text)) << text;
  }
  EXPECT_EQ(cli::parse_interval("99999999w"), cli::parse_interval("1e30")) << "a century";
  EXPECT_EQ(cli::parse_window("2s"), 2U);
  EXPECT_EQ(cli::parse_window("1m"), 60U);
  EXPECT_EQ(cli::parse_window("-1"), std::nullopt);
}

TEST_F(Typed, a_time_is_as_long_as_it_says) {
  write(source + "/old", "text");
  fs::last_write_time(source + "/old", fs::file_time_type::clock::now() - std::chrono::hours(3));
  // Its ctime is now, so only a limit that has passed lets it through.
  EXPECT_EQ(syncline({"--min-age=1h", source, destination}).status, 0);
  EXPECT_TRUE(fs::is_empty(destination));
  EXPECT_EQ(syncline({"--min-age=1ms", source, destination}).status, 0);
  EXPECT_TRUE(fs::exists(destination + "/old"));
}

TEST_F(Typed, a_byte_order_mark_is_no_part_of_what_is_said) {
  const std::string config = home / "settings";
  write(config, "\xef\xbb\xbfsource = " + source + "\ndestination = " + destination +
                    "\nexclude-from = " + (home / "list") + "\n");
  write(home / "list", "\xef\xbb\xbfone\ntwo\n");
  const Exit exit = syncline({"--config", config});
  EXPECT_EQ(exit.status, 0) << exit.err;
  EXPECT_EQ(paths_in(destination), std::set{destination + "/three"});
  write(config, std::string("\xff\xfes\0o\0", 6));
  expect_refused({"--config", config}, {"UTF-16", "save it as UTF-8"});
}

}  // namespace
}  // namespace syncline::test
