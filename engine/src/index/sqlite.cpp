// SPDX-License-Identifier: MIT
#include "index/sqlite.h"

#include <sqlite3.h>

namespace syncline::index {
namespace {

constexpr std::size_t seconds_bytes = 8;
constexpr std::size_t packed_time_bytes = 12;

// Big-endian.
std::string packed(std::uint64_t value, std::size_t bytes) {
  std::string result(bytes, '\0');
  for (std::size_t i = bytes; i-- > 0; value >>= 8U) result[i] = static_cast<char>(value & 0xffU);
  return result;
}

std::uint64_t unpacked(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace

bool SqliteError::is_damage() const {
  const int primary = code_ & 0xff;
  return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || primary == SQLITE_FORMAT ||
         primary == SQLITE_MISMATCH;
}

bool SqliteError::is_unspecific() const {
  return code_ == SQLITE_ERROR;
}

Connection::Connection(const std::string& path) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  // With "unix-excl" what the connections of this process share is in its memory. Else it is in a
  // mapped file, and a disk that fails or is pulled out ends the process with SIGBUS.
  const int result = sqlite3_open_v2(path.c_str(), &handle, flags, "unix-excl");
  handle_.reset(handle);
  if (result != SQLITE_OK)
    throw SqliteError(handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(result), result);
  // Whoever else looks into an index is done soon; a person waits for no longer.
  constexpr int patience_ms = 2000;
  sqlite3_busy_timeout(handle_.get(), patience_ms);
}

void Connection::execute(const std::string& sql) {
  const int result = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) throw SqliteError(sqlite3_errmsg(handle_.get()), result);
}

bool Connection::is_read_only() const {
  return sqlite3_db_readonly(handle_.get(), "main") == 1;
}

void Connection::roll_back() {
  if (sqlite3_get_autocommit(handle_.get()) == 0) execute("ROLLBACK");
}

void Connection::leave_log() const {
  static_cast<void>(sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr));
}

void Connection::on_statement(StatementHook seen, void* with) const {
  sqlite3_trace_v2(handle_.get(), SQLITE_TRACE_STMT, seen, with);
}

void Connection::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

void copy(const Connection& from, const Connection& to) {
  sqlite3_backup* const backup = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (backup == nullptr)
    throw SqliteError(sqlite3_errmsg(to.handle()), sqlite3_errcode(to.handle()));
  const int step = sqlite3_backup_step(backup, -1);
  const int end = sqlite3_backup_finish(backup);
  if (const int result = end == SQLITE_OK && step != SQLITE_DONE ? step : end; result != SQLITE_OK)
    throw SqliteError(sqlite3_errstr(result), result);
}

Connection open_temporary(const std::string& tables, int cache_kib) {
  Connection connection{""};
  connection.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -" +
                     std::to_string(cache_kib) + ';' + tables + "BEGIN;");
  return connection;
}

Connection open_for_reading(const std::string& path, int cache_kib) {
  Connection connection{path};
  connection.execute("PRAGMA query_only = 1; PRAGMA cache_size = -" + std::to_string(cache_kib));
  return connection;
}

Statement::Statement(const Connection& connection, std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int result =
      sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  statement_.reset(statement);
  if (result != SQLITE_OK) throw SqliteError(sqlite3_errmsg(connection.handle()), result);
}

bool Statement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result != SQLITE_ROW && result != SQLITE_DONE) check(result);
  return result == SQLITE_ROW;
}

void Statement::run() {
  step();
  reset();
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

Timestamp Statement::time(int column) const {
  if (sqlite3_column_type(statement_.get(), column) != SQLITE_BLOB)
    return timestamp_of(integer(column));
  const std::string_view packed = bytes(column);
  if (packed.size() != packed_time_bytes)
    throw SqliteError("a time in it is not one", SQLITE_CORRUPT);
  return {.seconds = as_integer(unpacked(packed.substr(0, seconds_bytes))),
          .nanoseconds = static_cast<std::uint32_t>(unpacked(packed.substr(seconds_bytes)))};
}

std::string Statement::blob(int column) const {
  return std::string{bytes(column)};
}

std::string_view Statement::bytes(int column) const {
  const auto* const data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const int count = sqlite3_column_bytes(statement_.get(), column);
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(count)};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

// The result repeats the failure of the last step, which was reported then.
void Statement::reset() {
  static_cast<void>(sqlite3_reset(statement_.get()));
}

void Statement::bind_one(int at, std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), at, value));
}

void Statement::bind_one(int at, std::optional<std::int64_t> value) {
  if (value)
    bind_one(at, *value);
  else
    check(sqlite3_bind_null(statement_.get(), at));
}

void Statement::bind_one(int at, const std::string& value) {
  check(sqlite3_bind_blob(statement_.get(), at, value.data(), static_cast<int>(value.size()),
                          SQLITE_TRANSIENT));
}

void Statement::bind_one(int at, const Timestamp& value) {
  if (const auto count_ns = nanoseconds_of(value)) return bind_one(at, *count_ns);
  const std::string packed_value = packed(as_unsigned(value.seconds), seconds_bytes) +
                                   packed(value.nanoseconds, packed_time_bytes - seconds_bytes);
  bind_one(at, packed_value);
}

void Statement::bind_one(int at, const std::optional<Timestamp>& value) {
  if (value)
    bind_one(at, *value);
  else
    bind_one(at, std::optional<std::int64_t>{});
}

void Statement::bind_one(int at, std::string_view value) {
  // An empty view may have no address, which would bind NULL.
  check(sqlite3_bind_blob(statement_.get(), at, value.empty() ? "" : value.data(),
                          static_cast<int>(value.size()), SQLITE_STATIC));
}

void Statement::bind_one(int at, std::optional<std::string_view> value) {
  if (value)
    bind_one(at, *value);
  else
    check(sqlite3_bind_null(statement_.get(), at));
}

void Statement::check(int result) const {
  if (result != SQLITE_OK)
    throw SqliteError(sqlite3_errmsg(sqlite3_db_handle(statement_.get())), result);
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

}  // namespace syncline::index
