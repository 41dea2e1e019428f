// What programs are told: JSON that any parser reads, and names that come through whole.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/descriptor.h"
#include "support/disk.h"
#include "support/tree.h"
#include "text/utc_time.h"

#include "syncline/mirror.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::test {
namespace {

using Json = nlohmann::json;

std::string from_base64(std::string_view text) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); at += 4) {
    std::uint32_t bits = 0;
    for (const char letter : text.substr(at, 4))
      bits = bits << 6U | (letter == '=' ? 0U : static_cast<std::uint32_t>(letters.find(letter)));
    const auto padding = std::ranges::count(text.substr(at, 4), '=');
    for (unsigned i = 0; i + static_cast<unsigned>(padding) < 3; ++i)
      bytes += static_cast<char>(bits >> (16 - 8 * i) & 0xffU);
  }
  return bytes;
}

std::string path_in(const Json& object) {
  if (object.contains("path_base64"))
    return from_base64(object.at("path_base64").get<std::string>());
  return object.at("path").get<std::string>();
}

// What turns a terminal's writing round, or steers it, does so where JSON is looked at too.
bool has_control_characters(const std::string& text) {
  for (const char* const bytes :
       {"\x7f", "\xc2\x80", "\xc2\x85", "\xc2\x9b", "\xc2\x9f", "\u061c", "\u200e", "\u200f",
        "\u2028", "\u2029", "\u202a", "\u202e", "\u2066", "\u2069"})
    if (text.find(bytes) != std::string::npos) return true;
  return false;
}

class ForPrograms : public Cli {
 protected:
  /// Every line of it is an object with a type.
  [[nodiscard]] static std::vector<Json> objects_in(const std::string& text) {
    std::vector<Json> objects;
    for (const std::string& line : lines_of(text)) {
      objects.push_back(Json::parse(line));
      EXPECT_TRUE(objects.back().at("type").is_string()) << line;
    }
    return objects;
  }

  [[nodiscard]] static std::vector<Json> of_type(const std::vector<Json>& all,
                                                 const std::string& type) {
    std::vector<Json> some;
    std::ranges::copy_if(all, std::back_inserter(some),
                         [&](const Json& object) { return object.at("type") == type; });
    return some;
  }

  void given_hostile_names() const {
    const Tree tree = {
        file("new\nline", "1"),      file("tab\there", "2"),    file("\xff\xfe", "3"),
        file("a\"quote\\", "4"),     file("half \xc3", "5"),    file("ü 漢 😀", "6"),
        file("\x1b[31mred", "7"),    file("bidi \u202e", "8"),  file("\xed\xa0\x80", "9"),
        file("dir\xff/in it", "10"), symlink("link", "to \xff")};
    make(tree, source);
  }
};

TEST_F(ForPrograms, every_name_comes_through_whole) {
  given_hostile_names();
  const Exit exit = syncline({"--json", source, destination});
  EXPECT_EQ(exit.status, 0);
  EXPECT_EQ(exit.err, "");
  const auto objects = objects_in(exit.out);
  EXPECT_EQ(objects.front().at("type"), "start");
  EXPECT_EQ(objects.front().at("schema"), 2);
  EXPECT_EQ(objects.front().at("verb"), "mirror");
  const std::regex name_of_pass(R"(\d{8}T\d{6}Z)");
  EXPECT_TRUE(std::regex_match(objects.front().at("pass").get<std::string>(), name_of_pass));
  EXPECT_EQ(objects.back().at("pass"), objects.front().at("pass"));
  const std::regex moment(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z)");
  EXPECT_TRUE(std::regex_match(objects.front().at("time").get<std::string>(), moment));
  EXPECT_EQ(objects.front().at("source"), source);
  EXPECT_EQ(objects.back().at("type"), "summary");
  EXPECT_EQ(objects.back().at("status"), 0);
  std::set<std::string> told;
  for (const Json& action : of_type(objects, "action")) {
    if (action.at("verb") != "create") continue;
    told.insert(path_in(action));
    if (action.at("kind") != "symlink") continue;
    EXPECT_EQ(from_base64(action.at("target_base64").get<std::string>()), "to \xff");
    EXPECT_EQ(action.at("target"), "to \\xff");
  }
  std::set<std::string> expected;
  const Tree wanted = snapshot(source);
  for (const auto& [path, entry] : wanted.entries()) expected.insert(path);
  expected.erase("");
  told.erase(".");
  EXPECT_EQ(told, expected);
}

TEST_F(ForPrograms, an_action_says_what_differed_and_an_error_bears_its_number) {
  make({file("file", "longer").mode(0600), folder("dir")}, source);
  make({file("file", "short"), folder("there\xff"), file("gone", "12")}, destination);
  put(file("there\xff", "in the way"), source);
  const Exit exit = syncline({"--json", "--no-delete", source, destination});
  EXPECT_EQ(exit.status, 23);
  const auto objects = objects_in(exit.out);
  const auto updates = of_type(objects, "action");
  const auto update =
      std::ranges::find_if(updates, [](const Json& a) { return a.at("path") == "file"; });
  ASSERT_NE(update, updates.end());
  EXPECT_EQ(update->at("verb"), "update");
  EXPECT_EQ(update->at("differs"), Json({"size", "mode"}));
  EXPECT_EQ(update->at("bytes"), 6);
  EXPECT_EQ(update->at("digest").get<std::string>().size(), 32U);
  EXPECT_EQ(update->at("mtime"), cli::rfc3339(timestamp_of(default_mtime_ns)));
  EXPECT_EQ(update->at("reason"), "size 5→6");
  EXPECT_EQ(update->at("code"), "size");
  const auto errors = of_type(objects, "error");
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(path_in(errors[0]), "there\xff");
  EXPECT_EQ(errors[0].at("kind"), "error");
  EXPECT_EQ(errors[0].at("code"), "kept_undeleted");
  EXPECT_EQ(objects.back().at("first_failures").size(), 1U);
}

TEST_F(ForPrograms, an_error_of_the_system_has_its_name) {
  // Not a limit of 0: the thread sanitizer writes a file of its own before main().
  make({file("file", std::string(10'000, 'x'))}, source);
  const Exit exit =
      run(shell("ulimit -f 1; exec \"$@\"", {"--json", "--no-index", source, destination}));
  const auto errors = of_type(objects_in(exit.out), "error");
  ASSERT_EQ(errors.size(), 1U) << exit.out;
  EXPECT_EQ(errors[0].at("errno_name"), "EFBIG");
  EXPECT_EQ(errors[0].at("errno"), EFBIG);
}

TEST_F(ForPrograms, a_pass_that_cannot_begin_is_told_of_too) {
  const Exit exit = syncline({"--json", home / "nothing", destination});
  EXPECT_EQ(exit.status, 3);
  const auto objects = objects_in(exit.out);
  ASSERT_EQ(objects.size(), 2U);
  EXPECT_EQ(objects[1].at("type"), "failed");
  EXPECT_EQ(objects[1].at("status"), 3);
  EXPECT_EQ(objects[1].at("pass"), objects[0].at("pass"));
  EXPECT_EQ(objects[1].at("code"), "root_missing");
}

TEST_F(ForPrograms, progress_is_an_object_where_it_is_asked_for) {
  std::filesystem::create_directory(destination);
  std::optional<Descriptor> held(
      checked(::open(destination.c_str(), O_RDONLY | O_CLOEXEC), "open"));
  ASSERT_EQ(::flock(held->get(), LOCK_EX), 0);
  const std::string fifo_path = home / "fifo";
  ASSERT_EQ(::mkfifo(fifo_path.c_str(), 0600), 0);
  Process process(shell("exec \"$@\" > '" + fifo_path + "'",
                        {"--json", "--progress", "--wait", source, destination}));
  std::ifstream out(fifo_path);
  Json object;
  for (std::string line; object["type"] != "progress" && std::getline(out, line);)
    object = Json::parse(line);
  EXPECT_EQ(object["stage"], "opening");
  EXPECT_GT(object["seconds"], 0.5);
  held.reset();
  while (out.get() != std::char_traits<char>::eof()) {
  }
  const auto exit = process.wait(std::chrono::seconds(20));
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 0);
}

TEST_F(ForPrograms, no_character_that_steers_a_terminal_is_said_as_it_is) {
  std::set<std::string> names;
  for (const char* const bytes :
       {"\x7f", "\xc2\x80", "\xc2\x85", "\xc2\x9b", "\xc2\x9f", "\u061c", "\u200e", "\u200f",
        "\u2028", "\u2029", "\u202a", "\u202e", "\u2066", "\u2069", "\\u202e", "\u00e4\U0001f600"})
    names.insert(std::string("a") + bytes + "b\"");
  for (const std::string& name : names) write(source + '/' + name, "text");
  const Exit exit = syncline({"--json", source, destination});
  EXPECT_EQ(exit.status, 0);
  EXPECT_FALSE(has_control_characters(exit.out)) << exit.out;
  EXPECT_NE(exit.out.find("\u00e4\U0001f600"), std::string::npos) << "what is harmless stays";
  EXPECT_NE(exit.out.find("a\\u202eb"), std::string::npos) << exit.out;
  std::set<std::string> told;
  for (const Json& action : of_type(objects_in(exit.out), "action"))
    if (action.at("kind") == "file") told.insert(path_in(action));
  EXPECT_EQ(told, names);
}

/// Those of the codes up to `last` that the page does not name.
template <typename Code>
std::string not_in(const std::string& page, Code last) {
  std::string missing;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const std::string code = to_string(static_cast<Code>(i));
    if (!std::regex_search(page, std::regex("[ (]" + code + "[ \n]"))) missing += code + ' ';
  }
  return missing;
}

TEST(JsonCodes, are_all_in_the_manual) {
  const std::string page = read(SYNCLINE_CLI_FOLDER "/man/syncline-json.5");
  EXPECT_EQ(not_in(page, ReasonCode::unknown), "");
  EXPECT_EQ(not_in(page, FailureCode::index_failed_set_aside), "");
  EXPECT_EQ(not_in(page, NoticeCode::no_answer), "");
  EXPECT_EQ(not_in(page, HeldCode::too_many_percent), "");
  EXPECT_EQ(not_in(page, RefusalCode::entry_unusable), "");
}

}  // namespace
}  // namespace syncline::test
