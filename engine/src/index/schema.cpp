// SPDX-License-Identifier: MIT
#include "index/schema.h"

#include <cstring>
#include <string>
#include <string_view>

namespace syncline::index {
namespace {

constexpr std::uint32_t application_id = 0x53796e63;  // "Sync"
constexpr std::int64_t version = 3;

constexpr const char* tables = R"(
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
CREATE TABLE file(
  -- a row for each regular file: what both sides were when they were known to hold the same bytes
  folder INTEGER NOT NULL, name BLOB NOT NULL,
  size INTEGER NOT NULL,
  source_inode INTEGER NOT NULL,
  source_mtime INTEGER NOT NULL, source_ctime INTEGER NOT NULL,  -- nanoseconds since the epoch
  destination_inode INTEGER NOT NULL,
  destination_mtime INTEGER NOT NULL, destination_ctime INTEGER NOT NULL,
  unproven INTEGER NOT NULL,  -- 0, or the sum of 1: the source's identity proves nothing, 2: the
                              -- destination's, 4: the source was found rotten under that identity,
                              -- 8: the destination could not hold all extended attributes
  proved INTEGER NOT NULL,    -- when, in seconds since the epoch
  digest BLOB,   -- MD5 of the bytes, or of the chunks' MD5s; NULL: taken for the same, never read
  chunks BLOB,   -- MD5s of the 8 MiB chunks, where there is more than one
  PRIMARY KEY(folder, name)
) WITHOUT ROWID;
-- and once a pass has met a new file, the indexes file_source on source_inode and, of files of more
-- than 64 KiB, file_size on size and name
CREATE TABLE pass(
  -- a row for each of the last passes that changed something or held something back
  number INTEGER PRIMARY KEY,
  ended INTEGER NOT NULL,   -- seconds since the epoch
  status INTEGER NOT NULL,  -- the exit status
  source_entries INTEGER NOT NULL, source_bytes INTEGER NOT NULL,
  destination_entries INTEGER NOT NULL, destination_bytes INTEGER NOT NULL,
  created INTEGER NOT NULL, updated INTEGER NOT NULL, removed INTEGER NOT NULL,
  held INTEGER NOT NULL     -- how many passes in a row, this one included, held deletions back
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
  -- one row once a pass has ended with no deletion held back
  since INTEGER NOT NULL  -- seconds since the epoch
);
)";

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

}  // namespace

Kin kin_of(std::span<const std::byte> head) {
  constexpr std::string_view magic{"SQLite format 3\0", 16};
  constexpr std::size_t application_id_at = 68;
  if (head.empty()) return Kin::empty;
  if (head.size() < head_bytes || std::memcmp(head.data(), magic.data(), magic.size()) != 0)
    return Kin::foreign;
  return integer_at(head, application_id_at) == application_id ? Kin::ours : Kin::foreign;
}

void create_tables(Connection& connection) {
  connection.execute("BEGIN IMMEDIATE; PRAGMA application_id = " + std::to_string(application_id) +
                     "; PRAGMA user_version = " + std::to_string(version) + ';' + tables +
                     "COMMIT;");
}

bool is_current(const Connection& connection) {
  if (pragma(connection, "application_id") != application_id ||
      pragma(connection, "user_version") != version)
    return false;
  Statement count{connection,
                  "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN "
                  "('pair', 'folder', 'file', 'pass', 'removal', 'lost', 'met')"};
  constexpr std::int64_t all = 7;
  return count.step() && count.integer(0) == all;
}

}  // namespace syncline::index
