// What becomes of an index that another version wrote: an older one is carried over, with all that
// it remembers; a newer one is left as it is.
//
// SPDX-License-Identifier: MIT
#include "index/index.h"
#include "index/schema.h"
#include "index/sqlite.h"
#include "support/index.h"
#include "support/two_roots.h"

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

using index::Connection;
using index::Statement;

constexpr std::int64_t newest = 7;

// The tables of versions 1 and 2, as they were made then. The first ones had no table `lost`.
std::string tables_of(int version) {
  return std::string("BEGIN; PRAGMA application_id = 1400467043; PRAGMA user_version = ") +
         std::to_string(version) + R"(;
CREATE TABLE pair(
  source BLOB NOT NULL, destination BLOB NOT NULL,
  source_root TEXT NOT NULL, destination_root TEXT NOT NULL
);
CREATE TABLE folder(
  key INTEGER PRIMARY KEY,
  parent INTEGER NOT NULL, name BLOB NOT NULL,
  device INTEGER NOT NULL, inode INTEGER NOT NULL,  -- in the source
  mount_point INTEGER NOT NULL                      -- 1: a file system was mounted there
);
CREATE UNIQUE INDEX folder_name ON folder(parent, name);
CREATE TABLE file(
  folder INTEGER NOT NULL, name BLOB NOT NULL,
  size INTEGER NOT NULL,
  source_inode INTEGER NOT NULL,
  source_mtime INTEGER NOT NULL, source_ctime INTEGER NOT NULL,
  destination_inode INTEGER NOT NULL,
  destination_mtime INTEGER NOT NULL, destination_ctime INTEGER NOT NULL,
  unproven INTEGER NOT NULL,
  proved INTEGER NOT NULL,
  digest BLOB,
  chunks BLOB,
  PRIMARY KEY(folder, name)
) WITHOUT ROWID;
CREATE TABLE pass(
  number INTEGER PRIMARY KEY,
  ended INTEGER NOT NULL,
  status INTEGER NOT NULL,
  source_entries INTEGER NOT NULL, source_bytes INTEGER NOT NULL,
  destination_entries INTEGER NOT NULL, destination_bytes INTEGER NOT NULL,
  created INTEGER NOT NULL, updated INTEGER NOT NULL, removed INTEGER NOT NULL,
  held INTEGER NOT NULL
);
CREATE TABLE removal(
  minute INTEGER PRIMARY KEY,
  entries INTEGER NOT NULL, bytes INTEGER NOT NULL
);
CREATE TABLE met(since INTEGER NOT NULL);
)" + (version == 1 ? "" : "CREATE TABLE lost(since INTEGER NOT NULL);") +
         "COMMIT; PRAGMA journal_mode = WAL;";
}

constexpr const char* file_columns =
    "folder, name, size, source_inode, source_mtime, source_ctime, destination_inode, "
    "destination_mtime, destination_ctime, unproven, proved, digest, chunks";
constexpr const char* pass_columns =
    "number, ended, status, source_entries, source_bytes, destination_entries, destination_bytes, "
    "created, updated, removed, held";

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The rows that `sql` asks for, as text.
std::vector<std::string> rows_of(const std::string& index, const std::string& sql) {
  const Connection connection{index};
  Statement row{connection, "SELECT concat_row FROM (SELECT " + sql + ")"};
  std::vector<std::string> rows;
  while (row.step()) rows.push_back(row.blob(0));
  return rows;
}

std::vector<std::string> quoted_rows(const std::string& index, const std::string& columns,
                                     const std::string& table) {
  std::string text;
  for (std::size_t at = 0; at != std::string::npos;) {
    const std::size_t comma = columns.find(", ", at);
    text += (text.empty() ? "" : " || ',' || ") + std::string("quote(") +
            columns.substr(at, comma == std::string::npos ? comma : comma - at) + ')';
    at = comma == std::string::npos ? comma : comma + 2;
  }
  return rows_of(index, text + " AS concat_row FROM " + table + " ORDER BY 1");
}

class IndexOfVersion : public TwoRoots, public testing::WithParamInterface<int> {
 protected:
  void SetUp() override {
    Tree tree{file("notes", "first"), file("2025/stone", "stone"), symlink("link", "notes")};
    for (int number = 0; number < 40; ++number)
      tree.put(file("many/" + std::to_string(number), "x"));
    given_source(tree);
    run_ok(remembering());
    // What took longer than a tick of the clock to get its name is read by the next one.
    constexpr int most = 5;
    for (int i = 0; i < most && run_ok(remembering()).summary.bytes_read > 0; ++i) continue;
    rename(home.path(), "index", "now");
    make_old_index();
  }

  [[nodiscard]] Options remembering() const {
    Options how = options();
    how.index = index_place::File{index};
    return how;
  }

  /// With the memory of the pass that was, and with one of the guard's own.
  void make_old_index() const {
    if (GetParam() >= 3)
      std::filesystem::copy_file(
          std::string(SYNCLINE_TEST_DATA "/version-") + std::to_string(GetParam()) + ".index",
          index);
    else
      change_index(index, tables_of(GetParam()));
    set_mode(home.path(), "index", 0600);
    const std::string born = GetParam() >= 3 ? "born, " : "";
    const std::string folder_columns = "key, parent, name, device, inode, " + born + "mount_point";
    const auto take_over = [](const std::string& table, const std::string& columns) {
      return "DELETE FROM " + table + "; INSERT INTO " + table + '(' + columns + ") SELECT " +
             columns + " FROM now." + table + ';';
    };
    change_index(index,
                 "ATTACH '" + (home / "now") + "' AS now;" +
                     take_over("pair", "source, destination, source_root, destination_root") +
                     take_over("folder", folder_columns) + take_over("file", file_columns) +
                     take_over("pass", pass_columns) + take_over("met", "since") +
                     "DELETE FROM removal;"
                     "INSERT INTO removal VALUES(strftime('%s', 'now') / 60, 7, 77);"
                     "UPDATE pass SET held = 3;");
    ASSERT_EQ(number_in_index(index, "SELECT user_version FROM pragma_user_version"), GetParam());
  }

  /// Everything that it remembers.
  struct Memory {
    std::vector<std::string> files;
    std::vector<std::string> folders;
    std::vector<std::string> passes;
    std::vector<std::string> removals;
    std::vector<std::string> met;

    friend bool operator==(const Memory&, const Memory&) = default;
  };
  [[nodiscard]] Memory memory() const {
    // What version 1 proved says nothing of attributes.
    std::string columns = file_columns;
    if (version() == 1) columns.replace(columns.find("unproven"), 8, "unproven | 8");
    return {
        .files = quoted_rows(index, columns, "file"),
        .folders = quoted_rows(index, "key, parent, name, device, inode, mount_point", "folder"),
        .passes = quoted_rows(index, pass_columns, "pass"),
        .removals = quoted_rows(index, "minute, entries, bytes", "removal"),
        .met = quoted_rows(index, "since", "met")};
  }
  [[nodiscard]] std::int64_t version() const {
    return number_in_index(index, "SELECT user_version FROM pragma_user_version");
  }

  const std::string index = home / "index";
};

TEST_P(IndexOfVersion, is_carried_over_with_all_that_it_remembers) {
  const Memory before = memory();
  const Pass pass = run_ok(remembering());
  EXPECT_EQ(pass.summary.standing.entries, 42) << "proved, and so not read";
  EXPECT_EQ(pass.summary.bytes_read, 0);
  EXPECT_TRUE(pass.actions.empty());
  EXPECT_TRUE(pass.notices.empty());
  EXPECT_EQ(version(), newest);
  EXPECT_EQ(memory(), before);
  EXPECT_FALSE(exists(home.path(), "index.set-aside"));
}

TEST_P(IndexOfVersion, tells_the_guard_what_was_deleted) {
  remove(source, "many");
  const Pass pass = run_ok(remembering());
  EXPECT_EQ(pass.summary.removed.entries, 41) << "a known pair's allowance";
  EXPECT_EQ(number_in_index(index, "SELECT sum(entries) FROM removal"), 48);
}

TEST_P(IndexOfVersion, becomes_one_like_those_that_are_made_now) {
  run_ok(remembering());
  const auto shape_of = [](const std::string& path) {
    const std::string columns =
        "m.type || ' ' || m.name || '.' || coalesce(c.name || ' ' || c.type || ' ' || c.\"notnull\""
        " || ' ' || c.pk, '') AS concat_row FROM sqlite_schema AS m LEFT JOIN "
        "pragma_table_info(m.name) AS c WHERE m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE "
        "'file_%' ORDER BY 1";
    return rows_of(path, columns);
  };
  EXPECT_EQ(shape_of(index), shape_of(home / "now"));
}

class IndexOfVersionBefore4 : public IndexOfVersion {};

// Else what was moved away from there in the source would be moved away in the destination.
TEST_P(IndexOfVersionBefore4, forgets_what_lay_under_the_reserved_name) {
  const Memory before = memory();
  const std::string name = "CAST('.syncline' AS BLOB)";
  const std::string columns = GetParam() >= 3
                                  ? "key, parent, name, device, inode, born, mount_point"
                                  : "key, parent, name, device, inode, mount_point";
  const std::string rest = GetParam() >= 3 ? ", 1, 1, 0, 0)" : ", 1, 1, 0)";
  const auto remember_file = [](const std::string& folder, const std::string& file) {
    return "INSERT INTO file SELECT " + folder + ", " + file +
           ", size, source_inode, source_mtime, source_ctime, destination_inode, "
           "destination_mtime, destination_ctime, unproven, proved, digest, chunks FROM file "
           "WHERE name = CAST('notes' AS BLOB);";
  };
  change_index(index, "INSERT INTO folder(" + columns + ") VALUES(900, 1, " + name + rest +
                          "; INSERT INTO folder(" + columns + ") VALUES(901, 900, " + name + rest +
                          ';' + remember_file("901", "CAST('film' AS BLOB)") +
                          remember_file("1", name));
  ASSERT_NE(memory(), before);
  {
    Connection connection{index};
    index::carry_over(connection);
  }
  EXPECT_EQ(memory(), before);
}

TEST_P(IndexOfVersion, is_read_and_not_written_by_a_dry_run) {
  put(file("new", "new"), source);
  remove(source, "notes");
  const std::string before = bytes_of(index);
  Options how = remembering();
  how.dry_run = true;
  const Pass pass = run_ok(how);
  EXPECT_EQ(pass.summary.standing.entries, 41);
  EXPECT_EQ(pass.summary.to_compare.entries, 0);
  EXPECT_EQ(pass.paths(Verb::create), std::vector<std::string>{"new"});
  EXPECT_EQ(pass.paths(Verb::remove), std::vector<std::string>{"notes"});
  EXPECT_EQ(bytes_of(index), before);
  EXPECT_EQ(version(), GetParam());
}

TEST_P(IndexOfVersion, that_lacks_a_table_is_set_aside) {
  std::filesystem::copy_file(index, home / "old");
  // A step misses the one, and nothing but the count of all the other.
  for (const char* const table : {"folder", "removal"}) {
    for (const char* const part : {"", "-wal", "-shm"}) std::filesystem::remove(index + part);
    std::filesystem::copy_file(home / "old", index);
    change_index(index, std::string("DROP TABLE ") + table);
    const Pass pass = run_ok(remembering());
    ASSERT_EQ(pass.notices.size(), 1) << table;
    EXPECT_EQ(pass.notices.front().code, NoticeCode::index_set_aside);
    EXPECT_EQ(
        number_in_index(home / "index.set-aside", "SELECT user_version FROM pragma_user_version"),
        GetParam());
    EXPECT_EQ(version(), newest);
  }
}

int kill_at_statement(unsigned /*kind*/, void* left, void* /*statement*/, void* /*sql*/) {
  if (--*static_cast<int*>(left) == 0) ::kill(::getpid(), SIGKILL);
  return 0;
}

// Before each statement in turn, and once before what ends the transaction reaches the disk.
TEST_P(IndexOfVersion, is_whole_whenever_the_run_is_killed) {
  const Memory before = memory();
  std::filesystem::copy_file(index, home / "old");
  std::set<std::int64_t> met;
  bool is_over = false;
  for (int statement = 1; !is_over; ++statement) {
    ASSERT_LT(statement, 200);
    for (const char* const part : {"", "-wal", "-shm"}) std::filesystem::remove(index + part);
    std::filesystem::copy_file(home / "old", index);
    const pid_t child = ::fork();
    if (child == 0) {
      Connection connection{index};
      int left = statement;
      connection.on_statement(kill_at_statement, &left);
      index::carry_over(connection);
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    is_over = WIFEXITED(status);
    met.insert(version());
    EXPECT_EQ(number_in_index(index,
                              "SELECT count(*) FROM pragma_integrity_check WHERE "
                              "integrity_check <> 'ok'"),
              0);
    if (version() == GetParam()) {
      EXPECT_EQ(memory(), before) << "before statement " << statement;
      EXPECT_EQ(
          number_in_index(index, "SELECT count(*) FROM sqlite_schema WHERE name = 'packed_file'"),
          0);
    }
    const Pass pass = run_ok(remembering());
    EXPECT_EQ(pass.summary.standing.entries, 42);
    EXPECT_EQ(memory(), before) << "before statement " << statement;
  }
  EXPECT_EQ(met, (std::set<std::int64_t>{GetParam(), newest}));
}

INSTANTIATE_TEST_SUITE_P(each, IndexOfVersion, testing::Values(1, 2, 3, 4, 5),
                         testing::PrintToStringParamName());
INSTANTIATE_TEST_SUITE_P(each, IndexOfVersionBefore4, testing::Values(1, 2, 3),
                         testing::PrintToStringParamName());

/// Rows of version 5 such as one seldom sees, in an index like those of that time.
class RowsOfVersion5 : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::copy_file(SYNCLINE_TEST_DATA "/version-5.index", index);
    set_mode(home.path(), "index", 0600);
    change_index(index, "DELETE FROM file");
  }

  void given(const std::string& row) const {
    change_index(index, "INSERT INTO file VALUES(" + row + ')');
  }

  void carry_over() const {
    Connection connection{index};
    index::carry_over(connection);
  }

  [[nodiscard]] std::vector<std::string> rows() const {
    return quoted_rows(index, std::string(file_columns) + ", tag, chunk_tags", "file");
  }

  const TemporaryFolder home;
  const std::string index = home / "index";
};

TEST_F(RowsOfVersion5, are_carried_over_whatever_is_in_them) {
  // Folder, name, size; inode, mtime and ctime of both; unproven, proved; digest, chunks, tags.
  given("2, x'61', 5, 1, 2, 3, 4, 2, 5, 0, 6, randomblob(16), NULL, randomblob(16), NULL");
  given("2, x'62', 5, 1, 2, 3, 4, 7, 5, 31, 6, randomblob(16), NULL, NULL, NULL");
  given("2, x'', 0, -1, -2, -3, -4, -5, -6, 4, -7, NULL, NULL, NULL, NULL");
  given(
      "3, x'ff00', 9223372036854775807, -9223372036854775808, 9223372036854775807, "
      "-9223372036854775808, 0, 0, 0, 8, 4294967296, randomblob(16), randomblob(32), "
      "randomblob(16), randomblob(32)");
  given(
      "9223372036854775807, x'61', 9000000, 1, 2, 3, 4, 2, 5, 0, 6, randomblob(16), "
      "randomblob(32), NULL, NULL");
  const auto before = rows();
  ASSERT_EQ(before.size(), 5);
  carry_over();
  EXPECT_EQ(rows(), before);
}

// In pieces, some of which end amid a folder; the pages of the old rows serve for the new ones.
TEST_F(RowsOfVersion5, are_carried_over_all_and_leave_the_file_as_long_as_it_was) {
  change_index(index,
               "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < "
               "10000) INSERT INTO file SELECT 2 + n / 9000, CAST(n AS BLOB), n, n, n, n, n, n, n, "
               "0, n, randomblob(16), NULL, randomblob(16), NULL FROM number");
  const auto ids = [&] {
    return quoted_rows(index, "folder, name, source_inode, proved, digest, tag", "file");
  };
  const auto pages = [&] {
    return number_in_index(index, "SELECT page_count FROM pragma_page_count");
  };
  const auto rows_before = ids();
  const auto pages_before = pages();
  ASSERT_EQ(rows_before.size(), 10'000);
  carry_over();
  EXPECT_EQ(ids(), rows_before);
  EXPECT_LT(pages(), pages_before + pages_before / 2) << "in one piece it would be twice as long";
}

TEST_F(RowsOfVersion5, keep_times_that_no_64_bits_hold) {
  constexpr const char* far = "x'000001000000000000000001'";
  given(std::string("2, x'61', 5, 1, ") + far + ", 3, 4, 2, 5, 0, 6, NULL, NULL, NULL, NULL");
  carry_over();
  const Connection connection{index};
  Statement row{
      connection,
      "SELECT source_mtime, source_ctime, destination_mtime, destination_ctime FROM file"};
  ASSERT_TRUE(row.step());
  EXPECT_EQ(row.time(0), (Timestamp{.seconds = std::int64_t{1} << 40, .nanoseconds = 1}));
  EXPECT_EQ(row.time(1), timestamp_of(3));
  EXPECT_EQ(row.time(2), timestamp_of(2));
  EXPECT_EQ(row.time(3), timestamp_of(5));
}

// It is set aside then, as it would be by whoever reads that row.
TEST_F(RowsOfVersion5, that_came_to_harm_leave_all_as_it_was) {
  given("2, x'61', 5, 1, x'0102', 3, 4, 2, 5, 0, 6, NULL, NULL, NULL, NULL");
  const auto before = rows();
  try {
    carry_over();
    ADD_FAILURE() << "a time of two bytes was taken for one";
  } catch (const index::SqliteError& error) {
    EXPECT_TRUE(error.is_damage());
  }
  EXPECT_EQ(rows(), before);
  EXPECT_EQ(number_in_index(index, "SELECT user_version FROM pragma_user_version"), 5);
}

class IndexOfNewerVersion : public TwoRoots {
 protected:
  void SetUp() override {
    given_source({file("a", "aaaa")});
    run_ok(remembering());
    put(file("surplus"), destination);
  }

  [[nodiscard]] Options remembering() const {
    Options how = options();
    how.index = index_place::File{index};
    return how;
  }

  void expect_left_alone() const {
    Options dry = remembering();
    dry.dry_run = true;
    Options doubtful = remembering();
    doubtful.adopt = true;
    const Tree before = snapshot(home.path());
    for (const Options& how : {remembering(), dry, doubtful}) {
      EXPECT_EQ(refusal(how), Status::files_unusable);
      EXPECT_TRUE(same(snapshot(home.path()), before));
    }
  }

  const std::string index = home / "index";
};

// What was made since then is one more table.
TEST_F(IndexOfNewerVersion, is_what_one_of_version_6_becomes) {
  Options how = remembering();
  how.deletions = deletion::AtMostEntries{1};
  run_ok(how);
  let_age(home.path());
  run_ok(how);
  change_index(index, "DROP TABLE applied; PRAGMA user_version = 6");
  EXPECT_EQ(run_ok(how).summary.bytes_read, 0);
  EXPECT_EQ(number_in_index(index, "SELECT user_version FROM pragma_user_version"), 7);
  EXPECT_EQ(number_in_index(index, "SELECT count(*) FROM applied"), 0);
}

TEST_F(IndexOfNewerVersion, is_refused_and_left_as_it_is) {
  change_index(index, "PRAGMA user_version = 8");
  expect_left_alone();
  EXPECT_FALSE(exists(home.path(), "index-wal"));
}

TEST_F(IndexOfNewerVersion, is_refused_where_only_its_log_knows) {
  {
    Connection newer{index};
    newer.leave_log();
    newer.execute("PRAGMA user_version = 8; CREATE TABLE dream(of BLOB)");
  }
  ASSERT_TRUE(exists(home.path(), "index-wal"));
  ASSERT_EQ(bytes_of(index).at(63), '\x07') << "it is the log that knows";
  expect_left_alone();
}

TEST_F(IndexOfNewerVersion, is_no_bar_to_doing_without) {
  change_index(index, "PRAGMA user_version = 8");
  const std::string before = bytes_of(index);
  Options without = options();
  without.deletions = deletion::AtMostEntries{1};
  run_ok(without);
  EXPECT_FALSE(exists(destination, "surplus"));
  EXPECT_EQ(bytes_of(index), before);
}

}  // namespace
}  // namespace syncline::test
