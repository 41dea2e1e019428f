// No flag of rsync is unknown here or means something else: the table of them against what the
// installed rsync prints, against what the program does, and against its page.
//
// SPDX-License-Identifier: MIT
#include "arguments/rsync_flags.h"
#include "support/cli.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using cli::flags_of;
using cli::Here;
using cli::rsync_rows;
using cli::RsyncFlag;
using cli::RsyncRow;

std::vector<std::string> names_of(const RsyncFlag& flag) {
  std::vector<std::string> names;
  std::istringstream stream(flag.names);
  for (std::string name; std::getline(stream, name, ',');) names.push_back(name);
  return names;
}

/// What rsync says that it takes, each as "-c" or "--checksum", with "=" behind if it takes a
/// value.
std::vector<std::string> flags_in(const std::string& help) {
  std::vector<std::string> flags;
  for (const std::string& line : lines_of(help)) {
    if (!line.starts_with('-') || line.starts_with("--no-OPTION")) continue;
    const std::string names = line.substr(0, line.find("  "));
    static const std::regex name("(^|, )(--?[A-Za-z0-9@][A-Za-z0-9-]*=?)");
    for (std::sregex_iterator at(names.begin(), names.end(), name), end; at != end; ++at)
      flags.push_back(at->str(2));
  }
  return flags;
}

const char* word(Here here) {
  switch (here) {
    case Here::same:
      return "the same";
    case Here::implied:
      return "so already";
    case Here::refused:
      break;
  }
  return "refused";
}

std::string markdown() {
  std::string text = "| rsync's flags | here | |\n|---|---|---|\n";
  for (const RsyncRow& row : rsync_rows()) {
    std::string flags;
    for (const RsyncFlag& flag : flags_of(row))
      for (const std::string& name : names_of(flag))
        flags += (flags.empty() ? "`" : ", `") + name + '`';
    text += "| " + flags + " | " + word(row.here) + " | " + std::string(row.text) + " |\n";
  }
  return text;
}

class RsyncFlags : public Cli {
 protected:
  using Words = std::vector<std::string>;

  /// A flag under that name, with a value where it takes one.
  [[nodiscard]] Words words_of(const RsyncFlag& flag, const std::string& name) const {
    return flag.takes_value ? Words{name, home / "value"} : Words{name};
  }

  /// The program told to mirror one file, the words of some flags before its paths.
  [[nodiscard]] Exit mirror_with(Words words) const {
    words.insert(words.end(), {"--no-index", source, destination});
    return syncline(words);
  }

  template <typename Check>
  static void each_row(Here here, Check check) {
    for (const RsyncRow& row : rsync_rows())
      if (row.here == here) check(row);
  }
};

TEST_F(RsyncFlags, are_all_in_the_table) {
  const Exit exit = run({"/bin/sh", "-c", "rsync --help"});
  if (exit.status == 127) GTEST_SKIP() << "rsync is not installed";
  const std::vector<std::string> flags = flags_in(exit.out);
  EXPECT_GT(flags.size(), 150U);
  std::set<std::string> with_value;
  std::set<std::string> known;
  for (const RsyncRow& row : rsync_rows()) {
    for (const RsyncFlag& flag : flags_of(row)) {
      for (const std::string& name : names_of(flag)) {
        EXPECT_TRUE(known.insert(name).second) << name << " is there twice";
        if (flag.takes_value) with_value.insert(name);
      }
    }
  }
  for (std::string flag : flags) {
    const bool takes_value = flag.ends_with('=');
    if (takes_value) flag.pop_back();
    EXPECT_TRUE(known.contains(flag)) << flag;
    EXPECT_TRUE(!takes_value || with_value.contains(flag)) << flag;
  }
}

TEST_F(RsyncFlags, that_are_so_already_change_nothing) {
  write(source + "/file", "text");
  each_row(Here::implied, [&](const RsyncRow& row) {
    SCOPED_TRACE(row.flags);
    Words words;
    for (const RsyncFlag& flag : flags_of(row))
      for (const std::string& name : names_of(flag))
        for (const std::string& word : words_of(flag, name)) words.push_back(word);
    const Exit exit = mirror_with(words);
    EXPECT_EQ(exit.status, 0) << exit.err;
    EXPECT_EQ(exit.err, "");
    EXPECT_EQ(read(destination + "/file"), "text");
    fs::remove_all(destination);
  });
}

TEST_F(RsyncFlags, that_are_refused_are_named_with_what_to_do_instead) {
  each_row(Here::refused, [&](const RsyncRow& row) {
    for (const RsyncFlag& flag : flags_of(row)) {
      for (const std::string& name : names_of(flag)) {
        SCOPED_TRACE(name);
        const Exit exit = mirror_with(words_of(flag, name));
        EXPECT_EQ(exit.status, 1);
        EXPECT_TRUE(is_one_line(exit.err));
        EXPECT_NE(exit.err.find(name), std::string::npos) << exit.err;
        EXPECT_NE(exit.err.find(row.text), std::string::npos) << exit.err;
        EXPECT_FALSE(fs::exists(destination));
      }
    }
  });
}

TEST_F(RsyncFlags, that_are_the_same_are_options) {
  fs::remove(source);  // nothing is to be done, whatever they ask for
  each_row(Here::same, [&](const RsyncRow& row) {
    for (const RsyncFlag& flag : flags_of(row)) {
      for (const std::string& name : names_of(flag)) {
        SCOPED_TRACE(name);
        const Exit exit = mirror_with(words_of(flag, name));
        EXPECT_EQ(exit.err.find("unknown option"), std::string::npos) << exit.err;
      }
    }
  });
}

TEST_F(RsyncFlags, cluster_as_they_do_there) {
  write(source + "/file", "text");
  for (const char* cluster : {"-avh", "-aHAXS", "-rlptgoD", "-azn", "-ahW", "-avhXx"}) {
    fs::remove_all(destination);
    const Exit exit = syncline({cluster, "--no-index", "--delete", source, destination});
    EXPECT_EQ(exit.status, 0) << cluster << ": " << exit.err;
    EXPECT_EQ(fs::exists(destination), std::string(cluster) != "-azn") << cluster;
  }
  EXPECT_EQ(syncline({"-aR", source, destination}).status, 1);
}

TEST_F(RsyncFlags, are_told_on_their_page_as_they_are) {
  const std::string page = read(SYNCLINE_CLI_FOLDER "/doc/rsync.md");
  const std::string begin = "<!-- rsync's flags -->\n\n";
  const std::string end = "\n<!-- /rsync's flags -->";
  const std::size_t from = page.find(begin);
  const std::size_t to = page.find(end);
  ASSERT_TRUE(from != std::string::npos && to != std::string::npos)
      << "cli/doc/rsync.md lacks the table:\n"
      << begin << markdown() << end;
  EXPECT_EQ(page.substr(from + begin.size(), to - from - begin.size()), markdown());
}

}  // namespace
}  // namespace syncline::test
