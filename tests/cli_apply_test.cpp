// The verb "apply": what is understood, what is refused, what is printed, and what a kill leaves.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/disk.h"
#include "support/random_tree.h"
#include "support/tree.h"

#include <sys/stat.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;
using Json = nlohmann::json;

class ApplyVerb : public Cli {
 protected:
  ApplyVerb() {
    fs::create_directory(destination);
    write(source + "/new", "12345");
    write(destination + "/gone", "g");
  }

  void make_plan(Words words = {}) const {
    words.insert(words.begin(), {"plan", source, destination, "-o", file});
    const Exit exit = syncline(words);
    EXPECT_EQ(exit.status, 0) << exit.err;
  }
  [[nodiscard]] Exit apply(Words words = {}) const {
    words.insert(words.begin(), {"apply", file});
    return syncline(words);
  }

  void expect_refused(const Words& words, int status, const std::string& named) const {
    const std::set<std::string> before = paths_in(destination);
    const Exit exit = syncline(words);
    EXPECT_EQ(exit.status, status) << testing::PrintToString(words);
    EXPECT_EQ(exit.out, "");
    EXPECT_TRUE(is_one_line(exit.err));
    EXPECT_NE(exit.err.find(named), std::string::npos) << exit.err;
    EXPECT_EQ(paths_in(destination), before);
  }

  const std::string file = home / "a.plan";
};

TEST_F(ApplyVerb, does_a_plan_and_tells_what_it_deleted) {
  make_plan();
  const Exit exit = apply();
  EXPECT_EQ(exit.status, 0) << exit.err;
  EXPECT_EQ(exit.out, "");
  EXPECT_EQ(exit.err, "syncline: deleted 1 entry (1 B) of DST\n");
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(ApplyVerb, prints_what_it_does) {
  make_plan();
  const Exit told = apply({"-n"});
  EXPECT_EQ(told.status, 0) << told.err;
  EXPECT_NE(told.out.find("would create file \"new\""), std::string::npos) << told.out;
  EXPECT_NE(told.out.find("would remove file \"gone\""), std::string::npos) << told.out;
  EXPECT_TRUE(exists(destination, "gone"));
  const Exit done = apply({"-v"});
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_NE(done.out.find("create file \"new\""), std::string::npos) << done.out;
}

TEST_F(ApplyVerb, names_what_it_leaves) {
  make_plan();
  fs::remove(destination + "/gone");
  write(destination + "/gone", "another");
  const Exit exit = apply();
  EXPECT_EQ(exit.status, 42);
  EXPECT_NE(exit.err.find("gone: is no longer what the plan met in the destination"),
            std::string::npos)
      << exit.err;
  EXPECT_TRUE(exists(destination, "new"));
  EXPECT_EQ(read(destination + "/gone"), "another");
}

TEST_F(ApplyVerb, tells_programs_what_it_leaves) {
  make_plan();
  write(source + "/new", "another");
  const Exit exit = apply({"--json", "--all-or-nothing"});
  EXPECT_EQ(exit.status, 42);
  const auto lines = lines_of(exit.out);
  ASSERT_GE(lines.size(), 3);
  EXPECT_EQ(Json::parse(lines.front())["verb"], "apply");
  EXPECT_EQ(Json::parse(lines.front())["source"], source);
  const Json error = Json::parse(lines[1]);
  EXPECT_EQ(error["kind"], "left");
  EXPECT_EQ(error["code"], "source_not_as_planned");
  EXPECT_EQ(error["path"], "new");
  EXPECT_EQ(Json::parse(lines.back())["left"], 1);
  EXPECT_EQ(Json::parse(lines.back())["removed"]["entries"], 0);
  EXPECT_NE(exit.err.find("nothing was done"), std::string::npos) << exit.err;
  EXPECT_TRUE(exists(destination, "gone"));
}

TEST_F(ApplyVerb, can_be_taken_back) {
  make_plan();
  EXPECT_EQ(apply({"--undo"}).status, 0);
  EXPECT_FALSE(exists(destination, "gone"));
  EXPECT_EQ(syncline({"undo", destination}).status, 0);
  EXPECT_EQ(read(destination + "/gone"), "g");
}

TEST_F(ApplyVerb, keeps_what_it_replaces_as_the_plan_was_asked_to) {
  const std::string kept = "--undo-dir=" + (home / "kept");
  make_plan({"--undo=3d", kept});
  EXPECT_EQ(apply().status, 0);
  const Exit undo = syncline({"undo", destination, kept});
  EXPECT_EQ(undo.status, 0) << undo.err;
  EXPECT_TRUE(exists(destination, "gone"));
}

TEST_F(ApplyVerb, does_nothing_that_was_cut_out) {
  make_plan();
  const std::string cut = home / "cut.plan";
  const Exit exit = syncline({"plan", "--only=neither", file, "-o", cut});
  EXPECT_EQ(exit.status, 0);
  EXPECT_NE(exit.err.find("does nothing"), std::string::npos) << exit.err;
  EXPECT_EQ(syncline({"apply", cut}).status, 0);
  EXPECT_TRUE(exists(destination, "gone"));
}

TEST_F(ApplyVerb, keeps_nothing_if_it_is_asked_to) {
  make_plan({"--undo"});
  EXPECT_EQ(apply({"--no-undo"}).status, 0);
  EXPECT_FALSE(exists(destination, ".syncline"));
}

TEST_F(ApplyVerb, refuses_what_is_no_plan_of_these_folders) {
  write(home / "other", "text\n");
  expect_refused({"apply"}, 1, "too few arguments");
  expect_refused({"apply", home / "other"}, 11, "is no plan");
  expect_refused({"apply", home / "nothing"}, 11, "No such file");
  make_plan();
  const std::string plan = read(file);
  expect_refused({"apply", file, source}, 1, "one argument too many");
  expect_refused({"apply", file, "--delete"}, 1, "apply takes no --delete");
  expect_refused({source, destination, "--all-or-nothing"}, 1, "'syncline apply' alone");
  write(file, plan.substr(0, plan.size() / 2));
  expect_refused({"apply", file}, 11, "is cut short");
  std::string altered = plan;
  altered.replace(altered.find("\"gone\""), 6, "\"new2\"");
  write(file, altered);
  expect_refused({"apply", file}, 11, "is not what was written");
  write(file, plan);
  ASSERT_EQ(::chmod(file.c_str(), 0622), 0);
  expect_refused({"apply", file}, 11, "others could have written it");
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  fs::rename(source, home / "away");
  fs::create_directory(source);
  expect_refused({"apply", file}, 11, "is for another source folder");
  fs::remove(source);
  fs::rename(home / "away", source);
  EXPECT_EQ(apply().status, 0);
  expect_refused({"apply", file}, 11, "was applied");
}

TEST_F(ApplyVerb, keeps_to_a_file_of_settings_what_it_takes_of_them) {
  write(home / "settings", "undo = 30d\nverbose = true\nexclude = /new\n");
  make_plan();
  const Exit exit = apply({"--config=" + home.path() + "/settings"});
  EXPECT_EQ(exit.status, 0) << exit.err;
  EXPECT_EQ(read(destination + "/new"), "12345");
  EXPECT_TRUE(fs::exists(destination + "/.syncline"));
}

class KilledApply : public ApplyVerb {
 protected:
  void kill_many(std::uint64_t changes, int plans) {
    for (int i = 0; i < plans && !HasFailure(); ++i) {
      SCOPED_TRACE("plan " + std::to_string(i));
      change_randomly(random, source, changes);
      make_plan({"--max-delete=100%"});
      int kills = 0;
      int status = 0;
      for (bool is_over = false; !is_over && !HasFailure(); ++kills) {
        Process process(command({"apply", file}));
        // Each is given more time than the one before, so that the last is over whatever the
        // machine.
        const auto longest = std::uint64_t{20'000} * static_cast<std::uint64_t>(kills + 1);
        const std::chrono::microseconds moment{random.below(longest)};
        const auto exit =
            process.wait(std::chrono::duration_cast<std::chrono::milliseconds>(moment));
        is_over = exit.has_value();
        if (is_over) {
          status = exit->status;
          EXPECT_TRUE(status == 0 || status == 11) << exit->err;
        } else {
          process.signal(SIGKILL);
        }
      }
      // What was killed after its last step is told as applied.
      EXPECT_TRUE(same(snapshot(destination), snapshot(source)))
          << kills << " kills, then " << status;
    }
  }

  void begin(std::uint64_t entries) {
    fs::remove_all(source);
    fs::remove_all(destination);  // it is made by the first plan
    make(random_tree(random, entries), source);
  }

  Random random{announced_seed()};
};

TEST_F(KilledApply, goes_on_until_all_is_done) {
  begin(60);
  kill_many(25, 4);
}

using LongKilledApply = KilledApply;

TEST_F(LongKilledApply, goes_on_until_all_is_done) {
  begin(300);
  kill_many(100, 100);
}

}  // namespace
}  // namespace syncline::test
