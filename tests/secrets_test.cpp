// What an index keeps to itself, and that it does.
//
// SPDX-License-Identifier: MIT
#include "index/sqlite.h"
#include "support/index.h"
#include "support/interference.h"
#include "support/two_roots.h"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;

class Secrets : public TwoRoots {
 protected:
  [[nodiscard]] Options remembering_in(const std::string& index) const {
    Options how = options();
    how.index = index_place::File{home / index};
    return how;
  }

  [[nodiscard]] std::string secret(const std::string& index, const std::string& name) const {
    const index::Connection connection{home / index};
    index::Statement row{connection, "SELECT bytes FROM secret WHERE name = CAST(? AS TEXT)"};
    return row.bind(std::string_view{name}).step() ? row.blob(0) : "";
  }

  [[nodiscard]] unsigned mode_of(const std::string& name) const {
    struct stat entry {};
    return ::stat((home / name).c_str(), &entry) == 0 ? entry.st_mode & 07777U : 0;
  }
};

TEST_F(Secrets, are_made_with_the_index_and_stay) {
  given_source({file("a", "a")});
  run_ok(remembering_in("index"));
  const std::string content = secret("index", "content");
  const std::string journal = secret("index", "journal");
  EXPECT_EQ(content.size(), 192);
  EXPECT_EQ(journal.size(), 32);
  put(file("b", "b"), source);
  run_ok(remembering_in("index"));
  EXPECT_EQ(secret("index", "content"), content);
  EXPECT_EQ(secret("index", "journal"), journal);
}

TEST_F(Secrets, are_others_in_each_index) {
  given_source({file("a", "a")});
  run_ok(remembering_in("one"));
  run_ok(remembering_in("other"));
  for (const char* const name : {"content", "journal"})
    EXPECT_NE(secret("one", name), secret("other", name)) << name;
}

TEST_F(Secrets, are_made_anew_where_they_have_come_to_harm) {
  given_source({file("a", "a")});
  run_ok(remembering_in("index"));
  change_index(home / "index",
               "UPDATE secret SET bytes = zeroblob(5) WHERE name = 'content';"
               "DELETE FROM secret WHERE name = 'journal'");
  change_rows(home / "index", [](Remembered& row) { row.fingerprint.value().tag = Tag{}; });
  run_ok(remembering_in("index"));
  EXPECT_EQ(secret("index", "content").size(), 192);
  EXPECT_EQ(secret("index", "journal").size(), 32);
  EXPECT_EQ(number_in_index(home / "index", "SELECT count(*) FROM file WHERE tag = zeroblob(16)"),
            0)
      << "under another secret a tag says nothing";
}

// Whatever the mask says.
TEST_F(Secrets, lie_in_files_that_nobody_else_may_read) {
  const mode_t before = ::umask(0);
  given_source({file("a", "a")});
  run_ok(remembering_in("index"));
  EXPECT_EQ(mode_of("index"), 0600);
  {
    index::Connection open{home / "index"};
    open.execute("PRAGMA journal_mode = WAL; CREATE TABLE more(what)");
    EXPECT_EQ(mode_of("index-wal"), 0600);
    open.execute("PRAGMA journal_mode = DELETE; BEGIN IMMEDIATE; CREATE TABLE most(what)");
    EXPECT_EQ(mode_of("index-journal"), 0600);
  }
  change_index(home / "index", "DROP TABLE packed_file");
  run_ok(remembering_in("index"));
  EXPECT_EQ(mode_of("index.set-aside"), 0600);
  EXPECT_EQ(mode_of("index"), 0600);
  ::umask(before);
}

// A dry run reads a copy of an older one.
TEST_F(Secrets, lie_in_a_copy_that_nobody_else_may_read) {
  const mode_t before = ::umask(0);
  given_source({file("a", "a")});
  run_ok(remembering_in("index"));
  rename(home.path(), "index", "now");
  std::filesystem::copy_file(SYNCLINE_TEST_DATA "/version-4.index", home / "index");
  change_index(home / "index", "ATTACH '" + (home / "now") +
                                   "' AS now; DELETE FROM pair; INSERT INTO pair SELECT * FROM "
                                   "now.pair");
  set_mode(home.path(), "index", 0600);
  ::setenv("TMPDIR", home.path().c_str(), 1);
  std::vector<unsigned> modes;
  {
    const Interference inside(
        1,
        [&] {
          for (const auto& place : fs::directory_iterator(home.path()))
            if (place.path().filename().string().starts_with("syncline-"))
              for (const auto& entry : fs::directory_iterator(place))
                modes.push_back(mode_of(fs::relative(entry.path(), home.path()).string()));
        },
        filesystem::syscalls::Call::read_folder);
    Options how = remembering_in("index");
    how.dry_run = true;
    run_ok(how);
  }
  ::unsetenv("TMPDIR");
  ASSERT_FALSE(modes.empty());
  for (const unsigned mode : modes) EXPECT_EQ(mode, 0600);
  ::umask(before);
}

}  // namespace
}  // namespace syncline::test
