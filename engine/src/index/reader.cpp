// SPDX-License-Identifier: MIT
#include "index/reader.h"

#include <cstring>

namespace syncline::index {
namespace {

// Columns from 1 on; 0 is the name.
Remembered remembered_in(const Statement& row) {
  const std::uint64_t size = as_unsigned(row.integer(1));
  const std::int64_t unproven = row.integer(8);
  Remembered result{.source = {.id = {.device = 0, .inode = as_unsigned(row.integer(2))},
                               .size = size,
                               .mtime_ns = row.integer(3),
                               .ctime_ns = row.integer(4)},
                    .destination = {.id = {.device = 0, .inode = as_unsigned(row.integer(5))},
                                    .size = size,
                                    .mtime_ns = row.integer(6),
                                    .ctime_ns = row.integer(7)},
                    .digest = {},
                    .source_proved = (unproven & 1) == 0,
                    .destination_proved = (unproven & 2) == 0,
                    .attributes_kept = (unproven & 8) == 0,
                    .is_rotten = (unproven & 4) != 0,
                    .proved_s = row.integer(9)};
  const std::string_view md5 = row.bytes(10);
  if (md5.size() == sizeof(Md5)) {
    Digest& digest = result.digest.emplace();
    std::memcpy(digest.md5.data(), md5.data(), md5.size());
    digest.chunks = chunks_in(size);
  }
  return result;
}

Connection open_for_reading(const std::string& path) {
  Connection connection{path};
  // Rows are read once and in order: what is worth keeping are the upper pages of the trees.
  connection.execute("PRAGMA query_only = 1; PRAGMA cache_size = -512;");
  return connection;
}

}  // namespace

Reader::Reader(const std::string& path)
    : connection(open_for_reading(path)),
      files(connection,
            "SELECT name, size, source_inode, source_mtime, source_ctime, destination_inode, "
            "destination_mtime, destination_ctime, unproven, proved, digest FROM file "
            "WHERE folder = ? AND name > ? ORDER BY name"),
      folders(connection,
              "SELECT name, key, device, inode, mount_point FROM folder "
              "WHERE parent = ? AND name > ? ORDER BY name"),
      mounts_below(connection,
                   "WITH RECURSIVE below(key, mount_point) AS ("
                   "SELECT key, mount_point FROM folder WHERE key = ? UNION ALL "
                   "SELECT folder.key, folder.mount_point FROM folder JOIN below "
                   "ON folder.parent = below.key) "
                   "SELECT key FROM below WHERE mount_point != 0 LIMIT 1") {}

std::unique_ptr<Reader> Readers::take() {
  {
    const std::scoped_lock lock{mutex_};
    if (!idle_.empty()) {
      auto reader = std::move(idle_.back());
      idle_.pop_back();
      return reader;
    }
  }
  return std::make_unique<Reader>(path_);
}

void Readers::put_back(std::unique_ptr<Reader> reader) {
  const std::scoped_lock lock{mutex_};
  idle_.push_back(std::move(reader));
}

Rows::Rows(Readers& readers, Stretch stretch, TakesPart takes_part)
    : readers_(readers),
      stretch_(std::move(stretch)),
      takes_part_(std::move(takes_part)),
      reader_(readers.take()) {
  files_.statement = &reader_->files;
  folders_.statement = &reader_->folders;
  for (Cursor* cursor : {&files_, &folders_}) {
    cursor->statement->bind(stretch_.folder, std::string_view{stretch_.after});
    cursor->step();
  }
}

Rows::~Rows() {
  reader_->files.reset();
  reader_->folders.reset();
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
  const Statement& row = *folders_.statement;
  folder_row_ = {
      .key = row.integer(1),
      .source = {.device = as_unsigned(row.integer(2)), .inode = as_unsigned(row.integer(3))},
      .is_mount_point = row.integer(4) != 0};
  folders_.step();
  return &folder_row_;
}

Rows::Gone Rows::finish() {
  while (is_within(files_)) skip_file();
  while (is_within(folders_)) skip_folder();
  return std::move(gone_);
}

bool Rows::is_within(const Cursor& cursor) const {
  return cursor.has_row && (!stretch_.upto || cursor.name <= *stretch_.upto);
}

void Rows::skip_file() {
  if (!takes_part_ || takes_part_(files_.name, false))
    gone_.edits.emplace_back(edit::ForgetFile{stretch_.folder, std::string{files_.name}});
  files_.step();
}

void Rows::skip_folder() {
  if (takes_part_ && !takes_part_(folders_.name, true)) {
    folders_.step();
    return;
  }
  const Statement& row = *folders_.statement;
  const edit::ForgetFolder forget{row.integer(1)};
  if (reader_->mounts_below.bind(row.integer(1)).step())
    gone_.mount_points.push_back({std::string{folders_.name}, forget});
  else
    gone_.edits.emplace_back(forget);
  reader_->mounts_below.reset();
  folders_.step();
}

}  // namespace syncline::index
