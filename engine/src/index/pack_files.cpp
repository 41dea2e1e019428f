// SPDX-License-Identifier: MIT
#include "index/pack_files.h"

#include "index/columns.h"
#include "index/packed.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace syncline::index {
namespace {

/// In a piece, after which the pages of the old rows serve for the new ones: else a file would be
/// twice as long from then on.
constexpr std::int64_t rows_at_once = 1024;

// Its first rows. This and what follows is never changed: it is about what older programs wrote.
constexpr const char* select_piece =
    "SELECT folder, name, size, source_inode, source_mtime, source_ctime, destination_inode, "
    "destination_mtime, destination_ctime, unproven, proved, digest, tag, chunks, chunk_tags "
    "FROM file ORDER BY folder, name LIMIT ?";

Remembered remembered_in_5(const Statement& row) {
  const std::uint64_t size = as_unsigned(row.integer(2));
  const std::int64_t unproven = row.integer(9);
  return {.source = {.id = {.device = 0, .inode = as_unsigned(row.integer(3))},
                     .size = size,
                     .mtime = row.time(4),
                     .ctime = row.time(5)},
          .destination = {.id = {.device = 0, .inode = as_unsigned(row.integer(6))},
                          .size = size,
                          .mtime = row.time(7),
                          .ctime = row.time(8)},
          .fingerprint = fingerprint_in(row.bytes(11), row.bytes(12), chunks_in(size)),
          .source_proved = (unproven & 1) == 0,
          .destination_proved = (unproven & 2) == 0,
          .attributes_kept = (unproven & 8) == 0,
          .stands_apart = (unproven & 16) != 0,
          .is_rotten = (unproven & 4) != 0};
}

std::optional<std::string_view> bytes_in(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional{row.bytes(column)};
}

struct Key {
  std::int64_t folder;
  std::string name;
};

/// Of the last row of a piece that is packed; none where there are no more.
std::optional<Key> pack_piece(Statement& old, Statement& put) {
  std::optional<Key> last;
  for (old.bind(rows_at_once); old.step();) {
    last = {.folder = old.integer(0), .name = old.blob(1)};
    const PackedRow what{remembered_in_5(old)};
    put.bind(last->folder, std::string_view{last->name}, old.integer(10), old.integer(3),
             what.bytes(), bytes_in(old, 13), bytes_in(old, 14))
        .run();
  }
  old.reset();
  return last;
}

}  // namespace

void pack_files(Connection& connection) {
  connection.execute("DROP INDEX IF EXISTS file_source; DROP INDEX IF EXISTS file_size;");
  Statement old{connection, select_piece};
  Statement put{connection, "INSERT INTO packed_file VALUES(?, ?, ?, ?, ?, ?, ?)"};
  Statement forget{connection, "DELETE FROM file WHERE (folder, name) <= (?, ?)"};
  while (const auto last = pack_piece(old, put))
    forget.bind(last->folder, std::string_view{last->name}).run();
}

}  // namespace syncline::index
