// The bare loops of system calls: what no program that does the work can be faster than, at the
// same number of threads.
//
// They hash nothing, check nothing and would follow a symlink that somebody swaps in: floors, not
// contenders.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace syncline::bench {

/// Lists both trees and asks for the status of each entry.
void walk_both(const std::filesystem::path& source, const std::filesystem::path& destination,
               unsigned threads);

/// Copies into an empty place: each file read, written to a temporary with its metadata, renamed.
void copy_bare(const std::filesystem::path& source, const std::filesystem::path& destination,
               unsigned threads);

/// Opens, reads and closes files, each by its folder and its name. The folders are open already.
class FileReader {
 public:
  explicit FileReader(const std::filesystem::path& root);
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;
  ~FileReader();

  void read_all(unsigned threads) const;

 private:
  struct File {
    int folder;
    std::string name;
  };
  void find(const std::filesystem::path& path);

  std::vector<int> folders_;
  std::vector<File> files_;
};

}  // namespace syncline::bench
