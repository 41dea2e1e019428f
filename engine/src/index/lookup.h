// Where the index remembers an inode of the source: how what was moved is known again.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/rows.h"
#include "index/sqlite.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace syncline::index {

struct FolderPlace {
  RowKey parent = no_row;
  std::string name;
  FolderRow row;
};

struct FilePlace {
  RowKey folder = no_row;
  std::string name;
  Remembered what;
};

struct ContentPlace {
  FilePlace place;
  Fingerprint first_chunk;  ///< of its first 8 MiB, or of all where there is less
};

/// For one thread at a time. Every answer is as of the last commit. Every member throws
/// SqliteError.
class Lookup {
 public:
  /// The index at `path`, which must have been prepared for looking up files by anything but name.
  explicit Lookup(const std::string& path);

  [[nodiscard]] std::optional<FolderPlace> folder(RowKey key);
  [[nodiscard]] std::optional<FolderPlace> folder(RowKey parent, const std::string& name);
  [[nodiscard]] std::vector<FolderPlace> folders_of(std::uint64_t inode);
  [[nodiscard]] std::optional<FilePlace> file(RowKey folder, const std::string& name);
  [[nodiscard]] std::vector<FilePlace> files_of(std::uint64_t inode);
  /// Large files of so many bytes whose content is known: `most` of those called `name`, and then
  /// of the others.
  [[nodiscard]] std::vector<ContentPlace> files_of_size(std::uint64_t size, const std::string& name,
                                                        std::size_t most);

 private:
  Connection connection_;
  Statement folder_by_key_;
  Statement folder_by_name_;
  Statement folders_by_inode_;
  Statement file_by_name_;
  Statement files_by_inode_;
  Statement files_by_size_;
};

}  // namespace syncline::index
