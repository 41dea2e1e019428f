// SPDX-License-Identifier: MIT
#include "index/schema.h"

#include "index/pack_files.h"

#include <array>
#include <cstring>
#include <string>
#include <string_view>

namespace syncline::index {
namespace {

constexpr std::uint32_t application_id = 0x53796e63;  // "Sync"
constexpr std::int64_t version = 7;

// What a version adds as tables is written down once, below, and is all or part of its step.
constexpr const char* first_tables = R"(
CREATE TABLE pair(
  -- the two roots that this index is about: one row
  source BLOB NOT NULL, destination BLOB NOT NULL,           -- their paths
  source_root TEXT NOT NULL, destination_root TEXT NOT NULL  -- what they are: inode, birth, file system
);
CREATE TABLE folder(
  -- a row for each folder of the source; the root has key 1 and parent 0
  key INTEGER PRIMARY KEY,
  parent INTEGER NOT NULL, name BLOB NOT NULL,
  device INTEGER NOT NULL, inode INTEGER NOT NULL,  -- in the source
  born INTEGER NOT NULL,        -- in the source, in nanoseconds since the epoch; 0: not known
  mount_point INTEGER NOT NULL  -- 1: a file system was mounted there
);
CREATE UNIQUE INDEX folder_name ON folder(parent, name);
CREATE INDEX folder_inode ON folder(inode);  -- to know one again that was moved
CREATE TABLE pass(
  -- a row for each of the last passes that changed something or held something back
  number INTEGER PRIMARY KEY,
  ended INTEGER NOT NULL,   -- seconds since the epoch
  status INTEGER NOT NULL,  -- the exit status
  source_entries INTEGER NOT NULL, source_bytes INTEGER NOT NULL,
  destination_entries INTEGER NOT NULL, destination_bytes INTEGER NOT NULL,
  created INTEGER NOT NULL, updated INTEGER NOT NULL, removed INTEGER NOT NULL,
  held INTEGER NOT NULL,    -- how many passes in a row, this one included, held deletions back
  name TEXT NOT NULL DEFAULT ''  -- its start in UTC, as 20261125T084751Z, by which whatever else
                                 -- tells of it calls it; empty: none was noted
);
CREATE TABLE removal(
  -- what was deleted without being told to, by the minute, for a day
  minute INTEGER PRIMARY KEY,
  entries INTEGER NOT NULL, bytes INTEGER NOT NULL
);
CREATE TABLE lost(
  -- one row while this index has taken the place of one that came to harm: what was mounted and what
  -- was deleted within a day is not known any more
  since INTEGER NOT NULL  -- seconds since the epoch
);
CREATE TABLE met(
  -- one row once a pass of these two roots has made them known to each other
  since INTEGER NOT NULL  -- seconds since the epoch
);
)";

constexpr const char* added_in_4 = R"(
CREATE TABLE exception(
  -- a row for each piece of metadata that the destination did not take as it was asked to, of
  -- whatever kind of entry
  folder INTEGER NOT NULL, name BLOB NOT NULL,  -- an empty name: the folder itself
  aspect TEXT NOT NULL,   -- the piece; "name": what the entry is called, which is refused
  asked TEXT NOT NULL,    -- what the source has, as that is wanted
  there TEXT NOT NULL,    -- what the destination has instead; of a name, the mount that refuses it
  user INTEGER NOT NULL,  -- who asked
  ctime TEXT NOT NULL,    -- of the destination since, where a right was lacking; else empty
  PRIMARY KEY(folder, name, aspect)
) WITHOUT ROWID;
CREATE TABLE place(
  -- where both roots were met last: no row, or one
  parent TEXT NOT NULL,        -- what the folder is that the destination lies in, as in pair; empty:
                               -- nothing is known that lasts, or the destination was a mount point
  source_volume TEXT NOT NULL  -- the serial number of the source's file system, where nothing else
                               -- tells it from others; empty: not known
);
)";

constexpr const char* added_in_5 = R"(
CREATE TABLE secret(
  -- random bytes, made with the index, that nobody else may come to know
  name TEXT PRIMARY KEY,  -- "content": what tags are keyed with; "journal": what the marks of
                          -- interrupted copies are
  bytes BLOB NOT NULL
) WITHOUT ROWID;
)";

constexpr const char* table_of_6 = R"(
CREATE TABLE packed_file(
  -- a row for each regular file: what both sides were when they were known to hold the same bytes; to
  -- be read as file, which has a column for each thing
  folder INTEGER NOT NULL, name BLOB NOT NULL,
  proved INTEGER NOT NULL,  -- when, in seconds since the epoch
  inode INTEGER NOT NULL,   -- in the source, for file_source alone: it is in what too
  what BLOB NOT NULL,       -- all else; the format is PackedRow's (engine/src/index/packed.h)
  chunks BLOB,      -- MD5s of the 8 MiB chunks, where there is more than one
  chunk_tags BLOB,  -- a keyed hash of each, where all have one
  PRIMARY KEY(folder, name)
) WITHOUT ROWID;
-- and once a pass has met a new file, the indexes file_source on inode and, of files of more than
-- 64 KiB, file_size on size and name
)";

constexpr const char* view_of_6 = R"(
CREATE VIEW file AS
  WITH digit(at) AS (
    VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15), (16)),
  row AS (
    SELECT *, hex(what) AS hex, substr(what, 2, 1) AS content,
      instr('123456789ABCDEF', substr(hex(what), 1, 1)) << 4
        | instr('123456789ABCDEF', substr(hex(what), 2, 1)) AS flags
    FROM packed_file)
  SELECT folder, name,
    -- in bytes
    (SELECT sum(instr('123456789ABCDEF', substr(hex, 20 + at, 1)) << 64 - 4 * at)
      FROM digit) AS size,
    inode AS source_inode,
    -- nanoseconds since the epoch; where 64 bits cannot hold one of them, all are BLOBs: the seconds
    -- in eight bytes and the nanoseconds on top of them in four, big-endian
    iif(flags & 32, substr(what, 27, 12),
      (SELECT sum(instr('123456789ABCDEF', substr(hex, 52 + at, 1)) << 64 - 4 * at)
        FROM digit)) AS source_mtime,
    iif(flags & 32, substr(what, 39, 12),
      (SELECT sum(instr('123456789ABCDEF', substr(hex, 68 + at, 1)) << 64 - 4 * at)
        FROM digit)) AS source_ctime,
    (SELECT sum(instr('123456789ABCDEF', substr(hex, 36 + at, 1)) << 64 - 4 * at)
      FROM digit) AS destination_inode,
    iif(flags & 32, substr(what, iif(flags & 64, 63, 27), 12),
      (SELECT sum(instr('123456789ABCDEF', substr(hex, iif(flags & 64, 100, 52) + at, 1))
        << 64 - 4 * at) FROM digit)) AS destination_mtime,
    iif(flags & 32, substr(what, 51, 12),
      (SELECT sum(instr('123456789ABCDEF', substr(hex, 84 + at, 1)) << 64 - 4 * at)
        FROM digit)) AS destination_ctime,
    -- 0, or the sum of 1: the source's identity proves nothing, 2: the destination's, 4: the source
    -- was found rotten under that identity, 8: the destination could not hold all extended
    -- attributes, 16: it could not be linked to its other names
    flags & 31 AS unproven,
    proved,
    -- MD5 of the bytes, or of the chunks' MD5s; NULL: taken for the same, never read
    CASE content WHEN x'01' THEN substr(what, -16) WHEN x'02' THEN substr(what, -32, 16) END
      AS digest,
    chunks,
    -- a keyed hash of what digest is of; NULL: read when there were none yet
    CASE content WHEN x'02' THEN substr(what, -16) END AS tag,
    chunk_tags
  FROM row;
)";

constexpr const char* added_in_7 = R"(
CREATE TABLE applied(
  -- a row for each plan that was begun to be applied
  seal TEXT PRIMARY KEY,   -- the SHA-256 that it ends with
  begun INTEGER NOT NULL,  -- seconds since the epoch
  ended INTEGER            -- likewise; NULL: that was interrupted
) WITHOUT ROWID;
)";

// The root's .syncline, which was mirrored then, with all below it.
constexpr const char* forgotten_in_4 = R"(
CREATE TEMP TABLE reserved AS
  WITH RECURSIVE below(key) AS (
    SELECT key FROM main.folder WHERE parent = 1 AND name = CAST('.syncline' AS BLOB)
    UNION SELECT folder.key FROM main.folder JOIN below ON folder.parent = below.key)
  SELECT key FROM below;
DELETE FROM file WHERE folder IN (SELECT key FROM temp.reserved);
DELETE FROM file WHERE folder = 1 AND name = CAST('.syncline' AS BLOB);
DELETE FROM folder WHERE key IN (SELECT key FROM temp.reserved);
DROP TABLE temp.reserved;
)";

// All of them, of the version that is made now.
constexpr std::string_view table_names =
    "'pair', 'folder', 'packed_file', 'pass', 'removal', 'lost', 'met', 'place', 'exception', "
    "'secret', 'applied'";
constexpr std::int64_t table_count = 11;

struct Step {
  std::int64_t from;                    ///< version
  const char* sql;                      ///< makes the next one of it; all that is remembered stays
  void (*rest)(Connection&) = nullptr;  ///< likewise, after that
};

// In order. A step that has once been in use is never changed.
constexpr std::array<Step, 10> steps{{
    // Its proofs say nothing of attributes, which were not kept then. Some had no table `lost` yet.
    {1,
     "CREATE TABLE IF NOT EXISTS lost(since INTEGER NOT NULL);"
     "UPDATE file SET unproven = unproven | 8;"},
    {2,
     "ALTER TABLE folder ADD COLUMN born INTEGER NOT NULL DEFAULT 0;"
     "CREATE INDEX folder_inode ON folder(inode);"},
    {3, forgotten_in_4},
    {3, added_in_4},
    {4, "ALTER TABLE file ADD COLUMN tag BLOB; ALTER TABLE file ADD COLUMN chunk_tags BLOB;"},
    {4, added_in_5},
    {5, table_of_6, pack_files},
    {5, "DROP TABLE file; ALTER TABLE pass ADD COLUMN name TEXT NOT NULL DEFAULT '';"},
    {5, view_of_6},
    {6, added_in_7},
}};

// Integers in the head are big-endian.
std::uint32_t integer_at(std::span<const std::byte> head, std::size_t at) {
  std::uint32_t value = 0;
  for (const std::byte byte : head.subspan(at, 4))
    value = value << 8U | std::to_integer<std::uint32_t>(byte);
  return value;
}

std::int64_t pragma(const Connection& connection, const std::string& name) {
  Statement statement{connection, "PRAGMA " + name};
  return statement.step() ? statement.integer(0) : 0;
}

[[noreturn]] void refuse_incomplete() {
  constexpr int not_a_database = 26;  // SQLITE_NOTADB: what can only be made anew
  throw SqliteError("its tables are not complete", not_a_database);
}

void require_complete(const Connection& connection) {
  const std::string named = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN (";
  Statement count{connection, named + std::string{table_names} + ')'};
  if (!count.step() || count.integer(0) != table_count) refuse_incomplete();
}

void set_version(Connection& connection) {
  connection.execute("PRAGMA user_version = " + std::to_string(version));
}

// A table or column that a step relies on and does not find is a plain error to SQLite.
void take_step(Connection& connection, const Step& step) {
  try {
    connection.execute(step.sql);
    if (step.rest != nullptr) step.rest(connection);
  } catch (const SqliteError& error) {
    if (error.is_unspecific()) refuse_incomplete();
    throw;
  }
}

}  // namespace

NewerVersion::NewerVersion(std::int64_t found)
    : SqliteError("a newer Syncline wrote it (format " + std::to_string(found) +
                  ", while this one knows " + std::to_string(version) +
                  "), so it is left as it is") {}

std::int64_t newer_version_in(std::span<const std::byte> head) {
  constexpr std::size_t user_version_at = 60;
  if (kin_of(head) != Kin::ours) return 0;
  const auto found = static_cast<std::int32_t>(integer_at(head, user_version_at));
  return found > version ? found : 0;
}

Kin kin_of(std::span<const std::byte> head) {
  constexpr std::string_view magic{"SQLite format 3\0", 16};
  constexpr std::size_t application_id_at = 68;
  if (head.empty()) return Kin::empty;
  if (head.size() < head_bytes || std::memcmp(head.data(), magic.data(), magic.size()) != 0)
    return Kin::foreign;
  return integer_at(head, application_id_at) == application_id ? Kin::ours : Kin::foreign;
}

void create_tables(Connection& connection) {
  connection.execute("BEGIN IMMEDIATE; PRAGMA application_id = " + std::to_string(application_id));
  set_version(connection);
  connection.execute(std::string{first_tables} + added_in_4 + added_in_5 + table_of_6 + view_of_6 +
                     added_in_7 + "COMMIT");
}

bool require_known(const Connection& connection) {
  if (pragma(connection, "application_id") != application_id) refuse_incomplete();
  const std::int64_t found = pragma(connection, "user_version");
  if (found > version) {
    connection.leave_log();
    throw NewerVersion(found);
  }
  if (found < steps.front().from) refuse_incomplete();
  if (found < version) return false;
  require_complete(connection);
  return true;
}

void carry_over(Connection& connection) {
  connection.execute("BEGIN IMMEDIATE");
  try {
    const std::int64_t found = pragma(connection, "user_version");
    for (const Step& step : steps)
      if (step.from >= found) take_step(connection, step);
    require_complete(connection);
    set_version(connection);
  } catch (const SqliteError&) {
    connection.roll_back();
    throw;
  }
  connection.execute("COMMIT");
}

}  // namespace syncline::index
