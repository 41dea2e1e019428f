// Settings in a file and in the environment: who goes before whom, values of any bytes, and what is
// refused.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;

class Config : public Cli {
 protected:
  /// With a file that names both roots and has `more` from its fourth line on.
  [[nodiscard]] Exit with_file(const std::string& more,
                               const std::vector<std::string>& arguments = {}) const {
    write(config,
          "# Both roots.\nsource = " + source + "\ndestination = " + destination + '\n' + more);
    std::vector<std::string> words{"--config", config};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return syncline(words);
  }
  /// `what` in one line that says where, and nothing touched.
  void expect_refused(const Exit& exit, const std::string& what) const {
    EXPECT_EQ(exit.status, 1);
    EXPECT_EQ(exit.out, "");
    EXPECT_TRUE(is_one_line(exit.err));
    EXPECT_NE(exit.err.find(what), std::string::npos) << exit.err << "lacks " << what;
    EXPECT_FALSE(fs::exists(destination));
  }

  const std::string config = home / "name.conf";
};

/// One for the programs that are run while it lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

TEST_F(Config, says_all_of_a_run) {
  write(source + "/file", "text");
  const Exit exit = with_file("verbose = true\nlog-file = " + log + "\nno-index=yes");
  EXPECT_EQ(exit.status, 0) << exit.err;
  EXPECT_EQ(read(destination + "/file"), "text");
  EXPECT_NE(exit.out.find("create file \"file\""), std::string::npos) << exit.out;
  EXPECT_TRUE(logged("pass 1 ended"));
  EXPECT_EQ(exit.out.find("index "), std::string::npos) << exit.out;
}

TEST_F(Config, takes_paths_to_the_last_byte) {
  const auto in_quotes = [](const std::string& text) { return '"' + text + '"'; };
  const std::vector<std::pair<std::string, std::string>> names{
      {"two words", "two words"},
      {"a,b {c} [d] 'e' %s", "a,b {c} [d] 'e' %s"},
      {"back\\slash = \"x\"", "back\\slash = \"x\""},
      {"a#b;c ", in_quotes("a#b;c ")},
      {" [a,b]", in_quotes(" [a,b]") + " # a comment"},
      {"[a, b]", "'[a, b]'"},
      {"\xff\n\t\r\\\"", in_quotes(R"(\xff\n\t\r\\\")")},
      {"\xfe", "\xfe"},
      {"-n", "-n"},
      {"--", "--"},
      {"true", "true"}};
  const fs::path folder = home / "names";
  for (const auto& [name, spelled] : names) {
    fs::create_directories(folder / name);
    write(folder / name / "file", name);
    std::string settings = "destination = ../copy\nsource = ";
    write(config, settings.append(spelled));
    const Exit exit =
        run(shell(R"(cd ")" + folder.string() + R"(" && exec "$@")", {"--config", config}));
    EXPECT_EQ(exit.status, 0) << name << ": " << exit.err;
    EXPECT_EQ(read(home / "copy/file"), name);
    fs::remove_all(home / "copy");
    fs::remove_all(folder);
  }
}

struct Wrong {
  std::string line;
  std::string told;
};
void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.line;
}
class WrongLine : public Config, public testing::WithParamInterface<Wrong> {};

TEST_P(WrongLine, is_refused_with_its_number) {
  const Exit exit = with_file("\n" + GetParam().line + "\n\n");
  expect_refused(exit, "syncline: " + config + ", line 5");
  expect_refused(exit, GetParam().told);
}

INSTANTIATE_TEST_SUITE_P(
    Config, WrongLine,
    testing::Values(
        Wrong{"treads = 2", "no option 'treads'"}, Wrong{"-n = 1", "no option '-n'"},
        Wrong{"two\x1b = 2", "there is no such option"}, Wrong{"threads", "expected 'key = value'"},
        Wrong{"= 2", "expected 'key = value'"},
        Wrong{"threads = 0", "--threads must be a whole number from 1 to 1024, not '0'"},
        Wrong{"threads =", "--threads lacks a value"},
        Wrong{"delete = maybe", "delete must be true or false, not 'maybe'"},
        Wrong{"config = other", "'config' is for the command line only"},
        Wrong{"help = true", "'help' is for the command line only"},
        Wrong{"[section]", "sections are not"}, Wrong{"index = [a]", "lists are not"},
        Wrong{"index = a # b", "put quotes"}, Wrong{"index = a;b", "put quotes"},
        Wrong{"index = \"a", "closing quote"}, Wrong{"index = 'a", "closing quote"},
        Wrong{"index = 'a' b", "after the closing quote"},
        Wrong{R"(index = "\q")", "have a meaning"}, Wrong{R"(index = "\x4")", "have a meaning"},
        Wrong{R"(index = "\x00")", "NUL"}, Wrong{std::string("index = a\0b", 11), "NUL"},
        Wrong{"source = /", "SRC is given twice"}, Wrong{"interval = 0", "--interval must be"},
        Wrong{"max-delete = 5\nno-delete = 1", "line 6: --no-delete contradicts --max-delete"},
        Wrong{"threads = 1\nthreads = 2", "line 6: --threads is given twice"}));

TEST_F(Config, yields_to_the_environment_and_both_to_the_command_line) {
  expect_refused(with_file("threads = 0"), config + ", line 4: --threads");
  const Variable threads("SYNCLINE_THREADS", "-1");
  const Exit exit = with_file("threads = 0");
  expect_refused(exit, "syncline: SYNCLINE_THREADS in the environment: --threads");
  EXPECT_EQ(exit.err.find("line 4"), std::string::npos) << exit.err;
  EXPECT_EQ(with_file("threads = 0", {"--threads=2"}).status, 0);
}

TEST_F(Config, yields_to_paths_on_the_command_line) {
  write(source + "/file", "text");
  const std::string other = home / "other";
  EXPECT_EQ(with_file("", {source, other}).status, 0);
  EXPECT_FALSE(fs::exists(destination));
  EXPECT_EQ(read(other + "/file"), "text");
  // Half of a pair is no pair.
  expect_refused(with_file("", {source}), "one argument is too few");
  // LOG and INTERVAL have their places too.
  expect_refused(with_file("log-file = x\ninterval = 5\n", {log, source, other, "-1"}),
                 "syncline: INTERVAL must be");
}

TEST_F(Config, that_lacks_a_root_is_no_command) {
  write(config, "source = " + source + "\n");
  expect_refused(syncline({"--config", config}), "one argument is too few");
  write(config, "destination = " + destination + "\n");
  expect_refused(syncline({"--config", config}), "one argument is too few");
}

TEST_F(Config, has_switches_that_the_environment_can_turn_off) {
  const Variable off("SYNCLINE_DRY_RUN", "0");
  EXPECT_EQ(with_file("dry-run = true").status, 0);
  EXPECT_TRUE(fs::exists(destination));
}

TEST_F(Config, can_be_named_in_the_environment) {
  write(home / "other.conf", "threads = 0\n");
  const Variable variable("SYNCLINE_CONFIG", home / "other.conf");
  expect_refused(syncline({source, destination}), "other.conf, line 1: --threads");
  EXPECT_EQ(with_file("").status, 0);
}

TEST_F(Config, is_no_help_against_mistyped_variables) {
  const Variable variable("SYNCLINE_MAX_DELET", "5");
  expect_refused(syncline({source, destination}), "SYNCLINE_MAX_DELET in the environment");
  EXPECT_EQ(syncline({"--help"}).status, 0);
  const Variable empty("SYNCLINE_MAX_DELET", "");
  EXPECT_EQ(syncline({source, destination}).status, 0);
}

TEST_F(Config, has_to_be_readable) {
  expect_refused(syncline({"--config", home / "missing"}), "missing' cannot be read: No such file");
  expect_refused(syncline({"--config", source}), "cannot be read: Is a directory");
  expect_refused(syncline({"--config", "/dev/zero"}), "larger than 1 MiB");
  expect_refused(syncline({"--config", config, "--config", config}), "--config is given twice");
}

}  // namespace
}  // namespace syncline::test
