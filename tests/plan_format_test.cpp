// A plan is read exactly as it was written, or refused. SYNCLINE_SEED repeats a run.
//
// SPDX-License-Identifier: MIT
#include "md5/sha256.h"
#include "plan/json_text.h"
#include "plan/lines.h"
#include "plan/parse.h"
#include "plan/plan_writer.h"
#include "support/random_tree.h"
#include "support/temporary_folder.h"
#include "support/tree.h"

#include "syncline/plan.h"

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <span>
#include <string>
#include <vector>

namespace syncline::planning {
namespace {

using test::Random;

PlanHeader some_header() {
  PlanHeader header{
      .version = "0.1.0",
      .pass = "20261125T084751Z",
      .source = {.path = "/a\n\"b\xff", .id = {8, 2}, .lasting = "x:1", .volume = "V"},
      .destination = {.path = "/d", .id = {}, .lasting = {}, .volume = {}},
      .index = "/i",
      .last_pass = "20261124T084751Z",
      .was_read = false,
      .is_cut = true,
      .options = {},
      .listed = 7};
  Options& options = header.options;
  options.deletions = deletion::AtMostPercent{12.5};
  options.filters = {{.pattern = "*.\xfe", .includes = true, .sides = FilterRule::Sides::source}};
  options.transfer.min_age = std::chrono::nanoseconds{5};
  options.transfer.max_bytes = 1000;
  options.metadata.owner_instead = 3;
  options.metadata.mode_changes = {{.keep = 0777, .copy = ModeChange::Copy::add}};
  options.backup = Backup{.folder = "/b\xe9", .suffix = ""};
  options.undo = Undo{.keep_for = std::chrono::seconds{86400},
                      .most_passes = 5,
                      .most_bytes = Undo::PercentOfDisk{2.5},
                      .folder = "/u"};
  options.verify = true;
  return header;
}

/// Everything that a step can have.
std::vector<PlanStep> some_steps() {
  const Precondition file{.kind = Kind::file,
                          .id = {1, 18446744073709551615U},
                          .size = 12,
                          .mtime = {-5, 999'999'999},
                          .ctime = Timestamp{7, 0}};
  PlanStep made{.number = 1, .action = {}, .in = {}, .from = {}};
  made.action.kind = Kind::folder;
  made.action.path = ".";
  made.action.properties = Properties{.size = 1, .mtime = {1, 2}, .mode = 0755, .uid = 0, .gid = 1};
  made.action.given.folder = {1, 2};
  PlanStep copied{.number = 2, .action = {}, .in = 1, .from = {}};
  copied.action.verb = Verb::check;
  copied.action.kind = Kind::file;
  copied.action.path = "new\nline \xff\xfe \xe2\x80\xae";
  copied.action.reason.code = ReasonCode::silent_destination;
  copied.action.bytes = 12;
  copied.action.difference = {.content = true, .mtime = true, .attributes = true};
  copied.action.digest = Digest{.md5 = {std::byte{0xab}}, .chunks = 3};
  copied.action.given.source = file;
  copied.action.given.destination = file;
  copied.action.given.destination->ctime.reset();
  PlanStep moved{.number = 3, .action = {}, .in = 1, .from = {}};
  moved.action.verb = Verb::move;
  moved.action.kind = Kind::symlink;
  moved.action.path = "to";
  moved.action.moved_from = "\x01 from";
  moved.action.link_of = "other";
  moved.action.target = "\\";
  moved.action.replaced = Kind::character_device;
  moved.action.given.from_folder = {1, 9};
  moved.action.given.exchanged = Precondition{.kind = Kind::folder, .id = {1, 3}};
  return {made, copied, moved};
}

PlanTotals some_totals() {
  PlanTotals totals;
  totals.source = {.entries = 3, .bytes = 4};
  totals.removed = {.entries = 1, .bytes = 18446744073709551615U};
  totals.held = HeldCode::too_many_a_day;
  return totals;
}

std::string text_of(const PlanStep& step) {
  std::string text;
  append_step(text, step);
  return text;
}

class PlanFormat : public testing::Test {
 protected:
  [[nodiscard]] std::string path(const std::string& name = "plan") const {
    return folder.path() + '/' + name;
  }

  void write(const std::string& to, std::size_t rounds = 1) {
    PlanFile file{to};
    const PlanWriter::Lines nobody;
    PlanWriter writer{&file, nobody};
    writer.begin(some_header());
    for (std::size_t i = 0; i < rounds; ++i)
      for (PlanStep& step : steps) writer.add(step);
    writer.end(some_totals());
  }

  static std::string content_of(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }

  static void put(const std::string& path, const std::string& content) {
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    file << content;
    file.close();
    std::filesystem::permissions(path, std::filesystem::perms{0600});
  }

  /// What its lines would be if it was written again; the code if it is refused.
  static std::string read(const std::string& path) {
    try {
      PlanReader reader{path};
      std::string text = header_line(reader.header()) + '\n';
      while (const auto step = reader.next()) text += text_of(*step) + '\n';
      return text + totals_line(reader.totals()) + '\n';
    } catch (const Unusable& error) {
      EXPECT_EQ(error.status(), Status::files_unusable);
      return to_string(error.why().code);
    }
  }

  static std::string sealed(const std::string& lines, std::uint64_t count) {
    return lines + end_line(count, md5::sha256_of(std::as_bytes(std::span{lines}))) + '\n';
  }

  test::TemporaryFolder folder;
  std::vector<PlanStep> steps = some_steps();
  Random random{test::announced_seed()};
};

TEST_F(PlanFormat, is_read_as_it_was_written) {
  for (const char* const name : {"plan", "plan.zst"}) {
    write(path(name));
    PlanReader reader{path(name)};
    EXPECT_EQ(header_line(reader.header()), header_line(some_header()));
    EXPECT_EQ(reader.header().source, some_header().source);
    EXPECT_EQ(reader.header().options.filters.front().pattern, "*.\xfe");
    EXPECT_EQ(totals_line(reader.totals()), totals_line(some_totals()));
    EXPECT_EQ(reader.steps(), 3);
    for (int round = 0; round < 2; ++round) {
      for (const PlanStep& wrote : some_steps()) {
        const auto step = reader.next();
        ASSERT_TRUE(step);
        EXPECT_EQ(step->number, wrote.number);
        EXPECT_EQ(std::string{step->action.path}, std::string{wrote.action.path});
        EXPECT_EQ(step->action.verb, wrote.action.verb);
        EXPECT_EQ(step->action.digest, wrote.action.digest);
        EXPECT_EQ(step->action.given, wrote.action.given);
        EXPECT_EQ(step->in, wrote.in);
        EXPECT_EQ(text_of(*step), text_of(wrote));
      }
      EXPECT_FALSE(reader.next());
      reader.rewind();
    }
  }
}

TEST_F(PlanFormat, is_private_and_leaves_no_temporary) {
  write(path("plan.zst"));
  struct stat status {};
  ASSERT_EQ(::stat(path("plan.zst").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder.path()}, {}), 1);
}

TEST_F(PlanFormat, says_names_that_are_not_utf8_twice) {
  const std::string text = text_of(steps[1]);
  EXPECT_NE(text.find(R"("path":"new\\nline \\xff\\xfe \\xe2\\x80\\xae","path_base64":")"),
            std::string::npos)
      << text;
}

TEST_F(PlanFormat, takes_the_place_of_a_plan_and_of_nothing_else) {
  for (const char* const name : {"plan", "plan.zst"}) {
    write(path(name));
    write(path(name));
    EXPECT_EQ(PlanReader{path(name)}.steps(), 3);
  }
  put(path("other"), "something else\n");
  put(path("empty"), "");
  std::filesystem::create_directory(path("folder"));
  std::filesystem::create_symlink("plan", path("link"));
  for (const char* const name : {"other", "empty", "folder", "link", "plan/"}) {
    try {
      write(path(name));
      ADD_FAILURE() << name;
    } catch (const Unusable& error) {
      EXPECT_EQ(error.why().code, RefusalCode::plan_foreign) << name;
    }
  }
  EXPECT_EQ(content_of(path("other")), "something else\n");
}

TEST_F(PlanFormat, is_refused_where_others_could_have_written_it) {
  write(path());
  for (const unsigned mode : {0602U, 0622U, 0666U}) {
    ASSERT_EQ(::chmod(path().c_str(), mode), 0);
    EXPECT_EQ(read(path()), "plan_open_to_others");
  }
  ASSERT_EQ(::chmod(path().c_str(), 0644), 0);
  EXPECT_TRUE(read(path()).starts_with("{"));
  if (::geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  ASSERT_EQ(::chown(path().c_str(), 12345, 0), 0);
  EXPECT_EQ(read(path()), "plan_open_to_others");
}

TEST_F(PlanFormat, is_refused_wherever_it_is_cut) {
  for (const char* const name : {"plan", "plan.zst"}) {
    write(path(name));
    const std::string whole = content_of(path(name));
    for (std::size_t size = 0; size < whole.size(); ++size) {
      put(path("cut"), whole.substr(0, size));
      const std::string said = read(path("cut"));
      EXPECT_TRUE(said == "plan_cut_short" || said == "plan_foreign") << size << ": " << said;
    }
    put(path("cut"), whole.substr(0, whole.size() - 1));
    EXPECT_EQ(read(path("cut")), "plan_cut_short");
  }
}

TEST_F(PlanFormat, is_refused_where_a_line_is_missing_or_there_twice) {
  write(path());
  const std::string whole = content_of(path());
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < whole.size();) {
    const std::size_t end = whole.find('\n', at) + 1;
    lines.push_back(whole.substr(at, end - at));
    at = end;
  }
  ASSERT_EQ(lines.size(), 6);
  for (std::size_t which = 0; which < lines.size(); ++which) {
    std::string without;
    std::string twice;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i != which) without += lines[i];
      twice += lines[i];
      if (i == which) twice += lines[i];
    }
    for (const std::string& content : {without, twice}) {
      put(path("other"), content);
      EXPECT_TRUE(read(path("other")).starts_with("plan_")) << which;
    }
  }
}

// Another schema is told as such, whatever else is in it.
TEST_F(PlanFormat, is_refused_where_its_schema_is_another) {
  put(path(), R"({"type":"plan","schema":2,"what":[1]})"
              "\n");
  EXPECT_EQ(read(path()), "plan_other_schema");
}

TEST_F(PlanFormat, is_read_exactly_or_refused_whatever_bytes_change) {
  for (const char* const name : {"plan", "plan.zst"}) {
    write(path(name));
    const std::string whole = content_of(path(name));
    const std::string said = read(path(name));
    for (int round = 0; round < 5000; ++round) {
      std::string content = whole;
      const std::size_t at = random.below(content.size());
      switch (random.below(3)) {
        case 0:
          content[at] = static_cast<char>(random.below(256));
          break;
        case 1:
          content.erase(at, 1 + random.below(8));
          break;
        default:
          content.insert(at, 1 + random.below(4), static_cast<char>(random.below(256)));
      }
      put(path("other"), content);
      const std::string now = read(path("other"));
      // How much memory a stream asks for is no part of what it says.
      EXPECT_TRUE(now.starts_with("plan_") || now == said) << now;
    }
  }
}

// Whoever may write it can seal it, too.
TEST_F(PlanFormat, is_read_exactly_or_refused_whatever_bytes_change_before_it_is_sealed) {
  write(path());
  const std::string whole = content_of(path());
  const std::string lines = whole.substr(0, whole.find(R"({"type":"end")"));
  const std::string interesting = R"("{}[]:,\0129eE-.tfnu)";
  for (int round = 0; round < 10000; ++round) {
    std::string content = lines;
    for (std::size_t i = 1 + random.below(3); i > 0; --i) {
      const std::size_t at = random.below(content.size());
      const char byte = random.one_in(2) ? interesting[random.below(interesting.size())]
                                         : static_cast<char>(random.below(256));
      if (random.one_in(2))
        content[at] = byte;
      else
        content.insert(at, 1, byte);
    }
    put(path("other"), sealed(content, 3));
    const std::string now = read(path("other"));
    EXPECT_TRUE(now.starts_with("plan_") || now == content) << now << '\n' << content;
  }
}

// What says the same, or what is not said where it is so anyway.
TEST_F(PlanFormat, is_refused_where_it_is_written_in_another_way) {
  const std::vector<std::pair<std::string, std::string>> forms{
      {R"("mtime":[-5,)", R"("mtime":[-0,)"},
      {R"("bytes":12)", R"("bytes":012)"},
      {R"("bytes":12)", R"("bytes":+12)"},
      {R"("bytes":12)", R"("bytes": 12)"},
      {R"("verb":"prove")", R"("verb":"check")"},
      {R"("ctime":[7,0]})", R"("ctime":[7,0],"links":1})"},
      {R"("differs":["content","mtime")", R"("differs":["mtime","content")"},
      {R"("differs":["content","mtime")", R"("differs":["content","content")"},
      {R"("path_base64":"bmV3CmxpbmUg//4g4oCu")", R"("path_base64":"bmV3CmxpbmUg")"},
      {R"("path":"to")", R"("path":"\u0074o")"},
      {R"("path":"to")", R"("path":"to","path_base64":"dG8=")"},
      {R"("moved_from":"\u0001 from")", "\"moved_from\":\"\x01 from\""},
      {R"("link_of":"other")", R"("link_of":"")"},
      {R"("target":"\\")", R"("target":"\\","target":"\\")"},
      {R"("replaced":"character device")", R"("replaced":"character_device")"},
      {R"("step":3)", R"("step":3,"more":1)"},
  };
  write(path());
  const std::string whole = content_of(path());
  const std::string lines = whole.substr(0, whole.find(R"({"type":"end")"));
  for (const auto& [form, other] : forms) {
    std::string content = lines;
    const std::size_t at = content.find(form);
    ASSERT_NE(at, std::string::npos) << form << '\n' << lines;
    put(path("other"), sealed(content.replace(at, form.size(), other), 3));
    EXPECT_EQ(read(path("other")), "plan_altered") << other;
  }
}

TEST_F(PlanFormat, is_refused_where_it_is_nested_deep_or_has_a_line_without_end) {
  write(path());
  const std::string header = content_of(path()).substr(0, content_of(path()).find('\n') + 1);
  const std::string deep = R"({"type":"step","step":1,"a":)" + std::string(1'000'000, '[') + '\n';
  put(path(), sealed(header + deep + totals_line(some_totals()) + '\n', 1));
  EXPECT_EQ(read(path()), "plan_altered");
  put(path(), header + R"({"type":"step","step":1,)" + std::string(5'000'000, 'a') + '\n');
  EXPECT_EQ(read(path()), "plan_cut_short");
}

TEST_F(PlanFormat, is_refused_where_a_path_leads_out_of_the_roots) {
  write(path());
  const std::string header = content_of(path()).substr(0, content_of(path()).find('\n') + 1);
  for (const char* const bad : {"/etc", "..", "a/../b", "a//b", "a/", "./a"}) {
    PlanStep step = some_steps().front();
    step.action.path = bad;
    put(path(), sealed(header + text_of(step) + '\n' + totals_line(some_totals()) + '\n', 1));
    EXPECT_EQ(read(path()), "plan_altered") << bad;
  }
}

TEST_F(PlanFormat, is_refused_where_a_step_needs_a_later_one) {
  write(path());
  const std::string header = content_of(path()).substr(0, content_of(path()).find('\n') + 1);
  for (const std::uint64_t made_by : {0U, 1U, 2U}) {
    PlanStep step = some_steps().front();
    step.in = made_by;
    put(path(), sealed(header + text_of(step) + '\n' + totals_line(some_totals()) + '\n', 1));
    EXPECT_EQ(read(path()), "plan_altered") << made_by;
  }
}

TEST(JsonText, gives_back_what_base64_stands_for) {
  for (const char* const bad : {"A", "AA", "AA=A", "=AAA", "AA==AAAA", "A===", "AA-="})
    EXPECT_FALSE(from_base64(bad)) << bad;
  EXPECT_EQ(from_base64(""), "");
  EXPECT_EQ(from_base64("/w=="), "\xff");
  EXPECT_EQ(from_base64("//4="), "\xff\xfe");
  EXPECT_EQ(from_base64("//79"), "\xff\xfe\xfd");
}

}  // namespace
}  // namespace syncline::planning
