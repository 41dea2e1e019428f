// The command line as a user meets it: what is refused, what is answered, what a single run prints.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"

#include "tell/summary.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

struct Misuse {
  Words arguments;  ///< SRC, DST and LOG stand for paths
  std::string named;
};
void PrintTo(const Misuse& misuse, std::ostream* out) {
  if (misuse.arguments.empty()) *out << "nothing";
  for (const std::string& word : misuse.arguments) *out << '\'' << word << "' ";
}

class Usage : public Cli, public testing::WithParamInterface<Misuse> {};

TEST_P(Usage, is_refused_in_one_line_and_touches_nothing) {
  Words arguments = GetParam().arguments;
  for (std::string& word : arguments) {
    if (word == "SRC") word = source;
    if (word == "DST") word = destination;
    if (word == "LOG") word = log;
  }
  const std::set<std::string> before = paths_in(home.path());
  const Exit exit = syncline(arguments);
  EXPECT_EQ(exit.status, 1);
  EXPECT_EQ(exit.out, "");
  EXPECT_TRUE(is_one_line(exit.err));
  EXPECT_TRUE(exit.err.starts_with("syncline: "));
  EXPECT_TRUE(exit.err.ends_with("; try 'syncline --help'\n"));
  EXPECT_NE(exit.err.find(GetParam().named), std::string::npos) << exit.err;
  EXPECT_EQ(paths_in(home.path()), before);
}

INSTANTIATE_TEST_SUITE_P(
    Cli, Usage,
    testing::Values(
        Misuse{{}, "'SRC DST' (once) or 'LOG SRC DST INTERVAL'"},
        Misuse{{"SRC"}, "'SRC DST' (once) or 'LOG SRC DST INTERVAL'"},
        Misuse{{"LOG", "SRC", "DST"}, "'SRC DST' (once) or 'LOG SRC DST INTERVAL'"},
        Misuse{{"LOG", "SRC", "DST", "1", "surplus"}, "'surplus'"},
        Misuse{{"--", "-a", "-b", "-c", "-d", "-surplus", "-f"}, "'-surplus'"},
        Misuse{{"--bogus", "SRC", "DST"}, "'--bogus'"}, Misuse{{"-Y", "SRC", "DST"}, R"('-Y')"},
        Misuse{{"SRC", "DST", "--two\nlines"}, R"('--two\nlines')"},
        Misuse{{"", "DST"}, "SRC is empty"}, Misuse{{"SRC", ""}, "DST is empty"},
        Misuse{{"", "SRC", "DST", "1"}, "LOG is empty"},
        Misuse{{"--log-file", "", "SRC", "DST"}, "--log-file is empty"},
        Misuse{{"--log-file=", "SRC", "DST"}, "--log-file lacks a value"},
        Misuse{{"SRC", "DST", "--threads"}, "--threads lacks a value"},
        Misuse{{"--dry-run=no", "SRC", "DST"}, "--dry-run takes no value"},
        Misuse{{"--threads=0", "SRC", "DST"},
               "--threads must be a whole number from 1 to 1024, not '0'"},
        Misuse{{"--io-threads=1025", "SRC", "DST"}, "'1025'"},
        Misuse{{"--io-threads", "-1", "SRC", "DST"}, "'-1'"},
        Misuse{{"--threads=2", "--threads=3", "SRC", "DST"}, "--threads is given twice"},
        Misuse{{"--digest-backend=sha1", "SRC", "DST"},
               "--digest-backend must be auto, evp or simd, not 'sha1'"},
        Misuse{{"--max-delete=101%", "SRC", "DST"}, "'101%'"},
        Misuse{{"--max-delete=many", "SRC", "DST"}, "'many'"},
        Misuse{{"--no-delete", "--delete", "SRC", "DST"}, "--no-delete contradicts --delete"},
        Misuse{{"--no-delete", "--max-delete=5", "SRC", "DST"},
               "--no-delete contradicts --max-delete"},
        Misuse{{"--no-delete", "--force", "SRC", "DST"}, "--no-delete contradicts --force"},
        Misuse{{"--index=", "SRC", "DST"}, "--index lacks a value"},
        Misuse{{"--index=x", "--no-index", "SRC", "DST"}, "--no-index contradicts --index"},
        Misuse{{"--rehash", "--adopt", "SRC", "DST"}, "--rehash contradicts --adopt"},
        Misuse{{"--rehash", "--trust-mtime", "SRC", "DST"}, "--rehash contradicts --trust-mtime"},
        Misuse{{"--restore", "LOG", "SRC", "DST", "1"}, "--restore is for once"},
        Misuse{{"--restore", "--delete", "SRC", "DST"}, "--restore deletes nothing"},
        Misuse{{"--restore", "--index=x", "SRC", "DST"}, "--restore uses no index"},
        Misuse{{"--interval=0", "SRC", "DST"}, "--interval must be a positive number"},
        Misuse{{"--interval=1", "LOG", "SRC", "DST", "1"}, "--interval is one too many"},
        Misuse{{"--log-file=x", "LOG", "SRC", "DST", "1"}, "--log-file is one too many"}));

INSTANTIATE_TEST_SUITE_P(
    Output, Usage,
    testing::Values(
        Misuse{{"--progress=fast", "SRC", "DST"}, "--progress takes no value but 'plain'"},
        Misuse{{"-q", "--progress=fast", "SRC", "DST"}, "--progress takes no value but 'plain'"},
        Misuse{{"--progress=", "SRC", "DST"}, "--progress lacks a value"},
        Misuse{{"--progress", "--no-progress", "SRC", "DST"},
               "--no-progress contradicts --progress"},
        Misuse{{"--info=nonsense", "SRC", "DST"}, "--info knows no 'nonsense': there are ALL"},
        Misuse{{"--info=name2,", "SRC", "DST"}, "--info knows no ''"},
        Misuse{{"--info=name", "--info=progress2,nam", "SRC", "DST"}, "knows no 'nam'"},
        Misuse{{"--max-alloc=nonsense", "SRC", "DST"}, "--max-alloc must be a size"},
        Misuse{{"--max-alloc=5", "SRC", "DST"}, "--max-alloc must be 0, or a size of at least 1M"},
        Misuse{{"--out-format=%n %z", "SRC", "DST"}, "--out-format knows no escape '%z'"},
        Misuse{{"--out-format=50%", "SRC", "DST"}, "--out-format knows no escape '%'"},
        Misuse{{"--json", "-i", "SRC", "DST"}, "--json contradicts --itemize-changes"},
        Misuse{{"--json", "--log-file=-", "SRC", "DST"}, "--json contradicts a log"},
        Misuse{{"--log-detail=folder", "SRC", "DST"}, "--log-detail needs a log"},
        Misuse{{"--log-detail=some", "--log-file=LOG", "SRC", "DST"},
               "--log-detail must be all, folder or summary, not 'some'"},
        Misuse{{"--why=a", "LOG", "SRC", "DST", "1"}, "--why is for once"},
        Misuse{{"--why=/etc/passwd", "SRC", "DST"}, "lies in neither SRC nor DST"}));

const std::string positive =
    "INTERVAL must be a positive number of seconds such as 60 or 0.5, or a time such as 5m or "
    "1h30m, not ";

INSTANTIATE_TEST_SUITE_P(Interval, Usage,
                         testing::Values(Misuse{{"LOG", "SRC", "DST", "nan"}, positive + "'nan'"},
                                         Misuse{{"LOG", "SRC", "DST", "inf"}, positive + "'inf'"},
                                         Misuse{{"LOG", "SRC", "DST", "0"}, positive + "'0'"},
                                         Misuse{{"LOG", "SRC", "DST", "-1"}, positive + "'-1'"},
                                         Misuse{{"LOG", "SRC", "DST", "-.5"}, positive + "'-.5'"},
                                         Misuse{{"LOG", "SRC", "DST", "1e999"},
                                                positive + "'1e999'"},
                                         Misuse{{"LOG", "SRC", "DST", "5x"}, positive + "'5x'"},
                                         Misuse{{"LOG", "SRC", "DST", ""}, positive + "''"}));

using CommandLine = Cli;

TEST_F(CommandLine, h_is_help_when_alone_and_harmless_beside_paths) {
  const std::string help = syncline({"--help"}).out;
  EXPECT_EQ(syncline({"-h"}).out, help);
  EXPECT_EQ(syncline({"-vh"}).out, help);
  EXPECT_EQ(syncline({"--help", source, destination}).out, help);
  EXPECT_FALSE(fs::exists(destination));

  const Exit exit = syncline({"-h", source, destination});
  EXPECT_EQ(exit.status, 0);
  EXPECT_EQ(exit.out, "");
  EXPECT_TRUE(fs::exists(destination));
}

TEST_F(CommandLine, tells_what_computes_digests) {
  const Exit best = syncline({"--version", "-v"});
  EXPECT_EQ(best.status, 0);
  EXPECT_NE(best.out.find("\nMD5 by "), std::string::npos) << best.out;
  const Exit evp = syncline({"--version", "-v", "--digest-backend=evp"});
  EXPECT_NE(evp.out.find("\nMD5 by EVP\n"), std::string::npos) << evp.out;
}

TEST_F(CommandLine, tells_its_version) {
  const Exit exit = syncline({"-V"});
  EXPECT_EQ(exit.status, 0);
  EXPECT_TRUE(is_one_line(exit.out));
  EXPECT_TRUE(exit.out.starts_with("syncline "));
  EXPECT_EQ(syncline({"--version"}).out, exit.out);
}

TEST_F(CommandLine, takes_paths_as_they_are) {
  for (const char* name : {"[a,b]", "{}", "{a}", "a=b", "++", "%s", "-n", "--", "\xff\n"}) {
    const std::string folder = home / "names";
    fs::create_directories(folder + '/' + name);
    write(folder + '/' + name + "/file", name);
    const std::string go = R"(cd "$1" && exec "$2" -- "$3" "$3.copy")";
    const Exit exit = run({"/bin/sh", "-c", go, "sh", folder, SYNCLINE_BINARY, name});
    EXPECT_EQ(exit.status, 0) << name << ": " << exit.err;
    EXPECT_EQ(read(folder + '/' + name + ".copy/file"), name);
    fs::remove_all(folder);
  }
}

TEST_F(CommandLine, is_silent_where_nobody_watches_and_all_went_well) {
  write(source + "/file", "text");
  const Exit exit = syncline({source, destination});
  EXPECT_EQ(exit.status, 0);
  EXPECT_EQ(exit.out, "");
  EXPECT_EQ(exit.err, "");
  EXPECT_EQ(read(destination + "/file"), "text");
}

TEST_F(CommandLine, v_prints_every_action_on_one_line_and_a_summary) {
  fs::create_directory(source + "/folder");
  write(source + "/folder/forged\ncreate file \"other", "text");
  write(source + "/\xff\x1b[2J", "text");
  const Exit exit = syncline({"-v", source, destination});
  EXPECT_EQ(exit.status, 0);
  EXPECT_EQ(exit.err, "");
  EXPECT_NE(exit.out.find("create folder \"folder\" ("), std::string::npos) << exit.out;
  EXPECT_NE(exit.out.find(R"(create file "folder/forged\ncreate file \"other" ()"),
            std::string::npos)
      << exit.out;
  EXPECT_NE(exit.out.find(R"(create file "\xff\x1b[2J" ()"), std::string::npos) << exit.out;
  EXPECT_NE(exit.out.find("created        4 entries (8 B)"), std::string::npos) << exit.out;
}

TEST_F(CommandLine, one_byte_is_one) {
  write(source + "/one", "1");
  const Exit exit = syncline({"-v", source, destination});
  EXPECT_NE(exit.out.find(R"(create file "one" (new; 1 byte; md5 )"), std::string::npos)
      << exit.out;
}

TEST(SummaryForPeople, of_a_pass_that_was_cut_short_does_not_say_that_nothing_was_to_do) {
  Summary summary;
  EXPECT_EQ(cli::summary_for_people(summary, false).front(), "nothing to do");
  summary.stopped = true;
  EXPECT_EQ(cli::summary_for_people(summary, false).front(), "nothing was done yet");
  summary.stopped = false;
  summary.given_up = Refusal{.code = RefusalCode::other, .cause = "no memory"};
  EXPECT_EQ(cli::summary_for_people(summary, false).front(), "nothing was done yet");
}

TEST_F(CommandLine, the_summary_has_one_count_and_no_hasty_rates) {
  write(source + "/a", "text");
  write(source + "/b", "text");
  const Exit loud = syncline({"-v", source, destination});
  EXPECT_NE(loud.out.find("created        3 entries (8 B)"), std::string::npos) << loud.out;
  EXPECT_NE(loud.out.find(" for 3 entries (8 B), read 8 B, written 8 B\n"), std::string::npos)
      << loud.out;
  EXPECT_EQ(loud.out.find("B/s"), std::string::npos) << loud.out;
  EXPECT_NE(loud.out.find("\nindex  "), std::string::npos) << loud.out;
  const Exit dry = syncline({"-n", source, destination});
  EXPECT_NE(dry.out.find("nothing to do"), std::string::npos) << dry.out;
  EXPECT_EQ(dry.out.find("index"), std::string::npos) << dry.out;
  EXPECT_NE(syncline({"-nv", source, destination}).out.find("\nindex  "), std::string::npos);
}

TEST_F(CommandLine, dry_run_tells_and_touches_nothing) {
  write(source + "/new", "text");
  fs::create_directory(destination);
  write(destination + "/surplus", "text");
  const std::set<std::string> before = paths_in(home.path());
  const Exit exit = syncline({"-n", "--max-delete=1", source, destination});
  EXPECT_EQ(exit.status, 0);
  EXPECT_NE(exit.out.find("would create file \"new\""), std::string::npos) << exit.out;
  EXPECT_NE(exit.out.find("would remove file \"surplus\""), std::string::npos) << exit.out;
  EXPECT_EQ(paths_in(home.path()), before);

  // However it is told to go on, and where to log.
  const Exit once = syncline({"-n", log, source, destination, "60"});
  EXPECT_EQ(once.status, 0);
  EXPECT_NE(once.out.find("would create file \"new\""), std::string::npos) << once.out;
  EXPECT_EQ(paths_in(home.path()), before);

  fs::remove_all(destination);
  EXPECT_EQ(syncline({"-n", "-q", source, destination}).out, "");
  EXPECT_FALSE(fs::exists(destination));
}

TEST_F(CommandLine, failures_reach_standard_error_however_quiet_it_is) {
  write(source + "/big", std::string(100'000, 'x'));
  write(source + "/small", "text");
  // A file size limit is a failure that root meets too.
  const Exit exit =
      run(shell(R"(ulimit -f 8; exec "$@")", {"-q", "--no-index", source, destination}));
  EXPECT_EQ(exit.status, 23);
  EXPECT_EQ(exit.out, "");
  EXPECT_TRUE(exit.err.starts_with("syncline: big: could not ")) << exit.err;
  EXPECT_NE(exit.err.find("File too large"), std::string::npos) << exit.err;
  EXPECT_EQ(read(destination + "/small"), "text");
  EXPECT_FALSE(fs::exists(destination + "/big"));
}

TEST_F(CommandLine, unusable_roots_end_it_with_status_3) {
  const std::string missing = home / "missing";
  const Exit exit = syncline({missing, destination});
  EXPECT_EQ(exit.status, 3);
  EXPECT_TRUE(is_one_line(exit.err));
  EXPECT_NE(exit.err.find(missing), std::string::npos);
  EXPECT_FALSE(fs::exists(destination));
  EXPECT_EQ(syncline({source, source}).status, 3);
}

TEST_F(CommandLine, closed_standard_streams_do_no_harm) {
  write(source + "/file", "text");
  const Exit exit = run(shell(R"(exec "$@" <&- >&- 2>&-)", {"-v", source, destination}));
  EXPECT_EQ(exit.status, 0);
  EXPECT_EQ(read(destination + "/file"), "text");
}

TEST_F(CommandLine, says_where_its_output_got_lost) {
  const Exit exit = run(shell(R"(exec "$@" >/dev/full)", {"-nv", source, destination}));
  EXPECT_EQ(exit.status, 23);
  EXPECT_TRUE(is_one_line(exit.err));
  EXPECT_NE(exit.err.find("standard output"), std::string::npos);
}

}  // namespace
}  // namespace syncline::test
