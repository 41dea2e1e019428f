// Actions told by the folder, for a log that is to stay short.
//
// The actions of a folder do not come in a row, and there may be millions of folders. So only so
// many are counted at a time; then all of them are told and the counting begins anew. A folder that
// goes on after that has another line.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"
#include "syncline/mirror.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace syncline::cli {

class FolderCounts {
 public:
  void add(const Action& action);

  /// So many that they have to be told.
  [[nodiscard]] bool is_full() const { return folders_.size() >= most_folders; }

  /// A line for each folder, in the order of their paths: `in "a/b": 12 created, 3 updated (1.2
  /// MB)`. Nothing is counted any more then.
  std::vector<std::string> take();

 private:
  static constexpr std::size_t most_folders = 1000;

  struct Counts {
    Tally created;
    Tally updated;
    std::uint64_t moved = 0;
    std::uint64_t metadata_set = 0;
    std::uint64_t removed = 0;
    std::uint64_t others = 0;
  };
  static std::string words(const Counts& counts);

  std::map<std::string, Counts> folders_;
};

}  // namespace syncline::cli
