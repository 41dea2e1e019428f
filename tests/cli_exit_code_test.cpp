// --exit-code: whether anything differed, for who asks by the exit status.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

class ExitCode : public Cli {
 protected:
  ExitCode() {
    fs::create_directory(source + "/folder");
    for (const char* name : {"one", "two", "folder/three"}) write(source + '/' + name, "text");
    fs::create_symlink("one", source + "/link");
    // So that all of it is proved, whenever this runs.
    EXPECT_EQ(syncline({source, destination}).status, 0);
    EXPECT_EQ(syncline({source, destination}).status, 0);
  }

  [[nodiscard]] Exit asked(Words options) const {
    options.insert(options.end(), {"--exit-code", source, destination});
    return syncline(options);
  }
};

TEST_F(ExitCode, is_0_where_nothing_is_to_be_done) {
  for (const Words& how : {Words{}, {"-n"}, {"--rehash"}, {"-n", "--rehash"}}) {
    const Exit exit = asked(how);
    EXPECT_EQ(exit.status, 0) << exit.out;
  }
}

TEST_F(ExitCode, is_42_for_each_way_to_differ_and_0_once_it_is_mended) {
  const std::vector<std::pair<std::string, std::function<void()>>> changes = {
      {"new file", [&] { write(source + "/new", "text"); }},
      {"new folder", [&] { fs::create_directory(source + "/more"); }},
      {"other size", [&] { write(source + "/one", "longer"); }},
      {"other bytes", [&] { write(source + "/one", "tixt"); }},
      {"mode", [&] { ::chmod((source + "/two").c_str(), 0600); }},
      {"mode of the root", [&] { ::chmod(source.c_str(), 0711); }},
      {"times", [&] { fs::last_write_time(source + "/folder", fs::file_time_type{}); }},
      {"target",
       [&] {
         fs::remove(source + "/link");
         fs::create_symlink("two", source + "/link");
       }},
      {"too much in DST", [&] { write(destination + "/surplus", "text"); }},
      {"changed in DST", [&] { write(destination + "/folder/three", "longer"); }},
      {"gone", [&] { fs::remove(source + "/two"); }},
      {"moved", [&] { fs::rename(source + "/folder", source + "/renamed"); }},
  };
  for (const auto& [what, change] : changes) {
    SCOPED_TRACE(what);
    change();
    EXPECT_EQ(asked({"-n", "-q"}).status, 42);
    EXPECT_EQ(asked({}).status, 42) << "something was done";
    EXPECT_EQ(asked({"-n", "--rehash"}).status, 0);
  }
}

TEST_F(ExitCode, of_bytes_that_changed_in_silence_needs_no_other_option) {
  const auto mtime = fs::last_write_time(source + "/one");
  write(source + "/one", "tixt");
  fs::last_write_time(source + "/one", mtime);
  EXPECT_EQ(asked({"-n"}).status, 42);
  EXPECT_EQ(asked({"-n", "--rehash"}).status, 42);
  EXPECT_EQ(asked({}).status, 42);
}

TEST_F(ExitCode, never_says_the_same_of_what_was_not_read) {
  // A touched file may or may not differ: a dry run alone cannot tell.
  ::chmod((source + "/one").c_str(), 0600);
  ::chmod((source + "/one").c_str(), 0644);
  EXPECT_EQ(asked({"-n"}).status, 42);
  EXPECT_EQ(asked({"-n", "--rehash"}).status, 0);
  EXPECT_EQ(asked({}).status, 0) << "it was read, and nothing was to be done";
  EXPECT_EQ(asked({"-n"}).status, 0);
}

TEST_F(ExitCode, leaves_out_what_was_to_be_left_alone) {
  write(destination + "/surplus", "text");
  write(source + "/excluded", "text");
  EXPECT_EQ(asked({"-n", "--no-delete", "--no-times", "--exclude=/excluded"}).status, 0);
  EXPECT_EQ(asked({"--no-delete", "--no-times", "--exclude=/excluded"}).status, 0);
}

TEST_F(ExitCode, goes_behind_every_other_status) {
  write(source + "/new", "text");
  EXPECT_EQ(syncline({"-n", source, destination}).status, 0) << "where nobody asks";
  EXPECT_EQ(asked({"-n", "--nonsense"}).status, 1);
  EXPECT_EQ(syncline({"--exit-code", home / "missing", destination}).status, 3);
  EXPECT_EQ(asked({"--index=" + destination + "/index"}).status, 11);
  for (int i = 0; i < 200; ++i) write(destination + "/surplus " + std::to_string(i), "text");
  EXPECT_EQ(asked({"-n"}).status, 25);
  EXPECT_EQ(asked({}).status, 25);
  EXPECT_EQ(asked({"--delete"}).status, 42);
  write(source + "/big", std::string(100'000, 'x'));
  EXPECT_EQ(
      run(shell(R"(ulimit -f 8; exec "$@")", {"--exit-code", "--no-index", source, destination}))
          .status,
      23);
  const Exit lost =
      run(shell(R"(exec "$@" >/dev/full)", {"-nv", "--exit-code", source, destination}));
  EXPECT_EQ(lost.status, 23) << "who could not be told must not be told that it merely differs";
}

TEST_F(ExitCode, is_in_the_json_too) {
  write(source + "/new", "text");
  const auto status = [](const Exit& exit) {
    return nlohmann::json::parse(lines_of(exit.out).back()).at("status").get<int>();
  };
  EXPECT_EQ(status(asked({"--json", "-n"})), 42);
  EXPECT_EQ(status(syncline({"--json", "-n", source, destination})), 0);
  EXPECT_EQ(status(asked({"--json"})), 42);
  EXPECT_EQ(status(asked({"--json"})), 0);
}

TEST_F(ExitCode, is_for_once) {
  for (const Words& words : {Words{"--exit-code", log, source, destination, "1"},
                             Words{"--exit-code", "--interval=1", source, destination},
                             Words{"--exit-code", "--why=one", source, destination}}) {
    const Exit exit = syncline(words);
    EXPECT_EQ(exit.status, 1);
    EXPECT_NE(exit.err.find("--exit-code"), std::string::npos) << exit.err;
  }
  EXPECT_EQ(syncline({"-n", "--exit-code", log, source, destination, "1"}).status, 0)
      << "a dry run is one pass, whatever the form";
}

}  // namespace
}  // namespace syncline::test
