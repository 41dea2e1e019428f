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
  expect_refused({"--exclude-from=" + list("ok\n- \n")}, 1, "'- '");
  expect_refused({"--exclude-from=" + (home / "none")}, 11, "No such file");
  expect_refused({"-f", ". " + list(". " + (home / "list"))}, 11, "perhaps by itself");
  expect_refused({"--files-from=" + list("a"), "--delete"}, 1, "contradicts --delete");
  expect_refused({"--no-delete", "--delete-excluded"}, 1, "contradicts");
  for (const char* size : {"1X", "-1", "1K-2", "8E", "K", "1KI", "0-1", "9999999P"})
    expect_refused({std::string{"--max-size="} + size}, 1, "--max-size");
  expect_refused({"--min-age=-1"}, 1, "--min-age");
}

}  // namespace
}  // namespace syncline::test
