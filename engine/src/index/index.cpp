// SPDX-License-Identifier: MIT
#include "index/index.h"

#include "index/columns.h"
#include "index/schema.h"
#include "index/secret_rows.h"
#include "index/writer.h"

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
        "DELETE FROM folder; DELETE FROM packed_file; DELETE FROM exception; DELETE FROM pass; "
        "DELETE "
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
  Statement last{connection, "SELECT CAST(name AS BLOB) FROM pass ORDER BY number DESC LIMIT 1"};
  if (last.step()) history.last_pass = last.blob(0);
  return history;
}

}  // namespace

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
                               number(connection_, "SELECT max(folder) FROM packed_file")});
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

std::optional<Index::Applied> Index::applied(const std::string& seal) {
  Statement find{connection_, "SELECT ended FROM applied WHERE seal = CAST(? AS TEXT)"};
  if (!find.bind(std::string_view{seal}).step()) return std::nullopt;
  if (find.is_null(0)) return Applied{};
  return Applied{.ended_s = find.integer(0)};
}

void Index::begin_applying(const std::string& seal, std::int64_t now_s) {
  commit();
  Statement{connection_, "INSERT OR IGNORE INTO applied VALUES(CAST(? AS TEXT), ?, NULL)"}
      .bind(std::string_view{seal}, now_s)
      .run();
  applying_ = seal;
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
  prepare_lookup(connection_);
  if (copy_) prepare_lookup(*copy_);
}

void Index::prepare_lookup(Connection& connection) {
  connection.execute(std::string("CREATE INDEX IF NOT EXISTS file_source ON packed_file(inode);"
                                 "CREATE INDEX IF NOT EXISTS file_size ON packed_file(") +
                     packed_size + ", name) WHERE " + is_large);
}

void Index::go_on_in_copy(const std::string& to) {
  commit();
  index::copy(connection_, Connection{to});
  Connection copied = open_for_writing(to);
  writer_.reset();
  connection_ = std::move(copied);
  writer_ = std::make_unique<Writer>(connection_);
  readers_.read_from(to);
  path_ = to;
}

void Index::look_in_copy(const std::string& to) {
  commit();
  index::copy(connection_, Connection{to});
  copy_ = open_for_writing(to);
  copy_writer_ = std::make_unique<Writer>(*copy_);
  readers_.read_from(to);
  path_ = to;
}

void Index::write_in_copy(std::span<const Edit> edits) {
  copy_->execute("BEGIN IMMEDIATE");
  for (const Edit& edit : edits) std::visit(*copy_writer_, edit);
  copy_->execute("COMMIT");
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
    DELETE FROM packed_file WHERE folder IN (SELECT key FROM temp.gone_folder);
    DELETE FROM exception WHERE folder IN (SELECT key FROM temp.gone_folder);
    DELETE FROM folder WHERE key IN (SELECT key FROM temp.gone_folder);
    DELETE FROM packed_file WHERE (folder, name, inode) IN (SELECT * FROM temp.gone_file);
    DELETE FROM temp.gone_folder;
    DELETE FROM temp.gone_file;)");
  has_gone_ = false;
}

void Index::record(const PassRow& pass) {
  const std::uint64_t held = pass.held ? history_.held_passes + 1 : 0;
  Statement{connection_,
            "INSERT INTO pass VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT))"}
      .bind(pass.ended_s, static_cast<std::int64_t>(pass.status), as_integer(pass.source.entries),
            as_integer(pass.source.bytes), as_integer(pass.destination.entries),
            as_integer(pass.destination.bytes), as_integer(pass.created), as_integer(pass.updated),
            as_integer(pass.removed), as_integer(held), std::string_view{pass.name})
      .run();
  Statement{connection_, "DELETE FROM pass WHERE number <= (SELECT max(number) FROM pass) - ?"}
      .bind(most_passes_kept)
      .run();
  if (pass.meets && !history_.met)
    Statement{connection_, "INSERT INTO met VALUES(?)"}.bind(pass.ended_s).run();
}

void Index::finish(const std::optional<PassRow>& pass, bool whole, bool well) {
  const bool is_applied = well && !applying_.empty();
  if (pass || has_gone_ || is_applied) begin();
  if (whole) sweep();
  if (pass) record(*pass);
  if (is_applied)
    Statement{connection_, "UPDATE applied SET ended = unixepoch() WHERE seal = CAST(? AS TEXT)"}
        .bind(std::string_view{applying_})
        .run();
  commit();
}

}  // namespace syncline::index
