// SPDX-License-Identifier: MIT
#include "index/reader.h"

#include "index/columns.h"
#include "index/packed.h"

#include <utility>

namespace syncline::index {
namespace {

// Rows are read once and in order: what is worth keeping are the upper pages of the trees.
constexpr int cache_kib = 512;

}  // namespace

Reader::Reader(std::string from)
    : path(std::move(from)),
      connection(open_for_reading(path, cache_kib)),
      files(connection, std::string("SELECT ") + file_columns +
                            " FROM packed_file WHERE folder = ? AND name > ? ORDER BY name"),
      folders(connection, std::string("SELECT ") + folder_columns +
                              " FROM folder WHERE parent = ? AND name > ? ORDER BY name"),
      mounts_below(connection,
                   "WITH RECURSIVE below(key, mount_point) AS ("
                   "SELECT key, mount_point FROM folder WHERE key = ? UNION "
                   "SELECT folder.key, folder.mount_point FROM folder JOIN below "
                   "ON folder.parent = below.key) "
                   "SELECT key FROM below WHERE mount_point != 0 LIMIT 1"),
      of_inode(connection, "SELECT 1 FROM packed_file WHERE inode = ? LIMIT 1"),
      of_size(connection,
              std::string("SELECT 1 FROM packed_file WHERE ") + is_of_size + " LIMIT 1") {}

Statement& Reader::exceptions_behind() {
  if (!exceptions_behind_)
    exceptions_behind_.emplace(connection,
                               std::string("SELECT ") + exception_columns +
                                   " FROM exception WHERE folder = ? AND name > ? ORDER BY name");
  return *exceptions_behind_;
}

Statement& Reader::exception_of() {
  if (!exception_of_)
    exception_of_.emplace(connection, std::string("SELECT ") + exception_columns +
                                          " FROM exception WHERE folder = ? AND name = ?");
  return *exception_of_;
}

std::unique_ptr<Reader> Readers::take() {
  std::string path;
  {
    const std::scoped_lock lock{mutex_};
    if (!idle_.empty()) {
      auto reader = std::move(idle_.back());
      idle_.pop_back();
      return reader;
    }
    path = path_;
  }
  return std::make_unique<Reader>(std::move(path));
}

void Readers::read_from(const std::string& path) {
  const std::scoped_lock lock{mutex_};
  path_ = path;
  idle_.clear();
}

void Readers::put_back(std::unique_ptr<Reader> reader) {
  const std::scoped_lock lock{mutex_};
  if (reader->path == path_) idle_.push_back(std::move(reader));
}

template <typename Value>
bool Readers::has_row(Statement Reader::*statement, const Value& value) {
  auto reader = take();
  Statement& asked = (*reader).*statement;
  const bool has = asked.bind(value).step();
  asked.reset();
  put_back(std::move(reader));
  return has;
}

bool Readers::has_inode(std::uint64_t inode) {
  return has_row(&Reader::of_inode, as_integer(inode));
}

bool Readers::has_size(std::uint64_t size) {
  return has_row(&Reader::of_size, packed_number(size));
}

ExceptionRef Readers::exception(RowKey folder, const std::string& name) {
  auto reader = take();
  Statement& asked = reader->exception_of().bind(folder, std::string_view{name});
  Exception found;
  while (asked.step()) add_exception_in(asked, found);
  asked.reset();
  put_back(std::move(reader));
  if (found.pieces.empty()) return nullptr;
  return std::make_shared<const Exception>(std::move(found));
}

Rows::Rows(Readers& readers, Stretch stretch, TakesPart takes_part)
    : readers_(readers),
      stretch_(std::move(stretch)),
      takes_part_(std::move(takes_part)),
      reader_(readers.take()) {
  files_.statement = &reader_->files;
  folders_.statement = &reader_->folders;
  if (readers_.has_exceptions) exceptions_.statement = &reader_->exceptions_behind();
  for (Cursor* cursor : {&files_, &folders_, &exceptions_}) {
    if (cursor->statement == nullptr) continue;
    cursor->statement->bind(stretch_.folder, std::string_view{stretch_.after});
    cursor->step();
  }
}

Rows::~Rows() {
  reader_->files.reset();
  reader_->folders.reset();
  if (exceptions_.statement != nullptr) exceptions_.statement->reset();
  reader_->mounts_below.reset();
  readers_.put_back(std::move(reader_));
}

const Remembered* Rows::file(std::string_view name) {
  while (files_.has_row && files_.name < name) skip_file();
  if (!files_.has_row || files_.name != name) return nullptr;
  remembered_ = remembered_in(*files_.statement);
  files_.step();
  return &remembered_;
}

const FolderRow* Rows::folder(std::string_view name) {
  while (folders_.has_row && folders_.name < name) skip_folder();
  if (!folders_.has_row || folders_.name != name) return nullptr;
  folder_row_ = folder_row_in(*folders_.statement);
  folders_.step();
  return &folder_row_;
}

ExceptionRef Rows::exception(std::string_view name) {
  while (exceptions_.has_row && exceptions_.name < name) skip_exception();
  if (!exceptions_.has_row || exceptions_.name != name) return nullptr;
  Exception found;
  for (; exceptions_.has_row && exceptions_.name == name; exceptions_.step())
    add_exception_in(*exceptions_.statement, found);
  return std::make_shared<const Exception>(std::move(found));
}

Rows::Gone Rows::finish() {
  while (is_within(exceptions_)) skip_exception();
  while (is_within(files_)) skip_file();
  while (is_within(folders_)) skip_folder();
  return std::move(gone_);
}

bool Rows::is_within(const Cursor& cursor) const {
  return cursor.has_row && (!stretch_.upto || cursor.name <= *stretch_.upto);
}

void Rows::skip_file() {
  if (!takes_part_ || takes_part_(files_.name, false))
    gone_.edits.emplace_back(edit::FileIsGone{.folder = stretch_.folder,
                                              .name = std::string{files_.name},
                                              .source_inode = source_inode_in(*files_.statement)});
  files_.step();
}

// A name that is moved meanwhile is judged anew where it comes to.
void Rows::skip_exception() {
  const std::string name{exceptions_.name};
  const bool takes_part = !takes_part_ || takes_part_(name, false) || takes_part_(name, true);
  if (takes_part)
    gone_.edits.emplace_back(
        edit::PutException{.folder = stretch_.folder, .name = name, .what = nullptr});
  while (exceptions_.has_row && exceptions_.name == name) exceptions_.step();
}

void Rows::skip_folder() {
  if (takes_part_ && !takes_part_(folders_.name, true)) {
    folders_.step();
    return;
  }
  const Statement& row = *folders_.statement;
  const edit::FolderIsGone gone{
      .key = row.integer(1), .parent = stretch_.folder, .name = std::string{folders_.name}};
  if (reader_->mounts_below.bind(gone.key).step())
    gone_.mount_points.push_back({gone.name, gone});
  else
    gone_.edits.emplace_back(gone);
  reader_->mounts_below.reset();
  folders_.step();
}

}  // namespace syncline::index
