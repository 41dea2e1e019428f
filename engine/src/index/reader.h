// What the index remembers of a stretch of one folder, walked in step with the names found there:
// both are in byte order, so each row is met once, and what is skipped is gone from the source.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/rows.h"
#include "index/sqlite.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::index {

/// A connection of its own, for one worker at a time.
struct Reader {
  explicit Reader(std::string from);

  const std::string path;
  Connection connection;
  Statement files;
  Statement folders;
  Statement mounts_below;  ///< the rows of mount points below a folder
  Statement of_inode;      ///< those of files with that inode in the source
  Statement of_size;       ///< those of files of that size, for which file_size is made
  /// Prepared on first use, for most indexes hold none.
  Statement& exceptions_behind();  ///< of a folder, behind a name
  Statement& exception_of();       ///< of a name

 private:
  std::optional<Statement> exceptions_behind_;
  std::optional<Statement> exception_of_;
};

/// Idle readers. Thread-safe. There are never more than workers that read at the same time.
class Readers {
 public:
  explicit Readers(std::string path) : path_(std::move(path)) {}

  /// There are any exceptions at all.
  std::atomic<bool> has_exceptions{false};

  /// Throws SqliteError.
  std::unique_ptr<Reader> take();
  /// Those that are taken from here on read what is at `path`.
  void read_from(const std::string& path);
  void put_back(std::unique_ptr<Reader> reader);
  /// Whether a row of a file of the source has that inode. Throws SqliteError.
  bool has_inode(std::uint64_t inode);
  /// Whether the row of a file that a look for its content is worth has that size. Throws
  /// SqliteError.
  bool has_size(std::uint64_t size);
  /// nullptr: there is none. Throws SqliteError.
  ExceptionRef exception(RowKey folder, const std::string& name);

 private:
  template <typename Value>
  bool has_row(Statement Reader::*statement, const Value& value);

  std::mutex mutex_;  // for all that follows
  std::string path_;
  std::vector<std::unique_ptr<Reader>> idle_;
};

/// The names of one folder behind `after`, up to and with `upto` (none: to the end).
struct Stretch {
  RowKey folder = no_row;
  std::string after;
  std::optional<std::string> upto;
};

/// One snapshot of the rows of a stretch. For one thread. Every member throws SqliteError.
class Rows {
 public:
  /// `takes_part` tells of a name, as a folder's or another entry's, whether it is looked for at
  /// all; where it is not, nobody's asking for it says nothing. None: all are.
  using TakesPart = std::function<bool(std::string_view name, bool is_folder)>;
  Rows(Readers& readers, Stretch stretch, TakesPart takes_part = {});
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows();

  /// Names must be asked for in byte order. The row is valid until the next call; nullptr: nothing
  /// is remembered of it.
  const Remembered* file(std::string_view name);
  const FolderRow* folder(std::string_view name);
  /// nullptr: there is none.
  ExceptionRef exception(std::string_view name);

  /// The rows that nobody asked for, their names being gone: how to forget them.
  struct Gone {
    struct MountPoint {
      std::string name;
      edit::FolderIsGone edit;
    };
    std::vector<Edit> edits;
    std::vector<MountPoint> mount_points;  ///< apart, since they may only not be mounted
  };
  Gone finish();

 private:
  /// The row at hand of one of the two tables.
  struct Cursor {
    Statement* statement = nullptr;
    bool has_row = false;
    std::string_view name{};  ///< of that row
    void step() {
      has_row = statement->step();
      name = has_row ? statement->bytes(0) : std::string_view{};
    }
  };
  [[nodiscard]] bool is_within(const Cursor& cursor) const;
  void skip_file();
  void skip_folder();
  void skip_exception();

  Readers& readers_;
  const Stretch stretch_;
  const TakesPart takes_part_;
  std::unique_ptr<Reader> reader_;
  Cursor files_;
  Cursor folders_;
  Cursor exceptions_;
  Remembered remembered_;
  FolderRow folder_row_;
  Gone gone_;
};

}  // namespace syncline::index
