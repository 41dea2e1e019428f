// SPDX-License-Identifier: MIT
#include "support/index.h"

#include "index/columns.h"
#include "index/packed.h"
#include "index/sqlite.h"
#include "md5/md5.h"
#include "support/tree.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <span>
#include <vector>

namespace syncline::test {
namespace {

using index::Connection;
using index::Statement;

// Paths are put together from the folders above each file.
constexpr const char* all_files = R"(
  WITH RECURSIVE path(key, path) AS (
    SELECT 1, CAST('' AS BLOB)
    UNION ALL
    SELECT folder.key, CAST(path.path || folder.name || '/' AS BLOB)
    FROM folder JOIN path ON folder.parent = path.key)
  SELECT CAST(path.path || file.name AS BLOB), size, digest, unproven,
    source_inode, source_mtime, source_ctime,
    destination_inode, destination_mtime, destination_ctime
  FROM file JOIN path ON file.folder = path.key)";

Timestamp timestamp(const timespec& time) {
  return {.seconds = time.tv_sec, .nanoseconds = static_cast<std::uint32_t>(time.tv_nsec)};
}

Digest digest_in(const Statement& row) {
  Digest digest;
  const std::string_view bytes = row.bytes(2);
  std::memcpy(digest.md5.data(), bytes.data(), std::min(bytes.size(), sizeof digest.md5));
  digest.chunks = chunks_in(static_cast<std::uint64_t>(row.integer(1)));
  return digest;
}

Digest digest_of(const std::string& path) {
  // Byte by byte, by iterators, took the thread sanitizer 10 s for a few MiB.
  std::string content(std::filesystem::file_size(path), '\0');
  std::ifstream(path, std::ios::binary)
      .read(content.data(), static_cast<std::streamsize>(content.size()));
  std::vector<Md5> chunks;
  std::span<const std::byte> left = std::as_bytes(std::span{content});
  do {
    const auto chunk = left.first(std::min<std::size_t>(left.size(), chunk_bytes));
    chunks.push_back(md5::of(chunk));
    left = left.subspan(chunk.size());
  } while (!left.empty());
  return md5::of_chunks(chunks);
}

bool stands(const std::string& path, const Statement& row, int first_column) {
  struct stat now {};
  if (::lstat(path.c_str(), &now) != 0 || !S_ISREG(now.st_mode)) return false;
  return now.st_size == row.integer(1) &&
         static_cast<std::int64_t>(now.st_ino) == row.integer(first_column) &&
         timestamp(now.st_mtim) == row.time(first_column + 1) &&
         timestamp(now.st_ctim) == row.time(first_column + 2);
}

}  // namespace

std::map<std::string, IndexedFile> files_in_index(const std::string& index) {
  const Connection connection{index};
  Statement row{connection, all_files};
  std::map<std::string, IndexedFile> files;
  while (row.step())
    files[row.blob(0)] = {.digest = row.is_null(2) ? "" : to_string(digest_in(row)),
                          .source_proved = (row.integer(3) & 1) == 0,
                          .destination_proved = (row.integer(3) & 2) == 0};
  return files;
}

std::int64_t number_in_index(const std::string& index, const std::string& sql) {
  const Connection connection{index};
  Statement statement{connection, sql};
  if (!statement.step()) ADD_FAILURE() << "no row: " << sql;
  return statement.integer(0);
}

void change_index(const std::string& index, const std::string& sql) {
  Connection{index}.execute(sql);
}

void change_rows(const std::string& index, const std::function<void(Remembered&)>& change,
                 const std::string& name) {
  Connection connection{index};
  connection.execute("BEGIN");
  Statement row{connection, std::string("SELECT ") + index::file_columns +
                                ", folder FROM packed_file WHERE ?1 IN (name, x'')"};
  Statement put{connection,
                "UPDATE packed_file SET proved = ?, inode = ?, what = ? WHERE folder = ? AND "
                "name = ?"};
  for (row.bind(std::string_view{name}); row.step();) {
    Remembered what = index::remembered_in(row);
    change(what);
    const index::PackedRow packed{what};
    put.bind(what.proved_s, index::as_integer(what.source.id.inode), packed.bytes(),
             row.integer(index::file_column_count), row.bytes(0))
        .run();
  }
  connection.execute("COMMIT");
}

testing::AssertionResult claims_nothing_false(const std::string& index, const std::string& source,
                                              const std::string& destination) {
  if (number_in_index(index, "SELECT count(*) FROM sqlite_schema WHERE name = 'file'") == 0)
    return testing::AssertionSuccess();  // killed before it had any table
  const Connection connection{index};
  Statement row{connection, all_files};
  while (row.step()) {
    if (row.is_null(2)) continue;
    const std::string path = row.blob(0);
    const bool source_proved = (row.integer(3) & 1) == 0;
    const bool destination_proved = (row.integer(3) & 2) == 0;
    if (source_proved && stands(join(source, path), row, 4) &&
        digest_of(join(source, path)) != digest_in(row))
      return testing::AssertionFailure() << "of the source: " << printable(path);
    if (destination_proved && stands(join(destination, path), row, 7) &&
        digest_of(join(destination, path)) != digest_in(row))
      return testing::AssertionFailure() << "of the destination: " << printable(path);
  }
  return testing::AssertionSuccess();
}

}  // namespace syncline::test
