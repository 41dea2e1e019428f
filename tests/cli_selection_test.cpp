// Which entries take part, as the command line says it. What rules mean is tried by
// cli_rsync_test.cpp.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;
using Names = std::set<std::string>;

class CliSelection : public Cli {
 protected:
  CliSelection() {
    for (const char* name : {"a", "b", "-x", "[a,b]"}) write(source + '/' + name, name);
  }

  /// What is in the destination after a run that must end well.
  Names mirrored(Words options) const {
    fs::remove_all(destination);
    options.insert(options.end(), {"-q", "--no-index", source, destination});
    const Exit exit = syncline(options);
    EXPECT_EQ(exit.status, 0) << exit.err;
    Names names;
    for (const auto& entry : fs::directory_iterator(destination))
      names.insert(entry.path().filename().string());
    return names;
  }

  [[nodiscard]] std::string list(const std::string& content) const {
    write(home / "list", content);
    return home / "list";
  }

  void expect_refused(Words options, int status, const std::string& named) const {
    fs::remove_all(destination);
    options.insert(options.end(), {source, destination});
    const Exit exit = syncline(options);
    EXPECT_EQ(exit.status, status);
    EXPECT_TRUE(is_one_line(exit.err));
    EXPECT_NE(exit.err.find(named), std::string::npos) << exit.err;
    EXPECT_FALSE(fs::exists(destination));
  }
};

TEST_F(CliSelection, the_first_rule_that_matches_decides_whichever_option_it_came_by) {
  EXPECT_EQ(mirrored({"--include=a", "-f", "- [[]a*", "--exclude", "-x"}), (Names{"a", "b"}));
  EXPECT_EQ(mirrored({"-f", "- *", "--include=a"}), Names{});
  EXPECT_EQ(mirrored({"-f-_*", "-f!", "--exclude=[a,b]"}), (Names{"-x", "[a,b]"}));
}

TEST_F(CliSelection, lists_are_read_where_they_are_named) {
  const std::string rules = list("# kept\n+ a\n- [ab]\n");
  EXPECT_EQ(mirrored({"--filter=merge " + rules}), (Names{"a", "-x", "[a,b]"}));
  EXPECT_EQ(mirrored({"--exclude=a", "--filter=merge " + rules}), (Names{"-x", "[a,b]"}));
  EXPECT_EQ(mirrored({"--exclude-from=" + rules}), (Names{"a", "-x", "[a,b]"}));
}

TEST_F(CliSelection, names_in_a_list_may_end_with_zeros) {
  write(source + "/n\nl", "");
  const std::string names = list(std::string{"n\nl\0a\0", 6});
  EXPECT_EQ(mirrored({"-0", "--exclude-from", names}), (Names{"b", "-x", "[a,b]"}));
  EXPECT_EQ(mirrored({"--files-from", names, "-0"}), (Names{"n\nl", "a"}));
  expect_refused({"--exclude-from", names, "-0"}, 1, "--from0 must come before --exclude-from");
  expect_refused({"--exclude-from", names}, 11, "--from0");
}

TEST_F(CliSelection, a_list_may_come_from_standard_input) {
  const Exit exit = run(shell("printf 'a\\nb\\n' | \"$@\"",
                              {"-q", "--no-index", "--files-from=-", source, destination}));
  EXPECT_EQ(exit.status, 0) << exit.err;
  EXPECT_EQ(paths_in(destination), (Names{destination + "/a", destination + "/b"}));
}

TEST_F(CliSelection, all_are_named_that_a_list_has_and_the_source_has_not) {
  std::string names;
  for (int i = 10; i < 30; ++i) names += "missing " + std::to_string(i) + "\n";
  const std::string log_file = logs + "/log";
  const Exit exit = syncline(
      {"--no-index", "--files-from=" + list(names), "--log-file=" + log_file, source, destination});
  EXPECT_EQ(exit.status, 23);
  for (const std::string& name : lines_of(names)) {
    EXPECT_NE(exit.err.find(name + ": is listed"), std::string::npos) << name << exit.err;
    EXPECT_TRUE(logged('"' + name + "\": is listed")) << name;
  }
}

TEST_F(CliSelection, sizes_have_the_units_of_rsync) {
  write(source + "/1000", std::string(1000, 'x'));
  write(source + "/1024", std::string(1024, 'x'));
  const auto has = [&](const std::string& limit, const std::string& name) {
    return mirrored({"--max-size=" + limit}).contains(name);
  };
  for (const char* limit : {"1K", "1k", "1KiB", "1024", "1024b", "1K+1", "1M", ".001g"})
    EXPECT_TRUE(has(limit, "1024")) << limit;
  for (const char* limit : {"1KB", "1kb", "1K-1", "1000", "1kb+1"}) {
    EXPECT_FALSE(has(limit, "1024")) << limit;
    EXPECT_TRUE(has(limit, "1000")) << limit;
  }
  EXPECT_FALSE(has("1kb-1", "1000"));
}

TEST_F(CliSelection, what_is_not_supported_is_refused_by_name) {
  expect_refused({"-C"}, 1, "--cvs-exclude");
  expect_refused({"-F"}, 1, "-F");
  expect_refused({"-f", ": .rules"}, 1, "': .rules': per-directory");
  expect_refused({"-f", "nonsense"}, 1, "'nonsense'");
  expect_refused({"--exclude-from=" + list("ok\n- \n")}, 1, "/list\", line 2: '-...'");
  expect_refused({"--exclude-from=" + (home / "none")}, 11, "No such file");
  expect_refused({"-f", ". " + list(". " + (home / "list"))}, 11, "perhaps by itself");
  expect_refused({"--files-from=" + list("a"), "--delete"}, 1, "contradicts --delete");
  expect_refused({"--no-delete", "--delete-excluded"}, 1, "contradicts");
  for (const char* size : {"1X", "-1", "1K-2", "8E", "K", "1KI", "0-1", "9999999P"})
    expect_refused({std::string{"--max-size="} + size}, 1, "--max-size");
  expect_refused({"--min-age=-1"}, 1, "--min-age");
}

TEST_F(CliSelection, what_is_wrong_with_a_file_of_rules_names_its_line) {
  const auto merging = [&](const std::string& content) {
    return "--filter=merge " + list(content);
  };
  expect_refused({merging("# kept\n\n- a\nnonsense here\n")}, 1, "line 4: 'nonsense...': a rule");
  expect_refused({merging("- a\r\n\r\nnonsense\r\n")}, 1, "line 3: 'nonsense': a rule");
  expect_refused({merging("- a\r\rnonsense\r")}, 1, "line 3: 'nonsense': a rule");
  expect_refused({"-0", merging(std::string{"- a\0nonsense", 12})}, 1,
                 "line 2: 'nonsense': a rule");
  write(home / "inner", "- a\n-x b\n");
  expect_refused({merging("- a\n. " + (home / "inner") + "\n")}, 1, "/inner\", line 2: '-...'");
  expect_refused({merging("- a\n. " + (home / "none") + "\n")}, 11,
                 "/list\", line 2: No such file");
  expect_refused({"--exclude-from=" + list(std::string{"a\0b", 3})}, 11, "/list\": holds a zero");
}

// Whatever file a privileged run was made to read, and whichever way.
TEST_F(CliSelection, what_a_file_of_rules_holds_is_not_told) {
  const std::string secrets = list(
      "root:$6$saltysalt$hashhashhash:19000:0:99999:7:::\n"
      "AKIAIOSFODNN7EXAMPLEKEYANDMORE\n"
      ". /root/hidden place\n");
  const auto expect_silent = [&](const Words& options, const std::string& input) {
    write(home / "list", input);
    Words words = options;
    words.insert(words.end(), {source, destination});
    const Exit exit = syncline(words);
    EXPECT_NE(exit.status, 0);
    for (const char* secret : {"salty", "hash", "OSFODNN", "hidden", "c2VjcmV0", "deadbeef"})
      EXPECT_EQ((exit.out + exit.err).find(secret), std::string::npos) << exit.err;
  };
  for (const char* line :
       {"root:$6$saltysalt$hashhashhash:19000:0:99999:7:::\n", "AKIAIOSFODNN7EXAMPLEKEYANDMORE\n",
        ". /root/hidden place\n", "-x hidden\n", "-hash\n", "c2VjcmV0c2VjcmV0\n"})
    expect_silent({"--filter=merge " + secrets}, line);
  for (const char* line :
       {"c2VjcmV0c2VjcmV0==\n", "token deadbeef = 1\n", "saltysalt:hash\n", "deadbeef0123=x\n"})
    expect_silent({"--config=" + secrets}, line);
}

}  // namespace
}  // namespace syncline::test
