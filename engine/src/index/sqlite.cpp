// SPDX-License-Identifier: MIT
#include "index/sqlite.h"

#include <sqlite3.h>

namespace syncline::index {

Connection::Connection(const std::string& path) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int result = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (result != SQLITE_OK)
    throw SqliteError(handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(result));
}

void Connection::execute(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    throw SqliteError(sqlite3_errmsg(handle_.get()));
}

void Connection::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

Statement::Statement(const Connection& connection, std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int result =
      sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  statement_.reset(statement);
  if (result != SQLITE_OK) throw SqliteError(sqlite3_errmsg(connection.handle()));
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

std::string Statement::blob(int column) const {
  const auto* const data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const int bytes = sqlite3_column_bytes(statement_.get(), column);
  return data == nullptr ? std::string{} : std::string(data, static_cast<std::size_t>(bytes));
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

void Statement::check(int result) const {
  if (result != SQLITE_OK) throw SqliteError(sqlite3_errmsg(sqlite3_db_handle(statement_.get())));
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

}  // namespace syncline::index
