// The bare loops of system calls: what no program that does the work can be faster than, at the
// same number of threads.
//
// They hash nothing, check nothing and would follow a symlink that somebody swaps in: floors, not
// contenders.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace syncline::bench {

/// Lists a tree and asks for the status of each entry. Returns how many there are.
std::uint64_t walk_bare(const std::filesystem::path& root, unsigned threads);
/// Two such trees.
void walk_both(const std::filesystem::path& source, const std::filesystem::path& destination,
               unsigned threads);

/// The same, and reads each file of both.
void read_both(const std::filesystem::path& source, const std::filesystem::path& destination,
               unsigned threads);

/// Copies each file, read, written to a temporary with its metadata, renamed; folders are made
/// where they are missing.
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
