// The changes that a pass makes to its index, each by the statements that it takes.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/rows.h"
#include "index/sqlite.h"

#include <optional>
#include <string>

namespace syncline::index {

/// For one thread at a time, within a transaction. Every member throws SqliteError.
class Writer {
 public:
  /// Of a database that has the temporary tables gone_file and gone_folder (index.cpp).
  explicit Writer(const Connection& connection);

  void operator()(const edit::PutFile& put);
  void operator()(const edit::ProveFile& prove);
  void operator()(const edit::MoveDestination& move);
  void operator()(const edit::CopyFile& copy);
  void operator()(const edit::MoveFile& move);
  void operator()(const edit::MarkRotten& mark);
  void operator()(const edit::MarkApart& mark);
  void operator()(const edit::PutFolder& put);
  void operator()(const edit::PutException& put);
  void operator()(const edit::CopyException& copy);
  void operator()(const edit::ForgetFile& forget);
  void operator()(const edit::FileIsGone& gone);
  void operator()(const edit::FolderIsGone& gone);

 private:
  std::optional<Remembered> remembered(RowKey folder, const std::string& name);
  template <typename Change>
  void change(RowKey folder, const std::string& name, const Change& what);

  Statement put_file_;
  Statement prove_file_;
  Statement file_;
  Statement change_file_;
  Statement copy_file_;
  Statement move_file_;
  Statement put_folder_;
  Statement forget_exception_;
  Statement put_exception_;
  Statement copy_exception_;
  Statement forget_file_;
  Statement note_file_;
  Statement note_folder_;
};

}  // namespace syncline::index
