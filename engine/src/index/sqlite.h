// SQLite, as much of it as we use: a connection and prepared statements that close themselves and
// throw what went wrong.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/timestamp.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace syncline::index {

// SQLite's integers are signed; what is unsigned keeps its bits.
inline std::int64_t as_integer(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}
inline std::uint64_t as_unsigned(std::int64_t value) {
  return static_cast<std::uint64_t>(value);
}

class SqliteError : public std::runtime_error {
 public:
  explicit SqliteError(const std::string& what, int code = 0)
      : std::runtime_error(what), code_(code) {}
  /// The file is no database, or one that has come to harm.
  [[nodiscard]] bool is_damage() const;
  /// The statement was not to be had, which its words alone tell more of: a table is missing, say.
  [[nodiscard]] bool is_unspecific() const;

 private:
  int code_;
};

/// Not thread-safe: its owner locks.
class Connection {
 public:
  /// `path` as sqlite3_open_v2 takes it; "" is a private temporary file that spills to disk and is
  /// gone with the connection. Throws SqliteError.
  explicit Connection(const std::string& path);

  void execute(const std::string& sql);
  /// It could only be opened for reading.
  [[nodiscard]] bool is_read_only() const;
  /// Takes back what the transaction did, where one is still open.
  void roll_back();
  /// When it is closed, a write-ahead log stays where it is rather than going into the file.
  void leave_log() const;
  /// As sqlite3_trace_v2() takes it.
  using StatementHook = int (*)(unsigned kind, void* with, void* statement, void* sql);
  /// For tests: `seen` is called before each statement is carried out.
  void on_statement(StatementHook seen, void* with) const;
  [[nodiscard]] sqlite3* handle() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

/// Makes the database `to`, which is empty, one like `from`. Throws SqliteError.
void copy(const Connection& from, const Connection& to);

/// Of a database that is only read, with so much memory for its pages. Throws SqliteError.
Connection open_for_reading(const std::string& path, int cache_kib);

/// A private temporary file that spills to disk and is gone with the connection, with so much
/// memory for its pages, made by `tables`. All that is written to it is one transaction. Throws
/// SqliteError.
Connection open_temporary(const std::string& tables, int cache_kib);

/// A prepared statement; bind, then step. The connection must outlive it.
class Statement {
 public:
  Statement(const Connection& connection, std::string_view sql);

  /// Binds the parameters in order and starts over.
  template <typename... Values>
  Statement& bind(const Values&... values) {
    reset();
    int at = 0;
    (bind_one(++at, values), ...);
    return *this;
  }

  /// True: a row is there to be read.
  bool step();
  /// For statements without rows.
  void run();
  /// Lets go of what it reads, so that a checkpoint can pass.
  void reset();

  [[nodiscard]] std::int64_t integer(int column) const;
  /// What was bound as one.
  [[nodiscard]] Timestamp time(int column) const;
  [[nodiscard]] std::string blob(int column) const;
  /// Valid until the next step.
  [[nodiscard]] std::string_view bytes(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  void bind_one(int at, std::int64_t value);
  void bind_one(int at, std::optional<std::int64_t> value);  ///< none: NULL
  /// An INTEGER of nanoseconds since the epoch where that is enough, as of nearly all files; else a
  /// BLOB of 12 bytes: the seconds in eight and the nanoseconds in four, big-endian.
  void bind_one(int at, const Timestamp& value);
  void bind_one(int at, const std::optional<Timestamp>& value);  ///< none: NULL
  void bind_one(int at, const std::string& value);
  void bind_one(int at, std::string_view value);  ///< not copied: must live until the last step
  void bind_one(int at, std::optional<std::string_view> value);  ///< none: NULL
  void check(int result) const;

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace syncline::index
