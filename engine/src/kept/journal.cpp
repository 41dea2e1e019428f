// SPDX-License-Identifier: MIT
#include "kept/journal.h"

#include "filesystem/explained.h"
#include "filesystem/stamping.h"
#include "filesystem/trust.h"

#include <cerrno>
#include <limits>
#include <string_view>
#include <utility>

namespace syncline::kept {
namespace {

using index::as_integer;
using index::as_unsigned;
using index::SqliteError;
using index::Statement;

constexpr const char* file_name = "passes";
constexpr int version = 1;

constexpr const char* tables = R"(
CREATE TABLE IF NOT EXISTS pass (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name BLOB NOT NULL,
  began_s INTEGER NOT NULL,
  is_undo INTEGER NOT NULL,
  does_again INTEGER NOT NULL,
  is_complete INTEGER NOT NULL DEFAULT 0,
  undone_by INTEGER NOT NULL DEFAULT 0,
  is_expiring INTEGER NOT NULL DEFAULT 0,
  taken_back_to INTEGER NOT NULL DEFAULT 9223372036854775807,
  source BLOB NOT NULL,
  keep_s INTEGER NOT NULL,
  created INTEGER NOT NULL DEFAULT 0,
  replaced INTEGER NOT NULL DEFAULT 0,
  moved INTEGER NOT NULL DEFAULT 0,
  removed INTEGER NOT NULL DEFAULT 0,
  metadata_set INTEGER NOT NULL DEFAULT 0,
  bytes_kept INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS operation (
  pass INTEGER NOT NULL,
  number INTEGER NOT NULL,
  deed INTEGER NOT NULL,
  folder BLOB NOT NULL,
  name BLOB NOT NULL,
  to_folder BLOB,
  to_name BLOB,
  place BLOB,
  item INTEGER,
  left_kind INTEGER,
  left_inode INTEGER,
  left_size INTEGER,
  left_mtime,
  kind INTEGER,
  inode INTEGER,
  size INTEGER,
  mtime,
  mode INTEGER,
  uid INTEGER,
  gid INTEGER,
  rdev INTEGER,
  target BLOB,
  attributes BLOB,
  from_pass INTEGER,
  from_item INTEGER,
  PRIMARY KEY (pass, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS root (id BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS left_alone (
  pass INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (pass, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS folder_made_again (
  inode INTEGER NOT NULL,
  removed_pass INTEGER NOT NULL,
  removed_number INTEGER NOT NULL,
  made INTEGER NOT NULL,
  since_pass INTEGER NOT NULL,
  since_number INTEGER NOT NULL,
  PRIMARY KEY (inode, removed_pass, removed_number)
) WITHOUT ROWID;
)";

std::string path_of(const filesystem::Directory& home) {
  return "/proc/self/fd/" + std::to_string(home.descriptor()) + '/' + file_name;
}

// Each name and each value after its length in four bytes, the highest first.
std::string packed(const Attributes& attributes) {
  std::string bytes;
  const auto put = [&](const std::string& text) {
    for (const unsigned shift : {24U, 16U, 8U, 0U})
      bytes += static_cast<char>(static_cast<std::uint32_t>(text.size()) >> shift & 0xffU);
    bytes += text;
  };
  for (const Attribute& each : attributes) {
    put(each.name);
    put(each.value);
  }
  return bytes;
}

[[noreturn]] void refuse_damaged() {
  throw SqliteError("an operation in it is none");
}

Attributes attributes_of(std::string_view bytes) {
  Attributes attributes;
  const auto take = [&] {
    constexpr std::size_t width = 4;
    if (bytes.size() < width) refuse_damaged();
    std::uint32_t length = 0;
    for (const char byte : bytes.substr(0, width))
      length = length << 8U | static_cast<unsigned char>(byte);
    bytes.remove_prefix(width);
    if (length > bytes.size()) refuse_damaged();
    std::string text{bytes.substr(0, length)};
    bytes.remove_prefix(length);
    return text;
  };
  while (!bytes.empty()) {
    std::string name = take();
    attributes.push_back({.name = std::move(name), .value = take()});
  }
  return attributes;
}

bool has_all_metadata(Deed deed) {
  return deed == Deed::removed_folder || deed == Deed::set_metadata;
}

Deed deed_of(std::int64_t number) {
  if (number < static_cast<int>(Deed::made) || number > static_cast<int>(Deed::set_metadata))
    refuse_damaged();
  return static_cast<Deed>(number);
}

Kind kind_of(std::int64_t number) {
  if (number < 0 || number >= static_cast<std::int64_t>(kinds)) refuse_damaged();
  return static_cast<Kind>(number);
}

std::optional<Entry> before_in(const Statement& row, int at) {
  if (row.is_null(at)) return std::nullopt;
  Entry entry;
  entry.kind = kind_of(row.integer(at));
  entry.identity.id.inode = as_unsigned(row.integer(at + 1));
  entry.identity.size = as_unsigned(row.integer(at + 2));
  entry.identity.mtime = row.time(at + 3);
  if (row.is_null(at + 4)) return entry;
  entry.mode = static_cast<std::uint32_t>(row.integer(at + 4));
  entry.uid = static_cast<std::uint32_t>(row.integer(at + 5));
  entry.gid = static_cast<std::uint32_t>(row.integer(at + 6));
  entry.rdev = as_unsigned(row.integer(at + 7));
  entry.target = row.blob(at + 8);
  entry.attributes = attributes_of(row.bytes(at + 9));
  return entry;
}

std::optional<Left> left_in(const Statement& row, int at) {
  if (row.is_null(at)) return std::nullopt;
  Left left{.kind = kind_of(row.integer(at)),
            .inode = as_unsigned(row.integer(at + 1)),
            .size = as_unsigned(row.integer(at + 2)),
            .mtime = {}};
  if (!row.is_null(at + 3)) left.mtime = row.time(at + 3);
  return left;
}

Operation operation_in(const Statement& row) {
  return {.deed = deed_of(row.integer(1)),
          .at = {.folder = row.blob(2), .name = row.blob(3)},
          .to = {.folder = row.blob(4), .name = row.blob(5)},
          .item = {.place = row.blob(6), .number = as_unsigned(row.integer(7))},
          .before = before_in(row, 12),
          .after = left_in(row, 8),
          .from = {.pass = row.integer(22), .number = as_unsigned(row.integer(23))}};
}

// SQLite gives what it makes the rights of the umask, and what lies beside a file those of that
// file.
std::string private_path(const filesystem::Directory& home) {
  auto found = home.look(file_name);
  if (!found) {
    static_cast<void>(home.create_file(file_name));
    found = home.look(file_name);
  }
  if (const auto why = found ? filesystem::why_not_private(*found) : std::nullopt)
    throw filesystem::ExplainedError("use", file_name, EPERM, *why);
  return path_of(home);
}

}  // namespace

std::string folder_name(const PassRow& row) {
  return row.name + '.' + std::to_string(row.id);
}

bool Journal::is_in(const filesystem::Directory& home) {
  const auto found = home.look(file_name);
  return found && found->kind == Kind::file;
}

Journal::Journal(const filesystem::Directory& home, const filesystem::Directory& root, bool durable)
    : connection_(private_path(home)) {
  // Whoever holds the lock of the replica is alone with it; no file of shared memory is needed.
  connection_.execute(std::string("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
                                  "PRAGMA synchronous = ") +
                      (durable ? "FULL" : "OFF"));
  Statement query{connection_, "PRAGMA user_version"};
  query.step();
  const std::int64_t found = query.integer(0);
  query.reset();
  if (found > version) throw SqliteError("a later version of Syncline has made it");
  if (found != version)
    connection_.execute(std::string("BEGIN;") + tables +
                        "PRAGMA user_version = " + std::to_string(version) + ";COMMIT;");
  require_of(root);
}

// A folder elsewhere may be named for two destinations.
void Journal::require_of(const filesystem::Directory& root) {
  const std::string id = filesystem::lasting_id(root);
  Statement query{connection_, "SELECT id FROM root"};
  if (query.step()) {
    if (query.blob(0) != id)
      throw SqliteError("it is of another destination, and each needs one of its own");
    return;
  }
  query.reset();
  Statement{connection_, "INSERT INTO root VALUES (?)"}.bind(id).run();
}

void Journal::open() {
  if (is_open_) return;
  connection_.execute("BEGIN IMMEDIATE");
  is_open_ = true;
}

std::int64_t Journal::begin(const PassRow& row) {
  open();
  Statement{connection_,
            "INSERT INTO pass (name, began_s, is_undo, does_again, source, keep_s) "
            "VALUES (?, ?, ?, ?, ?, ?)"}
      .bind(row.name, row.began_s, std::int64_t{row.is_undo}, std::int64_t{row.does_again},
            row.source, row.keep_s)
      .run();
  Statement last{connection_, "SELECT last_insert_rowid()"};
  last.step();
  return last.integer(0);
}

void Journal::add(std::int64_t pass, const Operation& operation) {
  using Number = std::optional<std::int64_t>;
  using Text = std::optional<std::string_view>;
  open();
  if (!add_)
    add_.emplace(connection_,
                 "INSERT INTO operation VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM "
                 "operation WHERE pass = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
                 "?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)");
  const bool has_to = operation.deed == Deed::moved || operation.deed == Deed::exchanged;
  const bool has_item = operation.item.number > 0;
  const auto& after = operation.after;
  const auto& before = operation.before;
  const bool is_whole = before && has_all_metadata(operation.deed);
  const std::string attributes = is_whole ? packed(before->attributes) : std::string{};
  const auto number_if = [](bool is_there, auto value) {
    return is_there ? Number{as_integer(static_cast<std::uint64_t>(value))} : Number{};
  };
  const auto text_if = [](bool is_there, const std::string& text) {
    return is_there ? Text{text} : Text{};
  };
  add_->bind(pass, static_cast<std::int64_t>(operation.deed), std::string_view{operation.at.folder},
             std::string_view{operation.at.name}, text_if(has_to, operation.to.folder),
             text_if(has_to, operation.to.name), text_if(has_item, operation.item.place),
             number_if(has_item, operation.item.number),
             number_if(after.has_value(), after ? static_cast<int>(after->kind) : 0),
             number_if(after.has_value(), after ? after->inode : 0),
             number_if(after.has_value(), after ? after->size : 0),
             after ? after->mtime : std::nullopt,
             number_if(before.has_value(), before ? static_cast<int>(before->kind) : 0),
             number_if(before.has_value(), before ? before->identity.id.inode : 0),
             number_if(before.has_value(), before ? before->identity.size : 0),
             before ? std::optional{before->identity.mtime} : std::nullopt,
             number_if(is_whole, is_whole ? before->mode : 0),
             number_if(is_whole, is_whole ? before->uid : 0),
             number_if(is_whole, is_whole ? before->gid : 0),
             number_if(is_whole, is_whole ? before->rdev : 0),
             is_whole ? Text{before->target} : Text{}, is_whole ? Text{attributes} : Text{},
             number_if(operation.from.number > 0, operation.from.pass),
             number_if(operation.from.number > 0, operation.from.number))
      .run();
}

void Journal::commit() {
  if (!is_open_) return;
  connection_.execute("COMMIT");
  is_open_ = false;
}

void Journal::update(const PassRow& row) {
  open();
  Statement{connection_,
            "UPDATE pass SET is_complete = ?, source = ?, created = ?, replaced = ?, moved = ?, "
            "removed = ?, metadata_set = ?, bytes_kept = ? WHERE id = ?"}
      .bind(std::int64_t{row.is_complete}, row.source, as_integer(row.created),
            as_integer(row.replaced), as_integer(row.moved), as_integer(row.removed),
            as_integer(row.metadata_set), as_integer(row.bytes_kept), row.id)
      .run();
}

void Journal::set_undone(std::int64_t pass, std::int64_t by) {
  open();
  Statement{connection_, "UPDATE pass SET undone_by = ? WHERE id = ?"}.bind(by, pass).run();
}

void Journal::forget(std::int64_t pass) {
  open();
  Statement{connection_, "DELETE FROM operation WHERE pass = ?"}.bind(pass).run();
  Statement{connection_, "DELETE FROM left_alone WHERE pass = ?"}.bind(pass).run();
  Statement{connection_, "DELETE FROM folder_made_again WHERE removed_pass = ?"}.bind(pass).run();
  Statement{connection_, "DELETE FROM pass WHERE id = ?"}.bind(pass).run();
}

void Journal::count(PassRow& row) {
  Statement query{connection_,
                  "SELECT deed, count(*), sum(CASE WHEN item > 0 THEN size END) FROM operation "
                  "WHERE pass = ? GROUP BY deed"};
  query.bind(row.id);
  while (query.step()) {
    const std::uint64_t entries = as_unsigned(query.integer(1));
    row.bytes_kept += as_unsigned(query.integer(2));
    switch (deed_of(query.integer(0))) {
      case Deed::made:
      case Deed::made_folder:
        row.created += entries;
        break;
      case Deed::took:
      case Deed::removed_folder:
        row.removed += entries;
        break;
      case Deed::replaced:
        row.replaced += entries;
        break;
      case Deed::moved:
      case Deed::exchanged:
        row.moved += entries;
        break;
      case Deed::set_metadata:
        row.metadata_set += entries;
        break;
    }
  }
}

std::vector<PassRow> Journal::passes() {
  return passes(false);
}

std::vector<PassRow> Journal::expiring() {
  return passes(true);
}

void Journal::set_expiring(std::int64_t pass) {
  open();
  Statement{connection_, "UPDATE pass SET is_expiring = 1 WHERE id = ?"}.bind(pass).run();
}

std::vector<PassRow> Journal::passes(bool are_expiring) {
  std::vector<PassRow> rows;
  Statement query{connection_,
                  "SELECT id, name, began_s, is_undo, does_again, is_complete, undone_by, source, "
                  "created, replaced, moved, removed, metadata_set, bytes_kept, keep_s FROM pass "
                  "WHERE is_expiring = ? ORDER BY id DESC"};
  query.bind(std::int64_t{are_expiring});
  while (query.step())
    rows.push_back({.id = query.integer(0),
                    .name = query.blob(1),
                    .began_s = query.integer(2),
                    .is_undo = query.integer(3) != 0,
                    .does_again = query.integer(4) != 0,
                    .is_complete = query.integer(5) != 0,
                    .undone_by = query.integer(6),
                    .source = query.blob(7),
                    .created = as_unsigned(query.integer(8)),
                    .replaced = as_unsigned(query.integer(9)),
                    .moved = as_unsigned(query.integer(10)),
                    .removed = as_unsigned(query.integer(11)),
                    .metadata_set = as_unsigned(query.integer(12)),
                    .bytes_kept = as_unsigned(query.integer(13)),
                    .keep_s = query.integer(14)});
  for (PassRow& row : rows)
    if (!row.is_complete) count(row);
  return rows;
}

void Journal::read_back(std::int64_t pass, std::int64_t before, const Take& take) {
  Statement query{
      connection_,
      "SELECT number, deed, folder, name, to_folder, to_name, place, item, left_kind, "
      "left_inode, left_size, left_mtime, kind, inode, size, mtime, mode, uid, gid, "
      "rdev, target, attributes, from_pass, from_item FROM operation WHERE pass = ? AND number < ? "
      "ORDER BY number DESC"};
  query.bind(pass, before);
  while (query.step())
    if (!take(query.integer(0), operation_in(query))) break;
  query.reset();
}

std::vector<std::int64_t> Journal::numbers(std::int64_t pass, Deed deed, const Spot& at) {
  std::vector<std::int64_t> found;
  Statement query{connection_,
                  "SELECT number FROM operation "
                  "WHERE pass = ? AND deed = ? AND folder = ? AND name = ?"};
  query.bind(pass, static_cast<std::int64_t>(deed), std::string_view{at.folder},
             std::string_view{at.name});
  while (query.step()) found.push_back(query.integer(0));
  return found;
}

void Journal::set_taken_back_to(std::int64_t pass, std::int64_t number) {
  open();
  Statement{connection_, "UPDATE pass SET taken_back_to = ? WHERE id = ?"}.bind(number, pass).run();
}

std::int64_t Journal::taken_back_to(std::int64_t pass) {
  Statement query{connection_, "SELECT taken_back_to FROM pass WHERE id = ?"};
  query.bind(pass);
  return query.step() ? query.integer(0) : std::numeric_limits<std::int64_t>::max();
}

void Journal::note_left(std::int64_t pass, std::int64_t number) {
  open();
  Statement{connection_, "INSERT OR IGNORE INTO left_alone VALUES (?, ?)"}.bind(pass, number).run();
}

std::vector<std::int64_t> Journal::take_left(std::int64_t pass) {
  std::vector<std::int64_t> numbers;
  Statement query{connection_, "SELECT number FROM left_alone WHERE pass = ? ORDER BY number DESC"};
  query.bind(pass);
  while (query.step()) numbers.push_back(query.integer(0));
  query.reset();
  open();
  Statement{connection_, "DELETE FROM left_alone WHERE pass = ?"}.bind(pass).run();
  return numbers;
}

std::vector<std::string> Journal::places(std::int64_t pass) {
  std::vector<std::string> places;
  Statement query{connection_,
                  "SELECT DISTINCT place FROM operation WHERE pass = ? AND item IS NOT NULL"};
  query.bind(pass);
  while (query.step()) places.push_back(query.blob(0));
  return places;
}

void Journal::note_made_again(std::uint64_t inode, Moment removed, std::uint64_t made,
                              Moment since) {
  open();
  Statement{connection_, "INSERT OR REPLACE INTO folder_made_again VALUES (?, ?, ?, ?, ?, ?)"}
      .bind(as_integer(inode), removed.pass, removed.number, as_integer(made), since.pass,
            since.number)
      .run();
}

// Each step leads to a later moment, so it ends.
std::uint64_t Journal::inode_by_now(std::uint64_t inode, Moment then) {
  Statement next_removal{connection_,
                         "SELECT made, since_pass, since_number FROM folder_made_again "
                         "WHERE inode = ? AND (removed_pass, removed_number) > (?, ?) "
                         "ORDER BY removed_pass, removed_number LIMIT 1"};
  while (next_removal.bind(as_integer(inode), then.pass, then.number).step()) {
    inode = as_unsigned(next_removal.integer(0));
    then = {.pass = next_removal.integer(1), .number = next_removal.integer(2)};
  }
  return inode;
}

std::int64_t Journal::last_number(std::int64_t pass) {
  Statement query{connection_, "SELECT coalesce(max(number), 0) FROM operation WHERE pass = ?"};
  query.bind(pass).step();
  return query.integer(0);
}

}  // namespace syncline::kept
