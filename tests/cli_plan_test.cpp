// The verb "plan": what is understood, what is refused, what is written, and what is printed.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/terminal.h"

#include <sys/stat.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;
using Json = nlohmann::json;

class PlanVerb : public Cli {
 protected:
  PlanVerb() {
    fs::create_directory(destination);
    fs::create_directories(destination + "/old/deep");
    write(source + "/new", "12345");
    write(destination + "/old/a", std::string(5000, 'a'));
    write(destination + "/old/deep/b", "b");
    write(destination + "/gone", "g");
  }

  [[nodiscard]] Exit plan(Words words) const {
    words.insert(words.begin(), "plan");
    return syncline(words);
  }

  void expect_refused(const Words& words, int status, const std::string& named) const {
    const Exit exit = plan(words);
    EXPECT_EQ(exit.status, status) << testing::PrintToString(words);
    EXPECT_EQ(exit.out, "");
    EXPECT_TRUE(is_one_line(exit.err));
    EXPECT_NE(exit.err.find(named), std::string::npos) << exit.err;
  }

  static std::vector<Json> lines_in(const std::string& text) {
    std::vector<Json> lines;
    for (const std::string& line : lines_of(text)) lines.push_back(Json::parse(line));
    return lines;
  }

  const std::string file = home / "a.plan";
};

TEST_F(PlanVerb, writes_a_plan_in_silence_and_touches_nothing) {
  const std::set<std::string> before = paths_in(destination);
  const Exit exit = plan({source, destination, "-o", file});
  EXPECT_EQ(exit.status, 0) << exit.err;
  EXPECT_EQ(exit.out, "");
  EXPECT_EQ(paths_in(destination), before);
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600);
  const auto lines = lines_in(read(file));
  ASSERT_GT(lines.size(), 8);
  EXPECT_EQ(lines.front()["type"], "plan");
  EXPECT_EQ(lines.front()["schema"], 1);
  EXPECT_EQ(lines.front()["source"]["path"], source);
  const auto step =
      std::ranges::find_if(lines, [](const Json& line) { return line.value("path", "") == "new"; });
  ASSERT_NE(step, lines.end());
  EXPECT_EQ((*step)["verb"], "create");
  EXPECT_EQ((*step)["code"], "new");
  EXPECT_EQ((*step)["source"]["size"], 5);
  EXPECT_FALSE(step->contains("destination"));
  EXPECT_EQ(lines[lines.size() - 2]["removed"]["entries"], 5);
  EXPECT_EQ(lines.back()["steps"], lines.size() - 3);
}

TEST_F(PlanVerb, gives_a_pipe_the_plan_that_a_file_would_have) {
  const Exit exit = plan({source, destination});
  EXPECT_EQ(exit.status, 0) << exit.err;
  write(file, exit.out);
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  const Exit shown = plan({"--show=" + file});
  EXPECT_EQ(shown.status, 0) << shown.err;
  EXPECT_NE(shown.out.find("1 new (5 B)"), std::string::npos) << shown.out;
  const Exit both = plan({source, destination, "--json", "-o", file});
  EXPECT_EQ(lines_in(both.out).size(), lines_in(exit.out).size());
  EXPECT_EQ(read(file), both.out);
}

TEST_F(PlanVerb, shows_deletions_by_folder_the_largest_first) {
  ASSERT_EQ(plan({source, destination, "-o", file + ".zst"}).status, 0);
  EXPECT_TRUE(read(file + ".zst").starts_with("\x28\xb5\x2f\xfd"));
  const Exit shown = plan({"--show", file + ".zst"});
  EXPECT_EQ(shown.status, 0) << shown.err;
  const auto lines = lines_of(shown.out);
  ASSERT_EQ(lines.size(), 7) << shown.out;
  EXPECT_TRUE(lines[0].starts_with("Plan 2")) << lines[0];
  EXPECT_NE(lines[1].find("5 removed (5.0 kB)"), std::string::npos) << lines[1];
  EXPECT_NE(lines[2].find("first_pass"), std::string::npos) << lines[2];
  EXPECT_EQ(lines[3], "Removed, by folder:");
  EXPECT_TRUE(lines[4].ends_with("2 entries in \"old\"")) << lines[4];
  EXPECT_TRUE(lines[5].ends_with("2 entries in \".\"")) << lines[5];
  EXPECT_TRUE(lines[6].ends_with("1 entry   in \"old/deep\"")) << lines[6];
}

TEST_F(PlanVerb, shows_a_terminal_a_table) {
  if (!Terminal::is_possible()) GTEST_SKIP() << "no terminals here";
  Terminal terminal{command({"plan", source, destination}), 100};
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_TRUE(terminal.screen().has("Removed, by folder:"));
  EXPECT_FALSE(terminal.screen().has("\"type\""));
}

TEST_F(PlanVerb, cuts_a_plan) {
  ASSERT_EQ(plan({source, destination, "-o", file}).status, 0);
  const std::string cut = home / "cut.plan";
  const Exit exit = plan({"--without=/old", file, "-o", cut, "-v"});
  EXPECT_EQ(exit.status, 0) << exit.err;
  EXPECT_EQ(exit.out, "2 steps in \"" + cut + "\"\n");
  EXPECT_EQ(plan({"--only=gone", "--only=new", file, "-o", cut}).status, 0);
  EXPECT_NE(plan({"--show=" + cut}).out.find(", cut, "), std::string::npos);
}

TEST_F(PlanVerb, has_names_of_any_bytes) {
  write(source + "/line\nfeed", "1");
  write(source + "/by\xfftes", "1");
  write(destination + "/g\xfe", "1");
  ASSERT_EQ(plan({source, destination, "-o", file}).status, 0);
  std::set<std::string> paths;
  for (const Json& line : lines_in(read(file)))
    if (line["type"] == "step") paths.insert(line["path"].get<std::string>());
  EXPECT_TRUE(paths.contains("line\nfeed"));
  EXPECT_TRUE(paths.contains("by\\xfftes"));
  EXPECT_NE(read(file).find("\"path_base64\":\"Ynn/dGVz\""), std::string::npos) << read(file);
  EXPECT_EQ(plan({"--show=" + file}).status, 0);
  EXPECT_EQ(plan({"--only=by*", file, "-o", file + "2"}).status, 0);
  EXPECT_EQ(lines_in(read(file + "2")).size(), 4);
}

TEST_F(PlanVerb, reads_or_lists_what_is_to_be_proved) {
  write(source + "/both", "same");
  write(destination + "/both", "same");
  ASSERT_EQ(plan({source, destination, "-o", file}).status, 0);
  EXPECT_EQ(read(file).find("\"verb\":\"prove\""), std::string::npos);
  ASSERT_EQ(plan({source, destination, "--no-index", "--no-read", "-o", file}).status, 0);
  EXPECT_NE(read(file).find("\"verb\":\"prove\""), std::string::npos);
}

TEST_F(PlanVerb, refuses_what_makes_no_sense) {
  write(home / "other", "text\n");
  expect_refused({source}, 1, "too few arguments: plan expects 'SRC DST'");
  expect_refused({"--show=" + file, source}, 1, "one argument too many");
  expect_refused({"--show=" + file, "-o", file}, 1, "--show contradicts --output");
  expect_refused({"--only=a", file}, 1, "need -o NEW");
  expect_refused({"--only=a", source, destination, "-o", file}, 1, "cut a plan");
  expect_refused({source, destination, "-o", ""}, 1, "--output");
  expect_refused({source, destination, "--interval=5"}, 1, "plan takes no --interval");
  expect_refused({source, destination, "-o", home / "other"}, 11, "is no plan");
  expect_refused({source, destination, "-o", source + "/plan"}, 11, "would lie in");
  expect_refused({"--show=" + home.path() + "/other"}, 11, "is no plan");
  expect_refused({"--show=" + home.path() + "/nothing"}, 11, "No such file");
  const Exit strayed = syncline({source, destination, "--no-read"});
  EXPECT_EQ(strayed.status, 1);
  EXPECT_NE(strayed.err.find("'syncline plan' alone"), std::string::npos) << strayed.err;
}

// -o is rsync's where it is no plan.
TEST_F(PlanVerb, has_a_letter_that_means_something_else_without_it) {
  EXPECT_EQ(syncline({"-rlptgoD", "-n", source, destination}).status, 25);
}

}  // namespace
}  // namespace syncline::test
