// What is deleted, and when, as people type it: two folders that meet for the first time, most of
// all those of somebody who comes from rsync.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class FirstContact : public Cli {
 protected:
  FirstContact() { meet_strangers(); }

  /// Photos, and a backup of 60 letters.
  void meet_strangers() const {
    write(source + "/stone.jpg", "stone");
    fs::create_directory(destination);
    for (int number = 0; number < 60; ++number)
      write(destination + "/letter " + std::to_string(number), "dear");
  }
  [[nodiscard]] std::size_t letters() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(destination))
      if (entry.path().filename().string().starts_with("letter")) ++count;
    return count;
  }
  [[nodiscard]] static Exit syncline(std::vector<std::string> words,
                                     const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return Cli::syncline(words);
  }
  void expect_held(const std::vector<std::string>& words) const {
    const Exit exit = syncline(words, {source, destination});
    EXPECT_EQ(exit.status, 25) << exit.err;
    EXPECT_TRUE(is_one_line(exit.err));
    EXPECT_NE(exit.err.find("did you mean '" + destination + "/source'?"), std::string::npos)
        << exit.err;
    EXPECT_NE(exit.err.find("--max-delete=60"), std::string::npos) << exit.err;
    EXPECT_EQ(letters(), 60);
    EXPECT_TRUE(fs::exists(destination + "/stone.jpg")) << "all else is done";
  }
};

TEST_F(FirstContact, deletes_nothing_however_it_is_asked_for) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{},
                                             {"-a"},
                                             {"-q"},
                                             {"-a", "--delete"},
                                             {"-r"},
                                             {"--delete-before"},
                                             {"--delete", "--delete-excluded"},
                                             {"--rehash"},
                                             {"--adopt", "--delete"},
                                             {"--index=" + home.path() + "/index", "--delete"},
                                             {"--no-index"}})
    expect_held(words);
}

TEST_F(FirstContact, says_so_in_a_dry_run) {
  for (const char* const word : {"-n", "-n --delete"}) {
    const Exit exit =
        run(shell(std::string(R"(exec "$1" )") + word + R"( "$2" "$3")", {source, destination}));
    EXPECT_NE(exit.err.find("--max-delete=60"), std::string::npos) << exit.err;
    EXPECT_EQ(letters(), 60);
  }
}

TEST_F(FirstContact, is_lifted_by_a_number) {
  for (const char* const limit : {"--max-delete=60", "--max-delete=100%"}) {
    fs::remove_all(destination);
    fs::remove_all(state.path());
    meet_strangers();
    const Exit exit = syncline({limit}, {source, destination});
    EXPECT_EQ(exit.status, 0);
    EXPECT_EQ(letters(), 0);
    EXPECT_EQ(exit.err, "syncline: deleted 60 entries (240 B) of DST\n");
    // From now on they know each other.
    write(destination + "/another", "x");
    EXPECT_EQ(syncline({}, {source, destination}).status, 0);
    EXPECT_FALSE(fs::exists(destination + "/another"));
  }
}

TEST_F(FirstContact, is_not_over_before_a_pass_has_ended_well) {
  expect_held({});
  EXPECT_EQ(syncline({"--max-delete=0"}, {source, destination}).status, 25);
  expect_held({"--delete"});
}

TEST_F(FirstContact, is_that_of_another_source_too) {
  EXPECT_EQ(syncline({"--max-delete=60"}, {source, destination}).status, 0);
  fs::rename(source, home / "first card");
  fs::create_directory(source);
  write(source + "/other.jpg", "other");
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{}, {"--delete"}, {"--adopt"}}) {
    EXPECT_EQ(syncline(words, {source, destination}).status, 25);
    EXPECT_TRUE(fs::exists(destination + "/stone.jpg"));
  }
  EXPECT_EQ(syncline({"--max-delete=1"}, {source, destination}).status, 0);
  EXPECT_FALSE(fs::exists(destination + "/stone.jpg"));
  fs::remove(source + "/other.jpg");
  EXPECT_EQ(syncline({}, {source, destination}).status, 0) << "now known";
  EXPECT_FALSE(fs::exists(destination + "/other.jpg"));
}

TEST_F(FirstContact, holds_a_loop_back_that_is_not_in_the_script_s_form) {
  const Watch watch{logs};
  Process process(command({"--interval=0.1", "--log-file=" + log, source, destination}));
  EXPECT_TRUE(watch.until([&] { return logged("pass 3 began"); }));
  process.signal(SIGTERM);
  EXPECT_TRUE(process.wait(10s));
  EXPECT_EQ(letters(), 60);
  EXPECT_TRUE(logged("--max-delete=60"));
}

TEST_F(FirstContact, is_as_any_other_in_the_script_s_form) {
  const Watch watch{logs};
  Process process(loop("3600"));
  EXPECT_TRUE(watch.until([&] { return logged("pass 1 ended"); }));
  process.signal(SIGTERM);
  const auto exit = process.wait(10s);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 20);
  EXPECT_EQ(letters(), 0);
}

TEST_F(FirstContact, without_an_index_is_lifted_by_a_word) {
  EXPECT_EQ(syncline({"--no-index", "--delete"}, {source, destination}).status, 0);
  EXPECT_EQ(letters(), 0);
}

class DeletionsTold : public Cli {
 protected:
  DeletionsTold() {
    write(source + "/kept", "text");
    EXPECT_EQ(syncline({source, destination}).status, 0);
    write(destination + "/surplus", "surplus");
  }
};

TEST_F(DeletionsTold, are_in_one_line_also_where_nobody_looks) {
  const Exit exit = syncline({source, destination});
  EXPECT_EQ(exit.status, 0);
  EXPECT_EQ(exit.out, "");
  EXPECT_EQ(exit.err, "syncline: deleted 1 entry (7 B) of DST\n");
  const Exit again = syncline({source, destination});
  EXPECT_EQ(again.out + again.err, "");
}

TEST_F(DeletionsTold, are_in_words_that_hold_for_what_the_source_has_too) {
  write(source + "/surplus", "surplus");
  const Exit exit =
      syncline({"--delete", "--delete-excluded", "--exclude=surplus", source, destination});
  EXPECT_EQ(exit.status, 0);
  EXPECT_EQ(exit.err, "syncline: deleted 1 entry (7 B) of DST\n");
}

TEST_F(DeletionsTold, are_not_told_twice) {
  for (const char* const word : {"-v", "--stats"}) {
    write(destination + "/surplus", "surplus");
    const Exit exit = syncline({word, source, destination});
    EXPECT_EQ(exit.status, 0);
    EXPECT_NE(exit.out, "");
    EXPECT_EQ(exit.err, "");
  }
}

TEST_F(DeletionsTold, are_not_where_silence_was_asked_for) {
  const Exit exit = syncline({"-q", source, destination});
  EXPECT_EQ(exit.status, 0);
  EXPECT_EQ(exit.out + exit.err, "");
  EXPECT_FALSE(fs::exists(destination + "/surplus"));
}

TEST_F(DeletionsTold, are_not_where_they_only_would_happen) {
  const Exit exit = syncline({"-n", source, destination});
  EXPECT_EQ(exit.err, "");
  EXPECT_TRUE(fs::exists(destination + "/surplus"));
}

TEST_F(DeletionsTold, are_named_in_the_first_screen_of_the_help) {
  const std::vector<std::string> help = lines_of(syncline({"--help"}).out);
  ASSERT_GT(help.size(), 6);
  std::string top;
  for (int line = 0; line < 6; ++line) top += help[static_cast<std::size_t>(line)] + ' ';
  EXPECT_NE(top.find("deletes from DST what SRC does not have"), std::string::npos) << top;
}

}  // namespace
}  // namespace syncline::test
