// SPDX-License-Identifier: MIT
#include "index/index.h"

#include "index/columns.h"
#include "index/schema.h"
#include "index/secret_rows.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace syncline::index {
namespace {

// A transaction of so many rows costs 1 % more than one that has them all, and is short enough to
// keep the log that readers look through small.
constexpr std::size_t most_uncommitted = 4096;
constexpr std::int64_t seconds_in_a_day = 86'400;
constexpr std::int64_t most_passes_kept = 100;

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

std::optional<Pair> read_pair(const Connection& connection) {
  Statement statement{connection,
                      "SELECT source, destination, source_root, destination_root FROM pair"};
  if (!statement.step()) return std::nullopt;
  return Pair{.source = statement.blob(0),
              .destination = statement.blob(1),
              .source_root = statement.blob(2),
              .destination_root = statement.blob(3)};
}

struct Place {
  std::string parent;
  std::string source_volume;
};

Place read_place(const Connection& connection) {
  Statement statement{connection, "SELECT parent, source_volume FROM place"};
  if (!statement.step()) return {};
  return {.parent = statement.blob(0), .source_volume = statement.blob(1)};
}

// Within a transaction.
void write_place(Connection& connection, const Place& place) {
  connection.execute("DELETE FROM place");
  Statement{connection,
            "INSERT INTO place(parent, source_volume) VALUES(CAST(? AS TEXT), CAST(? AS TEXT))"}
      .bind(place.parent, place.source_volume)
      .run();
}

// Of a database of this version.
std::optional<Pair> read_whole_pair(const Connection& connection) {
  auto pair = read_pair(connection);
  if (pair) pair->source_volume = read_place(connection).source_volume;
  return pair;
}

std::int64_t number(const Connection& connection, std::string_view sql) {
  Statement statement{connection, sql};
  return statement.step() ? statement.integer(0) : 0;
}

bool is_empty(const Connection& connection) {
  return number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
}

Connection open_for_writing(const std::string& path) {
  Connection connection{path};
  if (connection.is_read_only()) throw SqliteError("it can only be read, not written");
  if (is_empty(connection)) {
    // Not in the write-ahead log: the file's own head must bear our mark from the first moment on.
    connection.execute("PRAGMA journal_mode = DELETE; PRAGMA page_size = 4096;");
    create_tables(connection);
  }
  if (!require_known(connection)) carry_over(connection);
  // A checkpoint each 16 MiB of log: its two flushes are rare, and the log stays in memory.
  connection.execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4096;"
      "PRAGMA cache_size = -8192; CREATE TEMP TABLE gone_folder(key INTEGER PRIMARY KEY, parent "
      "INTEGER, name BLOB);"
      "CREATE TEMP TABLE gone_file(folder INTEGER, name BLOB, inode INTEGER);");
  return connection;
}

void settle_pair(Connection& connection, const Pair& pair) {
  const auto known = read_whole_pair(connection);
  const bool is_told_more = known && known->source_volume.empty() && !pair.source_volume.empty();
  if (known && known->is(pair) && !is_told_more) return;
  connection.execute("BEGIN IMMEDIATE");
  // Of another source each row tells by itself whether it still stands, and no pass has met it yet;
  // of another destination even the memory of deletions is about something else.
  const bool is_turned =
      known && known->source == pair.destination && known->destination == pair.source;
  if (known && (is_turned || known->destination_root != pair.destination_root))
    connection.execute(
        "DELETE FROM folder; DELETE FROM file; DELETE FROM exception; DELETE FROM pass; DELETE "
        "FROM removal;"
        "DELETE FROM met; DELETE FROM lost;");
  else if (known && !known->has_source_of(pair))
    connection.execute("DELETE FROM met");
  connection.execute("DELETE FROM pair");
  Statement{connection,
            "INSERT INTO pair(source, destination, source_root, destination_root) "
            "VALUES(?, ?, CAST(? AS TEXT), CAST(? AS TEXT))"}
      .bind(pair.source, pair.destination, pair.source_root, pair.destination_root)
      .run();
  if (!pair.source_volume.empty())
    write_place(connection,
                {.parent = read_place(connection).parent, .source_volume = pair.source_volume});
  connection.execute("COMMIT");
}

History read_history(const Connection& connection, std::int64_t now_s) {
  History history;
  history.is_lost = number(connection, "SELECT count(*) FROM lost") > 0;
  history.met = number(connection, "SELECT count(*) FROM met") > 0;
  history.held_passes = static_cast<std::uint64_t>(
      number(connection, "SELECT held FROM pass ORDER BY number DESC LIMIT 1"));
  Statement source{connection,
                   "SELECT source_entries, source_bytes FROM pass WHERE status <> ? "
                   "ORDER BY number DESC LIMIT 1"};
  if (source.bind(static_cast<std::int64_t>(Status::stopped)).step())
    history.source = {.entries = static_cast<std::uint64_t>(source.integer(0)),
                      .bytes = static_cast<std::uint64_t>(source.integer(1))};
  Statement removed{connection,
                    "SELECT coalesce(sum(entries), 0), coalesce(sum(bytes), 0) FROM removal "
                    "WHERE minute > ?"};
  if (removed.bind((now_s - seconds_in_a_day) / 60).step())
    history.removed = {.entries = static_cast<std::uint64_t>(removed.integer(0)),
                       .bytes = static_cast<std::uint64_t>(removed.integer(1))};
  return history;
}

}  // namespace

struct Index::Writer {
  explicit Writer(const Connection& connection)
      : put_file(connection,
                 "INSERT OR REPLACE INTO file(folder, name, size, source_inode, source_mtime, "
                 "source_ctime, destination_inode, destination_mtime, destination_ctime, unproven, "
                 "proved, digest, chunks, tag, chunk_tags) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                 "?, ?, "
                 "?, ?)"),
        prove_file(connection, "UPDATE file SET proved = ? WHERE folder = ? AND name = ?"),
        move_destination(connection,
                         "UPDATE file SET destination_inode = ?, destination_mtime = ?, "
                         "destination_ctime = ? WHERE folder = ? AND name = ?"),
        copy_file(connection,
                  "INSERT OR REPLACE INTO file SELECT ?, ?, size, source_inode, source_mtime, "
                  "source_ctime, destination_inode, destination_mtime, destination_ctime, "
                  "unproven, proved, digest, chunks, tag, chunk_tags FROM file WHERE folder = ? "
                  "AND name = ?"),
        move_file(connection,
                  "UPDATE OR REPLACE file SET folder = ?, name = ?, destination_inode = ?, "
                  "destination_mtime = ?, destination_ctime = ?, unproven = unproven | ? "
                  "WHERE folder = ? AND name = ?"),
        mark_rotten(connection,
                    "UPDATE file SET unproven = unproven | 4 WHERE folder = ? AND name = ?"),
        mark_apart(connection,
                   "UPDATE file SET unproven = unproven | 16 WHERE folder = ? AND name = ?"),
        put_folder(connection,
                   "INSERT OR REPLACE INTO folder(key, parent, name, device, inode, born, "
                   "mount_point) VALUES(?, ?, ?, ?, ?, ?, ?)"),
        forget_exception(connection, "DELETE FROM exception WHERE folder = ? AND name = ?"),
        put_exception(connection,
                      "INSERT INTO exception VALUES(?, ?, CAST(? AS TEXT), CAST(? AS TEXT), "
                      "CAST(? AS TEXT), ?, CAST(? AS TEXT))"),
        copy_exception(connection,
                       "INSERT INTO exception SELECT ?, ?, aspect, asked, there, user, ctime FROM "
                       "exception WHERE folder = ? AND name = ?"),
        forget_file(connection, "DELETE FROM file WHERE folder = ? AND name = ?"),
        note_file(connection, "INSERT INTO temp.gone_file VALUES(?, ?, ?)"),
        note_folder(connection, "INSERT OR REPLACE INTO temp.gone_folder VALUES(?, ?, ?)") {}

  Statement put_file;
  Statement prove_file;
  Statement move_destination;
  Statement copy_file;
  Statement move_file;
  Statement mark_rotten;
  Statement mark_apart;
  Statement put_folder;
  Statement forget_exception;
  Statement put_exception;
  Statement copy_exception;
  Statement forget_file;
  Statement note_file;
  Statement note_folder;

  void operator()(const edit::PutFile& put) {
    const Remembered& what = put.what;
    const std::int64_t unproven = (what.source_proved ? 0 : 1) + (what.destination_proved ? 0 : 2) +
                                  (what.attributes_kept ? 0 : 8) + (what.stands_apart ? 16 : 0);
    const auto& is = what.fingerprint;
    const ChunkColumns chunks{put.chunks};
    put_file.bind(put.folder, std::string_view{put.name}, as_integer(what.source.size),
                  as_integer(what.source.id.inode), what.source.mtime, what.source.ctime,
                  as_integer(what.destination.id.inode), what.destination.mtime,
                  what.destination.ctime, unproven, what.proved_s,
                  is ? std::optional{view_of(is->digest.md5)} : std::nullopt, view_of(chunks.md5s),
                  is && is->tag ? std::optional{view_of(*is->tag)} : std::nullopt,
                  view_of(chunks.tags));
    put_file.run();
  }
  void operator()(const edit::ProveFile& prove) {
    prove_file.bind(prove.proved_s, prove.folder, std::string_view{prove.name}).run();
  }
  void operator()(const edit::MoveDestination& move) {
    move_destination
        .bind(as_integer(move.destination.id.inode), move.destination.mtime, move.destination.ctime,
              move.folder, std::string_view{move.name})
        .run();
  }
  void operator()(const edit::CopyFile& copy) {
    copy_file
        .bind(copy.folder, std::string_view{copy.name}, copy.from_folder,
              std::string_view{copy.from_name})
        .run();
  }
  void operator()(const edit::MoveFile& move) {
    constexpr std::int64_t destination_is_unproven = 2;
    move_file
        .bind(move.folder, std::string_view{move.name}, as_integer(move.destination.id.inode),
              move.destination.mtime, move.destination.ctime,
              move.is_proved ? 0 : destination_is_unproven, move.from_folder,
              std::string_view{move.from_name})
        .run();
  }
  void operator()(const edit::MarkRotten& mark) {
    mark_rotten.bind(mark.folder, std::string_view{mark.name}).run();
  }
  void operator()(const edit::MarkApart& mark) {
    mark_apart.bind(mark.folder, std::string_view{mark.name}).run();
  }
  void operator()(const edit::PutFolder& put) {
    put_folder
        .bind(put.row.key, put.parent, std::string_view{put.name},
              as_integer(put.row.source.device), as_integer(put.row.source.inode), put.row.born_ns,
              std::int64_t{put.row.is_mount_point})
        .run();
  }
  void operator()(const edit::PutException& put) {
    forget_exception.bind(put.folder, std::string_view{put.name}).run();
    if (!put.what) return;
    const auto add = [&](std::string_view aspect, const std::string& asked,
                         const std::string& there) {
      put_exception
          .bind(put.folder, std::string_view{put.name}, aspect, asked, there,
                std::int64_t{put.what->user}, put.what->ctime)
          .run();
    };
    for (const Untaken& piece : put.what->pieces)
      add(to_string(piece.aspect), piece.asked, piece.there);
    if (!put.what->refused_by.empty()) add(name_aspect, {}, put.what->refused_by);
  }
  void operator()(const edit::CopyException& copy) {
    forget_exception.bind(copy.folder, std::string_view{copy.name}).run();
    copy_exception
        .bind(copy.folder, std::string_view{copy.name}, copy.from_folder,
              std::string_view{copy.from_name})
        .run();
  }
  void operator()(const edit::ForgetFile& forget) {
    forget_file.bind(forget.folder, std::string_view{forget.name}).run();
  }
  void operator()(const edit::FileIsGone& gone) {
    note_file.bind(gone.folder, std::string_view{gone.name}, as_integer(gone.source_inode)).run();
  }
  void operator()(const edit::FolderIsGone& gone) {
    note_folder.bind(gone.key, gone.parent, std::string_view{gone.name}).run();
  }
};

std::optional<Pair> Index::pair_of(const std::string& path) {
  const Connection connection{path};
  if (is_empty(connection)) return std::nullopt;
  return require_known(connection) ? read_whole_pair(connection) : read_pair(connection);
}

std::string Index::place_in(const std::string& path) {
  const Connection connection{path};
  if (is_empty(connection) || !require_known(connection)) return {};
  return read_place(connection).parent;
}

bool Index::is_older(const std::string& path) {
  const Connection connection{path};
  return !is_empty(connection) && !require_known(connection);
}

void Index::copy(const std::string& path, const std::string& to) {
  const Connection from{path};
  require_known(from);
  index::copy(from, Connection{to});
}

Index::Index(const std::string& path, const Pair& pair, std::int64_t now_s, const Secrets& fresh)
    : path_(path), connection_(open_for_writing(path)), readers_(path) {
  settle_pair(connection_, pair);
  secrets_ = settle_secrets(connection_, fresh);
  writer_ = std::make_unique<Writer>(connection_);
  history_ = read_history(connection_, now_s);
  // Behind every key that a row mentions, even one whose folder's row was lost.
  next_folder_ = 1 + std::max({root_row, number(connection_, "SELECT max(key) FROM folder"),
                               number(connection_, "SELECT max(folder) FROM file")});
  readers_.has_exceptions = number(connection_, "SELECT EXISTS(SELECT 1 FROM exception)") != 0;
  has_rows_ = next_folder_ > root_row + 1 || number(connection_, "SELECT count(*) FROM folder") > 0;
}

Index::~Index() = default;

std::unique_ptr<Rows> Index::rows(Stretch stretch, Rows::TakesPart takes_part) {
  return std::make_unique<Rows>(readers_, std::move(stretch), std::move(takes_part));
}

void Index::begin() {
  if (in_transaction_) return;
  connection_.execute("BEGIN IMMEDIATE");
  in_transaction_ = true;
}

void Index::commit() {
  if (!in_transaction_) return;
  connection_.execute("COMMIT");
  in_transaction_ = false;
  uncommitted_ = 0;
}

void Index::note_place(const std::string& place) {
  const Place known = read_place(connection_);
  if (known.parent == place) return;
  connection_.execute("BEGIN IMMEDIATE");
  write_place(connection_, {.parent = place, .source_volume = known.source_volume});
  connection_.execute("COMMIT");
}

void Index::note_loss(std::int64_t now_s) {
  Statement{connection_, "INSERT INTO lost VALUES(?)"}.bind(now_s).run();
  history_.is_lost = true;
}

void Index::forgive_loss() {
  connection_.execute("DELETE FROM lost");
  history_.is_lost = false;
}

void Index::write(std::span<const Edit> edits) {
  if (edits.empty()) return;
  begin();
  for (const Edit& edit : edits) {
    std::visit(*writer_, edit);
    has_gone_ = has_gone_ || std::holds_alternative<edit::FolderIsGone>(edit) ||
                std::holds_alternative<edit::FileIsGone>(edit);
  }
  uncommitted_ += edits.size();
  if (uncommitted_ >= most_uncommitted) commit();
}

void Index::count_removals(std::int64_t entries, std::int64_t bytes, std::int64_t now_s) {
  begin();
  Statement{connection_,
            "INSERT INTO removal VALUES(?, ?, ?) ON CONFLICT(minute) DO UPDATE SET "
            "entries = entries + excluded.entries, bytes = bytes + excluded.bytes"}
      .bind(now_s / 60, entries, bytes)
      .run();
  Statement{connection_, "DELETE FROM removal WHERE minute < ?"}
      .bind((now_s - 2 * seconds_in_a_day) / 60)
      .run();
  commit();
  // The one thing that must not get lost: it is what a loop may still delete.
  connection_.execute("PRAGMA wal_checkpoint(FULL)");
}

// A commit that flushes the log, with all that is in it; a checkpoint would wait for the readers.
void Index::write_lasting(std::span<const Edit> edits) {
  commit();
  connection_.execute("PRAGMA synchronous = FULL");
  write_visibly(edits);
  connection_.execute("PRAGMA synchronous = NORMAL");
}

void Index::write_visibly(std::span<const Edit> edits) {
  write(edits);
  commit();
}

// Made when they are first needed and kept from then on: a first copy is spared them. For a million
// files file_source takes 0.5 s; each row costs 40 bytes more, and one of a large file as many for
// file_size.
void Index::prepare_lookup() {
  commit();
  connection_.execute(
      std::string("CREATE INDEX IF NOT EXISTS file_source ON file(source_inode);"
                  "CREATE INDEX IF NOT EXISTS file_size ON file(size, name) WHERE ") +
      is_large);
}

// What lies below a folder that is gone goes with it; what was moved meanwhile is not gone.
void Index::sweep() {
  if (!has_gone_) return;
  connection_.execute(R"(
    DELETE FROM temp.gone_folder WHERE NOT EXISTS (
      SELECT 1 FROM main.folder AS now WHERE now.key = gone_folder.key
        AND now.parent = gone_folder.parent AND now.name = gone_folder.name);
    INSERT OR IGNORE INTO temp.gone_folder(key)
      WITH RECURSIVE below(key) AS (
        SELECT key FROM temp.gone_folder
        UNION SELECT folder.key FROM folder JOIN below ON folder.parent = below.key)
      SELECT key FROM below;
    DELETE FROM file WHERE folder IN (SELECT key FROM temp.gone_folder);
    DELETE FROM exception WHERE folder IN (SELECT key FROM temp.gone_folder);
    DELETE FROM folder WHERE key IN (SELECT key FROM temp.gone_folder);
    DELETE FROM file WHERE (folder, name, source_inode) IN (SELECT * FROM temp.gone_file);
    DELETE FROM temp.gone_folder;
    DELETE FROM temp.gone_file;)");
  has_gone_ = false;
}

void Index::record(const PassRow& pass) {
  const std::uint64_t held = pass.held ? history_.held_passes + 1 : 0;
  Statement{connection_, "INSERT INTO pass VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"}
      .bind(pass.ended_s, static_cast<std::int64_t>(pass.status), as_integer(pass.source.entries),
            as_integer(pass.source.bytes), as_integer(pass.destination.entries),
            as_integer(pass.destination.bytes), as_integer(pass.created), as_integer(pass.updated),
            as_integer(pass.removed), as_integer(held))
      .run();
  Statement{connection_, "DELETE FROM pass WHERE number <= (SELECT max(number) FROM pass) - ?"}
      .bind(most_passes_kept)
      .run();
  if (pass.meets && !history_.met)
    Statement{connection_, "INSERT INTO met VALUES(?)"}.bind(pass.ended_s).run();
}

void Index::finish(const std::optional<PassRow>& pass, bool whole) {
  if (pass || has_gone_) begin();
  if (whole) sweep();
  if (pass) record(*pass);
  commit();
}

}  // namespace syncline::index
