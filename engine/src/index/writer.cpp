// SPDX-License-Identifier: MIT
#include "index/writer.h"

#include "index/columns.h"
#include "index/packed.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace syncline::index {
namespace {

std::string_view view_of(const std::array<std::byte, 16>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The MD5s and the tags of chunks, each in a row; none where there is but one chunk, or where one
/// has no tag.
struct ChunkColumns {
  explicit ChunkColumns(const std::vector<Fingerprint>& chunks) {
    if (chunks.size() < 2) return;
    md5s.emplace();
    for (const Fingerprint& chunk : chunks) *md5s += view_of(chunk.digest.md5);
    if (!std::ranges::all_of(chunks,
                             [](const Fingerprint& chunk) { return chunk.tag.has_value(); }))
      return;
    tags.emplace();
    for (const Fingerprint& chunk : chunks) *tags += view_of(*chunk.tag);
  }
  std::optional<std::string> md5s;
  std::optional<std::string> tags;
};

std::optional<std::string_view> view_of(const std::optional<std::string>& bytes) {
  return bytes ? std::optional<std::string_view>{*bytes} : std::nullopt;
}

}  // namespace

Writer::Writer(const Connection& connection)
    : put_file_(connection,
                "INSERT OR REPLACE INTO packed_file(folder, name, proved, inode, what, chunks, "
                "chunk_tags) VALUES(?, ?, ?, ?, ?, ?, ?)"),
      prove_file_(connection, "UPDATE packed_file SET proved = ? WHERE folder = ? AND name = ?"),
      file_(connection, std::string("SELECT ") + file_columns +
                            " FROM packed_file WHERE folder = ? AND name = ?"),
      change_file_(connection, "UPDATE packed_file SET what = ? WHERE folder = ? AND name = ?"),
      copy_file_(connection,
                 "INSERT OR REPLACE INTO packed_file SELECT ?, ?, proved, inode, what, chunks, "
                 "chunk_tags FROM packed_file WHERE folder = ? AND name = ?"),
      move_file_(
          connection,
          "UPDATE OR REPLACE packed_file SET folder = ?, name = ?, what = ? WHERE folder = ? "
          "AND name = ?"),
      put_folder_(connection,
                  "INSERT OR REPLACE INTO folder(key, parent, name, device, inode, born, "
                  "mount_point) VALUES(?, ?, ?, ?, ?, ?, ?)"),
      forget_exception_(connection, "DELETE FROM exception WHERE folder = ? AND name = ?"),
      put_exception_(connection,
                     "INSERT INTO exception VALUES(?, ?, CAST(? AS TEXT), CAST(? AS TEXT), "
                     "CAST(? AS TEXT), ?, CAST(? AS TEXT))"),
      copy_exception_(connection,
                      "INSERT INTO exception SELECT ?, ?, aspect, asked, there, user, ctime FROM "
                      "exception WHERE folder = ? AND name = ?"),
      forget_file_(connection, "DELETE FROM packed_file WHERE folder = ? AND name = ?"),
      note_file_(connection, "INSERT INTO temp.gone_file VALUES(?, ?, ?)"),
      note_folder_(connection, "INSERT OR REPLACE INTO temp.gone_folder VALUES(?, ?, ?)") {}

std::optional<Remembered> Writer::remembered(RowKey folder, const std::string& name) {
  std::optional<Remembered> found;
  if (file_.bind(folder, std::string_view{name}).step()) found = remembered_in(file_);
  file_.reset();
  return found;
}

// Where there is no such row, nothing happens.
template <typename Change>
void Writer::change(RowKey folder, const std::string& name, const Change& what) {
  auto row = remembered(folder, name);
  if (!row) return;
  what(*row);
  const PackedRow packed{*row};
  change_file_.bind(packed.bytes(), folder, std::string_view{name}).run();
}

void Writer::operator()(const edit::PutFile& put) {
  const PackedRow what{put.what};
  const ChunkColumns chunks{put.chunks};
  put_file_
      .bind(put.folder, std::string_view{put.name}, put.what.proved_s,
            as_integer(put.what.source.id.inode), what.bytes(), view_of(chunks.md5s),
            view_of(chunks.tags))
      .run();
}

void Writer::operator()(const edit::ProveFile& prove) {
  prove_file_.bind(prove.proved_s, prove.folder, std::string_view{prove.name}).run();
}

void Writer::operator()(const edit::MoveDestination& move) {
  change(move.folder, move.name, [&](Remembered& row) { row.destination = move.destination; });
}

void Writer::operator()(const edit::CopyFile& copy) {
  copy_file_
      .bind(copy.folder, std::string_view{copy.name}, copy.from_folder,
            std::string_view{copy.from_name})
      .run();
}

void Writer::operator()(const edit::MoveFile& move) {
  auto row = remembered(move.from_folder, move.from_name);
  if (!row) return;
  row->destination = move.destination;
  row->destination_proved = row->destination_proved && move.is_proved;
  const PackedRow packed{*row};
  move_file_
      .bind(move.folder, std::string_view{move.name}, packed.bytes(), move.from_folder,
            std::string_view{move.from_name})
      .run();
}

void Writer::operator()(const edit::MarkRotten& mark) {
  change(mark.folder, mark.name, [](Remembered& row) { row.is_rotten = true; });
}

void Writer::operator()(const edit::MarkApart& mark) {
  change(mark.folder, mark.name, [](Remembered& row) { row.stands_apart = true; });
}

void Writer::operator()(const edit::PutFolder& put) {
  put_folder_
      .bind(put.row.key, put.parent, std::string_view{put.name}, as_integer(put.row.source.device),
            as_integer(put.row.source.inode), put.row.born_ns, std::int64_t{put.row.is_mount_point})
      .run();
}

void Writer::operator()(const edit::PutException& put) {
  forget_exception_.bind(put.folder, std::string_view{put.name}).run();
  if (!put.what) return;
  const auto add = [&](std::string_view aspect, const std::string& asked,
                       const std::string& there) {
    put_exception_
        .bind(put.folder, std::string_view{put.name}, aspect, asked, there,
              std::int64_t{put.what->user}, put.what->ctime)
        .run();
  };
  for (const Untaken& piece : put.what->pieces)
    add(to_string(piece.aspect), piece.asked, piece.there);
  if (!put.what->refused_by.empty()) add(name_aspect, {}, put.what->refused_by);
}

void Writer::operator()(const edit::CopyException& copy) {
  forget_exception_.bind(copy.folder, std::string_view{copy.name}).run();
  copy_exception_
      .bind(copy.folder, std::string_view{copy.name}, copy.from_folder,
            std::string_view{copy.from_name})
      .run();
}

void Writer::operator()(const edit::ForgetFile& forget) {
  forget_file_.bind(forget.folder, std::string_view{forget.name}).run();
}

void Writer::operator()(const edit::FileIsGone& gone) {
  note_file_.bind(gone.folder, std::string_view{gone.name}, as_integer(gone.source_inode)).run();
}

void Writer::operator()(const edit::FolderIsGone& gone) {
  note_folder_.bind(gone.key, gone.parent, std::string_view{gone.name}).run();
}

}  // namespace syncline::index
