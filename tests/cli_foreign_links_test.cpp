// Each path that a command line, a setting or the environment can name, by way of a symlink: root
// follows its own, and none that another user planted.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/disk.h"
#include "support/tree.h"

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

using Words = std::vector<std::string>;

constexpr uid_t nobody = 65534;

/// "LINKS" stands for a folder with symlinks to what is in "REAL": each to the entry of its name,
/// and "all" to REAL itself.
struct NamedBy {
  const char* name;
  Words words;           ///< "SRC" and "DST" stand for roots without links
  std::string variable;  ///< NAME=VALUE of the environment, perhaps
};

void PrintTo(const NamedBy& what, std::ostream* out) {
  *out << what.name;
}

class ForeignLinks : public Cli, public testing::WithParamInterface<NamedBy> {
 protected:
  ForeignLinks() {
    make({file("source/file", "new"), file("destination/kept", "kept"), folder("backups"),
          folder("state").mode(0700), folder("logs"), file("list", "file\n"),
          file("rules", "- /nothing\n"), file("merging", ". " + links + "/rules\n"),
          file("settings", "no-index = true\n")},
         real);
    make({file("file", "new")}, source);
    make({file("file", "old")}, destination);
    make({symlink("all", real)}, links);
    for (const char* name : {"source", "destination", "backups", "state", "logs", "list", "rules",
                             "merging", "settings"})
      put(symlink(name, real + '/' + name), links);
    write(home / "merging", ". " + links + "/rules\n");
  }

  [[nodiscard]] std::string filled_in(std::string text) const {
    const auto replace = [&](const std::string& what, const std::string& by) {
      for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    };
    replace("LINKS", links);
    replace("HOME", home.path());
    replace("SRC", source);
    replace("DST", destination);
    return text;
  }

  [[nodiscard]] Exit run_it() const {
    Words words = {"/usr/bin/env"};
    if (!GetParam().variable.empty()) words.push_back(filled_in(GetParam().variable));
    words.emplace_back(SYNCLINE_BINARY);
    for (const std::string& word : GetParam().words) words.push_back(filled_in(word));
    return run(words);
  }

  const std::string real = home / "real";
  const std::string links = home / "links";
};

TEST_P(ForeignLinks, of_ones_own_are_followed) {
  const Exit exit = run_it();
  EXPECT_EQ(exit.status, 0) << exit.err;
}

TEST_P(ForeignLinks, that_another_user_planted_are_not) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may give links away";
  const Tree links_made = snapshot(links);
  for (const auto& [path, entry] : links_made.entries())
    ASSERT_EQ(::lchown((links + '/' + path).c_str(), nobody, nobody), 0);
  const Tree before = snapshot(real);
  const Tree mirror_before = snapshot(destination);
  const Exit exit = run_it();
  EXPECT_NE(exit.status, 0);
  EXPECT_TRUE(is_one_line(exit.err));
  EXPECT_NE(exit.err.find("belongs to another user"), std::string::npos) << exit.err;
  EXPECT_TRUE(same(snapshot(real), before));
  EXPECT_TRUE(same(snapshot(destination), mirror_before));
}

INSTANTIATE_TEST_SUITE_P(
    Table, ForeignLinks,
    testing::Values(
        NamedBy{"source", {"--no-index", "LINKS/source", "DST"}, {}},
        NamedBy{"source below one", {"--no-index", "LINKS/all/source", "DST"}, {}},
        NamedBy{"destination", {"--no-index", "--delete", "SRC", "LINKS/destination"}, {}},
        NamedBy{"destination below one",
                {"--no-index", "--no-delete", "SRC", "LINKS/all/destination"},
                {}},
        NamedBy{"destination with a slash",
                {"--no-index", "--no-delete", "SRC", "LINKS/destination/"},
                {}},
        NamedBy{"new destination", {"--no-index", "SRC", "LINKS/all/new"}, {}},
        NamedBy{"backups", {"--no-index", "--backup-dir=LINKS/backups", "SRC", "DST"}, {}},
        NamedBy{"new backups", {"--no-index", "--backup-dir=LINKS/all/new", "SRC", "DST"}, {}},
        NamedBy{"backups from the destination on",
                {"--no-index", "--backup-dir=../links/backups", "SRC", "DST"},
                {}},
        NamedBy{"list of names", {"--no-index", "--files-from=LINKS/list", "SRC", "DST"}, {}},
        NamedBy{"list below one", {"--no-index", "--files-from=LINKS/all/list", "SRC", "DST"}, {}},
        NamedBy{"excluding list", {"--no-index", "--exclude-from=LINKS/rules", "SRC", "DST"}, {}},
        NamedBy{
            "including list", {"--no-index", "--include-from=LINKS/all/rules", "SRC", "DST"}, {}},
        NamedBy{"merged rules", {"--no-index", "--filter=merge LINKS/rules", "SRC", "DST"}, {}},
        NamedBy{"rules that rules merge",
                {"--no-index", "--filter=merge HOME/merging", "SRC", "DST"},
                {}},
        NamedBy{"log", {"--no-index", "--log-file=LINKS/logs/log", "SRC", "DST"}, {}},
        NamedBy{"log below one", {"--no-index", "--log-file=LINKS/all/logs/log", "SRC", "DST"}, {}},
        NamedBy{"index", {"--index=LINKS/state/index", "SRC", "DST"}, {}},
        NamedBy{"index below one", {"--index=LINKS/all/state/index", "SRC", "DST"}, {}},
        NamedBy{"state folder", {"SRC", "DST"}, "STATE_DIRECTORY=LINKS/state"},
        NamedBy{"new state folder", {"SRC", "DST"}, "STATE_DIRECTORY=LINKS/all/state/new"},
        NamedBy{"settings", {"--config=LINKS/settings", "SRC", "DST"}, {}},
        NamedBy{"settings in the environment", {"SRC", "DST"}, "SYNCLINE_CONFIG=LINKS/settings"},
        NamedBy{"why", {"--no-index", "--why=file", "LINKS/source", "DST"}, {}},
        NamedBy{
            "a dry run", {"--no-index", "--no-delete", "-n", "-q", "SRC", "LINKS/destination"}, {}},
        NamedBy{"a restoring run", {"--restore", "SRC", "LINKS/destination"}, {}}));

}  // namespace
}  // namespace syncline::test
